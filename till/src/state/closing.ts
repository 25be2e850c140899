import type { On } from './events';
import { checkOf, type Receipt } from './order';
import { leave } from './paying';
import type { OrderState } from './state';
import type { Turn } from './turn';

/** How long after the end of a shift the cashier is told what the outbox could not yet deliver. */
const LEFTOVERS_MS = 4000;

/** A receipt is paid: it goes into the outbox first, and from there to the server, exactly once in effect. */
export function orderClosed(turn: Turn, { receipt, currency }: On<'orderClosed'>): void {
  // Reported twice: it is in the outbox, or was never ours.
  if (turn.state.closed.includes(receipt.id)) return;
  const order = turn.seeOrder(receipt);
  const { window } = turn.state;
  if (turn.payFor(receipt.id)) leave(turn);
  else if (window && 'orderId' in window && window.orderId === receipt.id) turn.hide();
  turn.closeOrder(receipt.id);
  if (!turn.settings().post_from_register) return;
  const { guest, redemption, printed } = order;
  const clientId = guest ? null : unaskedClient(turn, receipt, order);
  if (!guest && clientId === null) return;
  turn.do({
    do: 'post',
    receipt: {
      orderId: receipt.id,
      clientId,
      printed,
      body: {
        check_id: redemption && redemption.checkId,
        customer_id: guest ? guest.customerId : '',
        identification_id: guest ? guest.identificationId : '',
        check: checkOf(receipt, currency),
        redeemed_minor: receipt.redeemedMinor,
        payment: receipt.payment,
        closed_without_payment: receipt.closedWithoutPayment,
        closed_at: receipt.closedAt,
        salesperson: turn.state.salesperson,
      },
    },
  });
}

/** Poster's client on a receipt that closed before the server could be asked who he is; null if there is none. */
function unaskedClient(turn: Turn, { clientId }: Receipt, { strangerClientId }: OrderState): number | null {
  const wasAsked = turn.state.connection.phase === 'online' || clientId === strangerClientId;
  return clientId && !wasAsked ? clientId : null;
}

/** The receipt is posted. The paper says so already, unless something changed after it was printed. */
export function posted(turn: Turn, { answer, printed, late }: On<'posted'>): void {
  if (!late && answer.print_text && answer.print_text !== printed) turn.notify({ said: answer.print_text });
}

export function shiftClosed(turn: Turn): void {
  turn.do({ do: 'flush', force: true });
  turn.do({ do: 'after', ms: LEFTOVERS_MS, key: 'leftovers', event: { type: 'leftoversDue' } });
}

export function leftoversDue(turn: Turn): void {
  const { waiting } = turn.state.outbox;
  if (waiting > 0) turn.notify({ text: 'outbox_waiting', values: { count: waiting } });
}

export function textPrinted(turn: Turn, { orderId, text, ok }: On<'textPrinted'>): void {
  turn.setOrder(orderId, { printed: ok && text ? text : null });
}
