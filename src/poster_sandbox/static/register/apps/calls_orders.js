// Poster.orders.*

import { attachClient } from '../core/guests.js';
import { toMinor } from '../core/money.js';
import { OPEN } from '../core/order.js';
import { toPosterOrder } from '../core/order_json.js';
import { closeOrder } from '../core/payment.js';
import * as sale from '../core/sale.js';

const EXTRAS_CHARS_MAX = 10000;
const PRINT_CHARS_MAX = 2000;
const NO = { success: false };
const YES = { success: true };

function text(value, charsMax) {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, charsMax) : '';
}

/** The order with that id while it is open, or null. */
function openOrder(register, orderId) {
  const order = register.order(orderId);
  return order && order.status === OPEN ? order : null;
}

/** Modifications are numbers for goods and JSON text for recipes: `[{"m":1,"a":1}]` (the first one counts here). */
function modificationOf(value) {
  if (typeof value === 'string' && value.startsWith('[')) {
    try {
      return Number(JSON.parse(value)[0].m) || 0;
    } catch {
      return NaN;
    }
  }
  return Number(value) || 0;
}

export const ORDER_CALLS = {
  'orders.getActive': ({ register }) => (register.activeOrder ? { order: toPosterOrder(register.activeOrder) } : {}),

  'orders.create': ({ register }) => {
    if (!register.user) return NO;
    return { success: true, order: toPosterOrder(sale.openOrder(register)) };
  },

  'orders.addProduct': ({ register }, orderId, product) => {
    const order = openOrder(register, orderId);
    const { id, modification } = product || {};
    if (!order || !sale.addProduct(register, order, Number(id), modificationOf(modification))) return NO;
    return { success: true, order: toPosterOrder(order) };
  },

  'orders.changeProductCount': ({ register }, orderId, product) => {
    const order = openOrder(register, orderId);
    const { id, modification, count } = product || {};
    const number = typeof count === 'number' || typeof count === 'string' ? Number(count) : NaN;
    if (!order || !sale.changeCount(register, order, Number(id), modificationOf(modification), number)) return NO;
    return { success: true, order: toPosterOrder(order) };
  },

  'orders.setOrderClient': async ({ register }, orderId, clientId) => {
    const order = openOrder(register, orderId);
    return { success: Boolean(order) && (await attachClient(register, order, clientId)) };
  },

  'orders.setOrderBonus': ({ register, app }, orderId, sum) => {
    const order = openOrder(register, orderId);
    return { success: Boolean(order) && sale.setBonus(register, order, app.id, toMinor(sum)) };
  },

  'orders.setOrderComment': ({ register }, orderId, comment) => {
    const order = openOrder(register, orderId);
    if (!order) return NO;
    sale.setComment(register, order, text(comment, PRINT_CHARS_MAX));
    return YES;
  },

  'orders.setPrintText': ({ register, app }, orderId, printText) => {
    const order = openOrder(register, orderId);
    if (!order) return NO;
    sale.setPrintText(register, order, app.id, text(printText, PRINT_CHARS_MAX));
    return YES;
  },

  'orders.setExtras': ({ register }, orderId, key, value) => {
    const order = openOrder(register, orderId);
    if (!order || typeof key !== 'string' || !key || typeof value !== 'string') return NO;
    if (value.length > EXTRAS_CHARS_MAX) return NO;
    sale.setExtras(register, order, key, value);
    return YES;
  },

  'orders.printReceipt': ({ register }, orderId, code, codeTitle) => {
    const order = openOrder(register, orderId);
    if (!order) return NO;
    const content = text(code, 500);
    sale.printPreCheck(register, order, content ? { content, title: text(codeTitle, 200) } : null);
    return YES;
  },

  'orders.closeOrder': ({ register }, orderId, request) => {
    const order = openOrder(register, orderId);
    if (!order) return { error: 'There is no such open order.' };
    if (!order.lines.length) return { error: 'The order is empty.' };
    const payment = (request && request.payment) || {};
    const cash = toMinor(payment.cash ?? 0);
    const card = toMinor(payment.card ?? 0);
    if (!(cash >= 0) || !(card >= 0)) return { error: 'cash and card have to be sums.' };
    const problem = closeOrder(register, order, { cash, card });
    return problem ? { error: problem } : { result: true };
  },
};
