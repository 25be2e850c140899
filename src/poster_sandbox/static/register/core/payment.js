// From "Pay" to the closed receipt.

import { totals, CLOSED } from './order.js';
import { toPosterOrder } from './order_json.js';
import { toUnits } from './money.js';

const ORDER_NAME_WAIT_MS = 1500;

/** The cashier pressed Pay: the apps are asked one after the other, then the payment screen appears. */
export async function pressPay(register) {
  const order = register.activeOrder;
  if (!order || !order.lines.length || register.waitingFor) return;
  const orderId = order.id;
  register.payButtons = [];
  await register.apps.askAll(
    'beforeOrderClose',
    () =>
      register.orders.has(orderId) && {
        order: toPosterOrder(register.orders.get(orderId)),
      },
    (app, options) => {
      const label = options && typeof options.payButton === 'string' ? options.payButton.trim() : '';
      if (label) register.payButtons = [...register.payButtons, { app, label }];
    },
  );
  if (register.activeId !== orderId || !register.orders.has(orderId) || register.screen !== 'order') return;
  register.screen = 'payment';
  register.ui.tender = { cash: '', card: '' };
  register.ui.tenderField = 'cash';
  register.changed();
}

/** Back from the payment screen to the order. */
export function backToOrder(register) {
  register.screen = 'order';
  register.payButtons = [];
  register.changed();
}

/**
 * Closes an order with what was tendered (minor units; cash above the sum due is change). Answers null, or why not.
 * `afterOrderClose` follows with the back office's number if the server answers soon, without it otherwise.
 */
export function closeOrder(register, order, tendered) {
  const { due } = totals(order);
  if (tendered.card > due) return 'The card pays more than is due.';
  if (tendered.card + tendered.cash < due) return 'Not paid in full yet.';
  order.payed = { cash: due - tendered.card, card: tendered.card, thirdParty: 0 };
  order.payType = 'mix';
  finish(register, order);
  return null;
}

/** Closes an order that nobody pays for. */
export function closeWithoutPayment(register, order) {
  order.payed = { cash: 0, card: 0, thirdParty: 0 };
  order.payType = 'close';
  finish(register, order);
}

function finish(register, order) {
  const left = totals(order).total - order.platformDiscount;
  order.approvedBonus = order.payType === 'close' ? 0 : Math.max(0, Math.min(order.approvedBonus, left));
  order.status = CLOSED;
  order.dateClose = Date.now();
  register.orders.delete(order.id);
  register.keepOrders();
  register.keepClosed(order);
  if (register.activeId === order.id) {
    register.activeId = null;
    register.closedId = order.id;
    register.payButtons = [];
    register.screen = 'closed';
  }
  register.sync.orderClosed(toPosterOrder(order), payments(order));
  register.changed();
  announce(register, order);
}

function payments(order) {
  const { cash, card, thirdParty } = order.payed;
  return {
    cash: toUnits(cash),
    card: toUnits(card),
    third_party: toUnits(thirdParty),
    bonus: toUnits(order.approvedBonus),
    platform_discount: toUnits(order.platformDiscount),
    type: order.payType,
  };
}

async function announce(register, order) {
  if (!register.server.offline) await register.sync.closeAnswer(order.id, ORDER_NAME_WAIT_MS);
  register.raise('afterOrderClose', { order: toPosterOrder(order) });
  if (register.switches.fiscal) {
    register.raise('printFiscal', {
      order: toPosterOrder(order),
      userId: order.userId,
      products: fiscalProducts(order),
    });
  }
}

/** The goods of a fiscal print or return. */
export function fiscalProducts(order) {
  return order.lines.map((line) => ({
    product_id: line.productId,
    modification_id: line.modification,
    promotion_id: 0,
    count: line.count,
  }));
}
