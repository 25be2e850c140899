// Closed receipts: of the server while connected, of this register's memory otherwise.

import { fiscalProducts } from './payment.js';
import { fromPosterOrder, toPosterOrder } from './order_json.js';

/** Shows the archive and reads it anew. */
export async function openArchive(register) {
  register.screen = 'archive';
  register.changed();
  await readArchive(register);
}

export async function readArchive(register) {
  const archive = register.ui.archive;
  try {
    const answer = await register.server.get('receipts?limit=50');
    archive.receipts = (answer.receipts || answer).map((json) => receiptOf(register, json));
    archive.error = '';
  } catch {
    archive.receipts = register.closed.map((order) => ({
      order,
      name: order.orderName,
      returned: [],
      status: 'closed',
    }));
    archive.error = 'No connection: only the latest receipts of this register are shown.';
  }
  register.changed();
}

function receiptOf(register, json) {
  const order = fromPosterOrder(json.order || json, register.catalogue, register.settings.spotTabletId);
  const own = register.closed.find((one) => one.id === order.id);
  if (own) order.printTexts = own.printTexts;
  return {
    order,
    name: json.orderName || order.orderName,
    returned: json.returned || [],
    status: json.status_text || 'closed',
  };
}

/** Returns the whole receipt, or the given lines `[{id, modification, count}]`. Answers null, or why not. */
export async function refund(register, receipt, products = null) {
  return act(register, receipt, 'refund', products ? { products } : {}, () => {
    if (!register.switches.fiscal) return;
    register.raise('returnFiscal', {
      order: toPosterOrder(receipt.order),
      userId: register.user.id,
      products: fiscalProducts(receipt.order),
    });
  });
}

/** Deletes the receipt from the books. Answers null, or why not. */
export async function deleteReceipt(register, receipt) {
  return act(register, receipt, 'delete', {}, () => {
    register.closed = register.closed.filter((order) => order.id !== receipt.order.id);
    register.drawer.keep('closed', register.closed);
  });
}

async function act(register, receipt, action, body, done) {
  try {
    await register.server.post(`receipts/${receipt.order.id}/${action}`, body);
  } catch (error) {
    return error.message;
  }
  done();
  await readArchive(register);
  return null;
}
