import type { Customer } from '../api/contract';
import { createClient, findClient } from '../poster/clients';
import { remember } from './remember';
import type { Ports } from './ports';
import type { Guest } from '../state/state';
import type { Sentence } from '../state/sentence';

/** A client made by the server reaches the register with its next sync; the register is asked again this often. */
const SYNC_TRIES = 3;
const SYNC_PAUSE_MS = 400;

/**
 * Puts the guest on Poster's side of the order: found or created among its clients, then set. Ends with `attached`,
 * whatever happens; the guest's link to the order does not depend on it.
 */
export async function attach(ports: Ports, orderId: string, guest: Guest): Promise<void> {
  let clientId: number | null = null;
  let trouble: Sentence | null = null;
  try {
    const customer = guest.customer;
    const found = customer ? await clientFor(ports, customer) : { clientId: guest.posterClientId, made: false };
    clientId = found.clientId;
    if (clientId !== null && !(await setClient(ports, orderId, clientId, found.made))) trouble = { text: 'attach_refused' };
    if (clientId === null && wantsClients(ports)) trouble = { text: 'attach_no_client' };
  } catch {
    trouble = { text: 'attach_no_client' };
  }
  remember(ports, orderId, guest);
  const order = await ports.reread(orderId);
  ports.dispatch({ type: 'attached', orderId, customerId: guest.customerId, clientId, order, trouble });
}

async function clientFor(ports: Ports, customer: Customer): Promise<{ clientId: number | null; made: boolean }> {
  const { poster } = ports.register;
  const found = await findClient(poster, customer).catch(() => null);
  if (found !== null) return { clientId: found, made: false };
  if (!wantsClients(ports)) return { clientId: null, made: false };
  const { hello } = ports.state().connection;
  const groupId = hello?.poster?.client_group_id;
  if (groupId) {
    const callingCode = hello?.phone.calling_code || '';
    const created = await createClient(poster, customer, groupId, callingCode).catch(() => null);
    if (created !== null) return { clientId: created, made: false };
  }
  // A manager's password guards adding customers on this register: the server makes him through Poster's web API.
  const answer = await ports.api.post<{ poster_client_id: number }>(`customers/${customer.id}/poster-client`, {});
  return { clientId: answer.poster_client_id, made: true };
}

async function setClient(ports: Ports, orderId: string, clientId: number, made: boolean): Promise<boolean> {
  ports.dispatch({ type: 'clientExpected', orderId, clientId });
  for (let attempt = 1; ; attempt += 1) {
    if (await ports.register.setClient(orderId, clientId)) return true;
    if (!made || attempt >= SYNC_TRIES) return false;
    await new Promise((resolve) => setTimeout(resolve, SYNC_PAUSE_MS));
  }
}

function wantsClients(ports: Ports): boolean {
  return ports.state().connection.hello?.settings.create_poster_customers !== false;
}
