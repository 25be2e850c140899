// The order as apps and the server see it: Poster's field names, money in currency units, goods as an object "0","1",…

import { lineSum, toMinor, toUnits } from './money.js';
import { newOrder, totals } from './order.js';

const GRAMS_PER_KG = 1000;

/** Poster's Order of an order of ours. Weight goods: `count` in grams, `price` per gram. */
export function toPosterOrder(order) {
  const { subtotal, total } = totals(order);
  const { cash, card, thirdParty } = order.payed;
  return {
    id: order.id,
    dateStart: order.id,
    dateClose: order.dateClose,
    datePrint: order.datePrint,
    status: order.status,
    userId: order.userId,
    tableId: order.tableId,
    orderName: order.orderName,
    incomingOrderId: order.incomingOrderId,
    guestsCount: order.guestsCount,
    products: Object.fromEntries(order.lines.map((line, index) => [String(index), posterProduct(line)])),
    subtotal: toUnits(subtotal),
    total: toUnits(total),
    discount: order.discount,
    clientId: order.clientId,
    payType: order.payType,
    payedSum: toUnits(cash + card + thirdParty),
    payedCard: toUnits(card),
    payedCash: toUnits(cash),
    payedThirdParty: toUnits(thirdParty),
    payedBonus: order.status === 2 ? toUnits(order.approvedBonus) : 0,
    approvedBonus: toUnits(order.approvedBonus),
    platformDiscount: toUnits(order.platformDiscount),
    loyaltyAppId: order.loyaltyAppId,
    parentId: 0,
    tipIncluded: 0,
    tipSum: 0,
    roundSum: 0,
    comment: order.comment,
    extras: { ...order.extras },
  };
}

function posterProduct(line) {
  const price = line.unit === 'kg' ? line.priceMinor / 100 / GRAMS_PER_KG : toUnits(line.priceMinor);
  const product = {
    id: line.productId,
    count: line.count,
    price,
    productSum: toUnits(lineSum(line)),
    printedNum: line.printedNum,
    nodiscount: line.nodiscount,
    taxId: '0',
    taxValue: '0',
    taxType: '0',
    taxFiscal: 0,
  };
  if (line.modification) product.modification = line.modification;
  return product;
}

/** An order of ours from Poster's Order, as another tablet of the spot has stored it. Goods we do not know are left out. */
export function fromPosterOrder(json, catalogue, tabletId) {
  const order = newOrder({
    id: Number(json.id),
    userId: Number(json.userId),
    tabletId,
    tableId: Number(json.tableId) || 0,
  });
  Object.assign(order, {
    dateClose: Number(json.dateClose) || 0,
    datePrint: Number(json.datePrint) || 0,
    status: Number(json.status) || 1,
    orderName: json.orderName || '',
    guestsCount: Number(json.guestsCount) || 1,
    discount: Number(json.discount) || 0,
    clientId: Number(json.clientId) || 0,
    payType: json.payType || '',
    approvedBonus: toMinor(json.approvedBonus) || 0,
    platformDiscount: toMinor(json.platformDiscount) || 0,
    loyaltyAppId: Number(json.loyaltyAppId) || 0,
    comment: json.comment || '',
    extras: { ...(json.extras || {}) },
    incomingOrderId: Number(json.incomingOrderId) || 0,
    payed: {
      cash: toMinor(json.payedCash) || 0,
      card: toMinor(json.payedCard) || 0,
      thirdParty: toMinor(json.payedThirdParty) || 0,
    },
  });
  for (const product of Object.values(json.products || {})) {
    const sellable = catalogue.sellable(Number(product.id), Number(product.modification) || 0);
    if (sellable)
      order.lines.push({ ...sellable, count: Number(product.count), printedNum: Number(product.printedNum) || 0 });
  }
  return order;
}
