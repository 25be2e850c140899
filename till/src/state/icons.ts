import { isServing } from './connection';
import type { On } from './events';
import { readProfile, showIdentify } from './guest';
import { failPay, paymentIconPressed } from './paying';
import { askQuote } from './quoting';
import type { Turn } from './turn';

/** One of our buttons in Poster: the order's, the payment screen's, or the one among the functions. */
export function iconPressed(turn: Turn, { place, order }: On<'iconPressed'>): void {
  if (place === 'functions') return turn.show({ view: 'status', busy: false });
  if (!order) return turn.notify({ text: 'open_order_first' });
  const { guest } = turn.seeOrder(order);
  const serving = isServing(turn.state);
  // Without the server nothing can be looked up: the status says why, and offers to try again.
  if (!guest && !serving) return turn.show({ view: 'status', busy: false });
  if (place === 'payment' && serving) return paymentIconPressed(turn, order);
  if (!guest) return showIdentify(turn, order.id);
  turn.show({ view: 'profile', orderId: order.id });
  if (!serving) return;
  askQuote(turn, order.id);
  readProfile(turn, order.id);
}

export function backPressed(turn: Turn): void {
  const form = turn.view('newGuest');
  const offer = turn.view('redeem');
  if (form) showIdentify(turn, form.orderId);
  if (offer && !offer.busy) turn.patchWindow('redeem', { stage: 'offer', problem: null });
}

/** A fault of ours is no reason to hold a sale up: it is written down, and the sale goes on. */
export function faulted(turn: Turn, { message }: On<'faulted'>): void {
  const problem = { code: 'till-fault', status: 0, detail: '', members: { message } };
  turn.connection({ problem });
  if (turn.state.pay) failPay(turn, problem);
}
