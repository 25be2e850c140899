import type { Confirmation, Hello, Identified, PosterClient, Quote, Reservation } from '../api/contract';
import { problemOf, type Problem } from '../api/problems';
import { posterClientOf } from '../poster/clients';
import { withDeadline } from '../poster/deadline';
import type { Register } from '../poster/register';
import type { Effect } from '../state/effects';
import type { Event } from '../state/events';
import { checkOf } from '../state/order';
import { isRenewalDue } from '../state/paying';
import type { Ports } from './ports';

type Asked<K extends Effect['do']> = Extract<Effect, { do: K }>;

/** The register greets; a slow line is better than no line here, nobody waits. */
const HELLO_MS = 5000;

/** Asks, and tells the state machine how it went; null tells nothing. */
async function tell<T>({ dispatch }: Ports, asked: Promise<T>, well: (answer: T) => Event, badly: (problem: Problem) => Event | null): Promise<void> {
  const event = await asked.then(well, (error: unknown) => badly(problemOf(error)));
  if (event) dispatch(event);
}

export function askHello(ports: Ports, { salesperson }: Asked<'hello'>): Promise<void> {
  return tell(
    ports,
    ports.api.post<Hello>('hello', { salesperson }, { timeout_ms: HELLO_MS }),
    (hello) => ({ type: 'helloAnswered', hello }),
    (problem) => ({ type: 'helloFailed', problem }),
  );
}

export function askIdentify(ports: Ports, { request, orderId, text }: Asked<'identify'>): Promise<void> {
  return tell(
    ports,
    ports.api.post<Identified>('identify', { identifier: text }),
    (answer) => ({ type: 'identified', request, orderId, answer }),
    (problem) => ({ type: 'identifyFailed', request, orderId, text, problem }),
  );
}

/** Who is the Poster client on the order? Asked with what the register knows of him; the order is read again. */
export async function askClient(ports: Ports, { orderId, clientId }: Asked<'identifyClient'>): Promise<void> {
  const asked = identifyClient(ports, clientId);
  const order = await ports.reread(orderId);
  return tell(
    ports,
    asked,
    (answer) => ({ type: 'clientIdentified', orderId, clientId, answer, order }),
    (problem) => ({ type: 'clientUnknown', orderId, clientId, problem }),
  );
}

/** The guest's profile after a restart; without it the window shows name and quote. */
export function askProfile(ports: Ports, { orderId, clientId }: Asked<'readProfile'>): Promise<void> {
  return tell(ports, identifyClient(ports, clientId), ({ customer }) => ({ type: 'profileRead', orderId, customer }), () => null);
}

async function identifyClient({ api, register }: Ports, clientId: number): Promise<Identified> {
  return api.post('identify', { poster_client: await readClient(register, clientId) });
}

/** What the register knows of a Poster client; the bare id where it knows nothing. */
export async function readClient({ poster }: Register, clientId: number): Promise<PosterClient> {
  const card = await withDeadline(poster.clients.get(clientId)).catch(() => null);
  return posterClientOf(clientId, card || {});
}

/** Registers a guest. The request id belongs to the form: saving again after a lost answer is a repeat. */
export function askRegister(ports: Ports, { request, orderId, contact, form }: Asked<'register'>, ridOf: (key: string) => string): Promise<void> {
  const body = { ...contact, ...form };
  return tell(
    ports,
    ports.api.post<Identified>('customers', body, { rid: ridOf(JSON.stringify(body)) }),
    (answer) => ({ type: 'guestRegistered', request, orderId, answer }),
    (problem) => {
      // Registered meanwhile, perhaps at another register: he is the guest.
      const { customer, identification } = problem.members as Partial<Identified>;
      const isKnown = problem.code === 'customer-exists' && customer && identification;
      if (isKnown) return { type: 'guestRegistered', request, orderId, answer: { customer, identification } };
      return { type: 'registrationFailed', request, problem };
    },
  );
}

/** What the server must know of an order with its guest. */
function bodyOf(ports: Ports, { order, guest, redeemMinor }: Asked<'quote' | 'reserve'>) {
  return {
    customer_id: guest.customerId,
    identification_id: guest.identificationId,
    check: checkOf(order, ports.currency),
    redeem_minor: redeemMinor,
  };
}

export function askQuoteOf(ports: Ports, effect: Asked<'quote'>): Promise<void> {
  const { purpose, request, fingerprint } = effect;
  const orderId = effect.order.id;
  return tell(
    ports,
    ports.api.post<Quote>('checks/quote', bodyOf(ports, effect)),
    (answer) => ({ type: 'quoted', orderId, purpose, request, fingerprint, answer }),
    (problem) => ({ type: 'quoteFailed', orderId, purpose, request, problem }),
  );
}

export async function askReserve(ports: Ports, effect: Asked<'reserve'>): Promise<void> {
  const { request, fingerprint, renewal, hash, code } = effect;
  const orderId = effect.order.id;
  const known = ports.state().orders[orderId];
  if (renewal && !(known && known.redemption && isRenewalDue(known.redemption.holdExpiresAt, ports.now()))) return;
  // A cancellation of an earlier try that still waits would take the new hold away.
  await ports.outbox.withdrawCancel(orderId);
  return tell(
    ports,
    ports.api.post<Reservation>('checks/reserve', { ...bodyOf(ports, effect), check_hash: hash, confirmation_code: code }),
    (answer) => (renewal ? { type: 'renewed', orderId, answer } : { type: 'reserved', orderId, request, answer, fingerprint }),
    // A renewal that fails changes nothing: the older hold stands, and finalize takes what there is.
    (problem) => (renewal ? null : { type: 'reserveFailed', orderId, request, problem, now: ports.now() }),
  );
}

export function askResend(ports: Ports, { request, orderId, customerId, redeemMinor }: Asked<'resend'>): Promise<void> {
  return tell(
    ports,
    ports.api.post<{ confirmation: Confirmation }>('confirmations', { customer_id: customerId, external_id: orderId, redeem_minor: redeemMinor }),
    ({ confirmation }) => ({ type: 'codeResent', request, confirmation, now: ports.now() }),
    (problem) => ({ type: 'resendFailed', request, problem, now: ports.now() }),
  );
}
