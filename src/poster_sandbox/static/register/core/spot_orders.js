// Open orders of the spot's other tablets, and ours as those have changed them.

import { fromPosterOrder } from './order_json.js';

const LOOK_EVERY_MS = 4000;

/** Keeps the open orders in step with the server for as long as the page lives. */
export function followSpotOrders(register) {
  setInterval(() => {
    if (register.user && !register.waitingFor && register.screen !== 'payment') readSpotOrders(register);
  }, LOOK_EVERY_MS);
}

/** Takes the server's copies over, except of orders whose own changes have not been sent yet. */
export async function readSpotOrders(register) {
  let answer;
  try {
    answer = await register.server.get('orders');
  } catch {
    return;
  }
  const rows = (answer.orders || answer).map((row) => row.order || row);
  const listed = new Set(rows.map((row) => Number(row.id)));
  for (const row of rows) takeOver(register, row);
  for (const order of register.openOrders) {
    const gone = !listed.has(order.id) && order.onServer && !register.sync.isAhead(order.id);
    if (gone && order.id !== register.activeId) register.orders.delete(order.id);
  }
  register.keepOrders();
  register.changed();
}

function takeOver(register, row) {
  const id = Number(row.id);
  if (register.sync.isAhead(id) || register.closed.some((order) => order.id === id)) return;
  const known = register.orders.get(id);
  const fresh = fromPosterOrder(row, register.catalogue, known ? known.tabletId : 0);
  fresh.onServer = true;
  if (known) Object.assign(known, fresh, { printTexts: known.printTexts, printCode: known.printCode });
  else register.orders.set(id, fresh);
}
