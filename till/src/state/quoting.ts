import type { Quote } from '../api/contract';
import type { On, QuotePurpose } from './events';
import { fingerprint } from './order';
import type { OrderState } from './state';
import type { Turn } from './turn';

/** A cashier adds products in bursts; one quote for the burst is enough. */
const SETTLE_MS = 300;

/** The fingerprint of an order with its guest, or null where there is nothing to quote. */
export function fingerprintOf({ order, guest }: OrderState): string | null {
  return order && guest ? fingerprint(order, guest.customerId, guest.identificationId) : null;
}

/** The quote that still holds for the order as it is now, or null. */
export function currentQuote(order: OrderState): Quote | null {
  return order.quote && order.quote.fingerprint === fingerprintOf(order) ? order.quote.answer : null;
}

/** What may be redeemed: nothing where Poster's own bonus is on the receipt, for the two exclude each other. */
export function redeemable({ order }: OrderState, quote: Quote): number {
  return order && order.posterBonusMinor > 0 ? 0 : quote.redeem_max_minor;
}

/** Asks for the order's quote unless it is known or on its way: one question at a time for an order. */
export function askQuote(turn: Turn, orderId: string): void {
  const known = turn.order(orderId);
  const print = fingerprintOf(known);
  if (print === null || currentQuote(known)) return;
  if (known.asking && known.asking.fingerprint === print) return;
  const request = turn.serial();
  turn.setOrder(orderId, { asking: { fingerprint: print, request } });
  ask(turn, orderId, 'offer', known.order && known.order.posterBonusMinor > 0 ? 0 : null, request);
}

/** Asks what the receipt looks like with this much redeemed; null asks for the most. */
export function ask(turn: Turn, orderId: string, purpose: QuotePurpose, redeemMinor: number | null, request: number): void {
  const known = turn.order(orderId);
  const { order, guest } = known;
  const print = fingerprintOf(known);
  if (order && guest && print !== null) turn.do({ do: 'quote', order, guest, purpose, request, fingerprint: print, redeemMinor });
}

/** A change at the register: the order is quoted again once the cashier's hands rest. */
export function orderSeen(turn: Turn, { order }: On<'orderSeen'>): void {
  if (turn.seeOrder(order).guest) {
    turn.do({ do: 'after', ms: SETTLE_MS, key: `quote ${order.id}`, event: { type: 'quoteDue', orderId: order.id } });
  }
}

export function quoteDue(turn: Turn, { orderId }: On<'quoteDue'>): void {
  if (turn.state.connection.phase === 'online') askQuote(turn, orderId);
}

/** After an outage: orders with a guest in sight get their quotes. */
export function requoteAll(turn: Turn): void {
  Object.keys(turn.state.orders).forEach((id) => askQuote(turn, id));
}
