// What a cashier (or an app) does with orders. Each function changes the register, keeps it, syncs it and raises the
// events of the POS platform.

import * as history from './history.js';
import { toMinor } from './money.js';
import { addToOrder, bonusFits, findLine, newOrder, nextOrderId, setCount, totals } from './order.js';
import { toPosterOrder } from './order_json.js';

/** Opens a new order and shows it. */
export function openOrder(register, { tableId = 0, incomingOrderId = 0 } = {}) {
  const order = newOrder({
    id: nextOrderId(Date.now()),
    userId: register.user ? register.user.id : 0,
    tabletId: register.settings.spotTabletId,
    tableId,
  });
  order.incomingOrderId = incomingOrderId;
  register.orders.set(order.id, order);
  showOrder(register, order.id);
  register.orderChanged(order, [history.opened(order)]);
  register.raise('orderOpen', { order: toPosterOrder(order) });
  return order;
}

/** Shows an open order on the order screen. */
export function showOrder(register, orderId) {
  register.activeId = orderId;
  register.screen = 'order';
  register.payButtons = [];
  register.ui.orderMenuOpen = false;
  register.ui.clientPanel = null;
  register.changed();
}

/** Adds `count` pieces or grams; false if the menu has no such thing. */
export function addProduct(register, order, productId, modification, count = 1) {
  const sellable = register.catalogue.sellable(productId, modification);
  if (!sellable) return false;
  const line = addToOrder(order, sellable, count);
  register.orderChanged(order, [history.itemAdded(line)]);
  raiseProductChange(register, order, line, line.count);
  return true;
}

/** Sets the count of a line that is there; false if it is not, or the count is no whole number from 0. */
export function changeCount(register, order, productId, modification, count) {
  const line = findLine(order, productId, modification);
  if (!line || !Number.isInteger(count) || count < 0) return false;
  setCount(order, line, count);
  register.orderChanged(order, [count ? history.countChanged(line, count) : history.itemDeleted(line)]);
  raiseProductChange(register, order, line, count);
  return true;
}

function raiseProductChange(register, order, line, count) {
  const product = { id: line.productId, count };
  if (line.modification) product.modification = line.modification;
  register.raise('orderProductChange', { order: toPosterOrder(order), product });
}

/**
 * Attaches a client (or removes him with null) and takes his group's discount over, as Poster does: groups of the
 * discount kind lower `total`, cash-back groups do not. An attached guest's Poster bonus is given up with him.
 */
export function setClient(register, order, client) {
  const clientId = client ? client.id : 0;
  const discount = client && client.loyaltyType === 2 ? client.discount : 0;
  if (order.clientId === clientId && order.discount === discount) return;
  order.clientId = clientId;
  order.discount = discount;
  order.approvedBonus = 0;
  register.orderChanged(order, [history.clientSet(clientId)]);
  register.raise('orderClientChange', { clientId, orderId: order.id });
}

/** The app's discount; false unless it lies between nothing and the order's total. */
export function setBonus(register, order, applicationId, sumMinor) {
  if (!bonusFits(order, sumMinor)) return false;
  order.platformDiscount = sumMinor;
  order.loyaltyAppId = sumMinor ? Number(applicationId) : 0;
  register.orderChanged(order);
  return true;
}

/** Pays as much as there is of the guest's own Poster bonus (cash-back groups), or takes that back. */
export function usePosterBonus(register, order, client) {
  const left = totals(order).total - order.platformDiscount;
  order.approvedBonus = order.approvedBonus ? 0 : Math.max(0, Math.min(toMinor(client.bonus), left));
  register.orderChanged(order);
}

export function setComment(register, order, text) {
  order.comment = text;
  register.orderChanged(order, [history.commentSet(text)]);
}

export function setTable(register, order, tableId) {
  order.tableId = tableId;
  register.orderChanged(order, [history.tableSet(tableId)]);
}

/** A note of an app on the order; kept here at once, synced to the other tablets when there is a connection. */
export function setExtras(register, order, key, value) {
  order.extras = { ...order.extras, [key]: value };
  register.keepOrders();
  register.sync.extrasSet(order.id, key, value);
  register.changed();
}

/** The text an app wants at the end of the receipt. Empty takes it off. */
export function setPrintText(register, order, applicationId, text) {
  order.printTexts = { ...order.printTexts, [applicationId]: text };
  register.keepOrders();
  register.changed();
}

/** Prints the pre-check, with an app's QR code where one is given. */
export function printPreCheck(register, order, code = null) {
  order.datePrint = Date.now();
  order.printCode = code;
  register.orderChanged(order, [history.printed(register.user ? register.user.id : 0)]);
  register.dialogs = [...register.dialogs, { kind: 'paper', orderId: order.id, title: 'Pre-check' }];
  register.changed();
}

/** Takes an open order away. */
export function deleteOrder(register, order) {
  register.orders.delete(order.id);
  register.keepOrders();
  register.sync.orderDeleted(order.id);
  if (register.activeId === order.id) leaveOrder(register);
  register.changed();
}

/** From the order screen to the list of open orders. */
export function leaveOrder(register) {
  register.activeId = null;
  register.payButtons = [];
  register.screen = 'orders';
  register.changed();
}
