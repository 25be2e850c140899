// The order, pure: no server, no screen. Every function changes the order it is given and says what changed.

import { lineSum, percentOf } from './money.js';

export const OPEN = 1;
export const CLOSED = 2;

let lastId = 0;

/** A new order's id: its opening time in milliseconds, never the same twice on one register. */
export function nextOrderId(nowMs) {
  lastId = Math.max(nowMs, lastId + 1);
  return lastId;
}

/** An empty open order. */
export function newOrder({ id, userId, tabletId, tableId = 0 }) {
  return {
    id,
    dateClose: 0,
    datePrint: 0,
    status: OPEN,
    userId,
    tabletId,
    tableId,
    orderName: '',
    guestsCount: 1,
    lines: [],
    discount: 0,
    clientId: 0,
    payType: '',
    payed: { cash: 0, card: 0, thirdParty: 0 },
    approvedBonus: 0,
    platformDiscount: 0,
    loyaltyAppId: 0,
    comment: '',
    extras: {},
    printTexts: {},
    printCode: null,
    incomingOrderId: 0,
  };
}

/** The line of that product and modification, or undefined. */
export function findLine(order, productId, modification) {
  return order.lines.find((line) => line.productId === productId && line.modification === modification);
}

/** Adds `count` pieces or grams of a sellable (see catalogue.js); equal goods share a line. Returns the line. */
export function addToOrder(order, sellable, count) {
  const present = findLine(order, sellable.productId, sellable.modification);
  if (present) {
    present.count += count;
    return present;
  }
  const line = { ...sellable, count, printedNum: 0 };
  order.lines.push(line);
  return line;
}

/** Sets a line's count; 0 takes the line away. */
export function setCount(order, line, count) {
  line.count = count;
  if (count <= 0) order.lines = order.lines.filter((other) => other !== line);
}

/** What is owed and why, all in minor units. The app's discount leaves `total` alone and never makes `due` negative. */
export function totals(order) {
  let subtotal = 0;
  let discountSum = 0;
  for (const line of order.lines) {
    const sum = lineSum(line);
    subtotal += sum;
    if (!line.nodiscount) discountSum += percentOf(sum, order.discount);
  }
  const total = subtotal - discountSum;
  const due = Math.max(0, total - order.platformDiscount - order.approvedBonus);
  return { subtotal, discountSum, total, due };
}

/** True when the app may take `sum` minor units off this order. */
export function bonusFits(order, sum) {
  return order.status === OPEN && Number.isInteger(sum) && sum >= 0 && sum <= totals(order).total - order.approvedBonus;
}
