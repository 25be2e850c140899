// Poster's own clients: search, new ones, and whom a scanned card belongs to.

import { Refused } from './server.js';
import { setClient } from './sale.js';

const FOUND_MAX = 30;

/** Name as the register shows it. */
export function clientName(client) {
  return [client.firstname, client.lastname].filter(Boolean).join(' ') || client.phone || `Client ${client.id}`;
}

/** `{foundClients, foundByCard}`; from what the register remembers while there is no connection. */
export async function findClients(register, searchText) {
  const needle = String(searchText).trim();
  if (!needle) return { foundClients: [], foundByCard: [] };
  let clients;
  try {
    const answer = await register.server.get(`clients?search=${encodeURIComponent(needle)}`);
    clients = Array.isArray(answer) ? answer : answer.clients;
    register.rememberClients(clients);
  } catch {
    clients = [...register.clients.values()].filter((client) => matches(client, needle));
  }
  return {
    foundClients: clients.slice(0, FOUND_MAX),
    foundByCard: clients.filter((client) => client.cardNumber && String(client.cardNumber) === needle),
  };
}

function matches(client, needle) {
  const digits = needle.replace(/\D/g, '');
  const phone = String(client.phone || '').replace(/\D/g, '');
  if (digits.length >= 4 && phone.includes(digits)) return true;
  if (client.cardNumber && String(client.cardNumber) === needle) return true;
  return clientName(client).toLowerCase().includes(needle.toLowerCase());
}

/** Poster's Client, or false. */
export async function getClient(register, clientId) {
  const id = Number(clientId);
  if (!Number.isInteger(id) || id <= 0) return false;
  try {
    const answer = await register.server.get(`clients/${id}`);
    const client = answer && (answer.client || answer);
    if (!client || !client.id) return false;
    register.rememberClients([client]);
    return client;
  } catch (error) {
    return error instanceof Refused ? false : register.clients.get(id) || false;
  }
}

function failure(code, message) {
  return { error: { code, message } };
}

/** Creates a client; answers him, or `{error: {code, message}}`. Accepts `{client: {…}}` as documented and the flat shape of live code. */
export async function createClient(register, request) {
  const fields = request && typeof request.client === 'object' && request.client ? request.client : request || {};
  if (!String(fields.client_name || '').trim()) return failure(34, 'client_name is required');
  if (!Number(fields.client_groups_id_client)) return failure(34, 'client_groups_id_client is required');
  try {
    const answer = await register.server.post('clients', { client: fields });
    if (answer.error) return { error: answer.error };
    const client = answer.client || answer;
    register.rememberClients([client]);
    return client;
  } catch (error) {
    return failure(0, error.message);
  }
}

/** Attaches by id; false where there is no such client. */
export async function attachClient(register, order, clientId) {
  if (Number(clientId) === 0) {
    setClient(register, order, null);
    return true;
  }
  const client = await getClient(register, clientId);
  if (!client || !register.orders.has(order.id)) return false;
  setClient(register, order, client);
  return true;
}

/** A card was scanned on the order screen, outside any field: attach its owner. */
export async function cardScanned(register, code) {
  const order = register.activeOrder;
  if (!order) return;
  const { foundByCard } = await findClients(register, code);
  if (foundByCard.length === 1) await attachClient(register, order, foundByCard[0].id);
  else register.toast(`No guest has the card ${code}.`, 'warning');
}
