import { unreachable, type Problem } from '../api/problems';
import { goOffline, isServing } from './connection';
import type { On } from './events';
import { dropRedemption, readProfile, showIdentify, wantsProfile } from './guest';
import type { Order } from './order';
import { ask, askQuote, currentQuote, fingerprintOf, redeemable } from './quoting';
import { sentenceOf } from './sentence';
import type { Pay, RedeemWindow } from './state';
import type { Turn } from './turn';

/** The longest that a sale waits for loyalty while the cashier can do nothing but wait. */
const WAIT_MS = 2000;
/** The cashier sees something before he wonders: a window without numbers, if they take longer than this. */
const SKELETON_MS = 80;
/** A hold lives 30 minutes; one that has less than this left is renewed when Pay is pressed again. */
const RENEW_BELOW_MS = 25 * 60_000;

/** Poster's Pay: from here on `next` is called exactly once for the token, whatever happens. */
export function payPressed(turn: Turn, { token, order: fresh }: On<'payPressed'>): void {
  leave(turn);
  beginPay(turn, fresh.id, token);
  const order = turn.seeOrder(fresh);
  // Poster no longer carries our discount (taken off at another tablet): there is no redemption to keep.
  if (order.redemption && fresh.redeemedMinor === 0) turn.setOrder(fresh.id, { redemption: null });
  if (!isServing(turn.state)) return leave(turn);
  if (order.guest || !fresh.clientId || fresh.clientId === order.strangerClientId) return goOn(turn);
  startWait(turn, 'client');
  turn.do({ do: 'identifyClient', orderId: fresh.id, clientId: fresh.clientId });
}

/** The payment button: a guest shows his card when the payment screen is up already; nothing waits for us there. */
export function paymentIconPressed(turn: Turn, order: Order): void {
  beginPay(turn, order.id, null);
  if (turn.seeOrder(order).guest) showOffer(turn, order.id);
  else showIdentify(turn, order.id);
}

function beginPay(turn: Turn, orderId: string, token: number | null): void {
  turn.setPay({ orderId, token, waiting: null, wait: null, afterBonus: null });
}

/** The next step of a payment, by what is known of the order now. */
export function goOn(turn: Turn): void {
  const { pay } = turn.state;
  if (!pay) return;
  turn.pay({ waiting: null, wait: null });
  const order = turn.order(pay.orderId);
  if (!order.guest) {
    if (turn.settings().ask_at_pay && pay.token !== null) return showIdentify(turn, pay.orderId);
    return leave(turn);
  }
  if (order.redemption && order.redemption.fingerprint === fingerprintOf(order)) return keepRedemption(turn, pay);
  showOffer(turn, pay.orderId);
}

/** What the guest may redeem: at once if it is known, else as soon as the server says. */
function showOffer(turn: Turn, orderId: string): void {
  const order = turn.order(orderId);
  const quote = currentQuote(order);
  if (!quote) {
    const wait = startWait(turn, 'quote');
    turn.do({ do: 'after', ms: SKELETON_MS, key: 'skeleton', event: { type: 'skeletonDue', wait } });
    return askQuote(turn, orderId);
  }
  turn.pay({ waiting: null, wait: null });
  const most = redeemable(order, quote);
  const { window } = turn.state;
  if (most > 0 || turn.settings().always_show_benefits || order.redemption) {
    const request = turn.serial();
    // Coming back with other numbers, the cashier reads why.
    const problem = window && window.view === 'redeem' ? window.problem : null;
    const amount = { minor: most, quote: null, request };
    turn.show({ ...emptyOffer(orderId), stage: 'offer', quote, problem, amount, none: most > 0 ? null : quote });
    if (most > 0) ask(turn, orderId, 'none', 0, request);
    readProfile(turn, orderId);
    return;
  }
  printBenefits(turn, orderId, quote.print_text);
  const isFirstSight = window && (window.view === 'identify' || window.view === 'newGuest');
  if (isFirstSight && wantsProfile(turn, orderId)) turn.show({ view: 'profile', orderId });
  else leave(turn);
}

/** The quote that a payment waits for has come, or is known to be stale by now and comes again. */
export function quoteArrived(turn: Turn, pay: Pay): void {
  const window = turn.view('redeem');
  if (pay.waiting === 'quote' || (window && window.stage === 'loading')) showOffer(turn, pay.orderId);
}

/** Pay once more with the redemption as it stands: no window, no tap; a hold that grows old is renewed aside. */
function keepRedemption(turn: Turn, pay: Pay): void {
  const known = turn.order(pay.orderId);
  const { order, guest, redemption } = known;
  const quote = currentQuote(known);
  if (order && guest && redemption && quote) {
    const renewal = { redeemMinor: redemption.minor, hash: quote.check_hash, fingerprint: redemption.fingerprint };
    turn.do({ do: 'reserve', order, guest, ...renewal, request: 0, code: null, renewal: true });
  }
  leave(turn);
}

export function isRenewalDue(holdExpiresAt: string, now: number): boolean {
  return Date.parse(holdExpiresAt) - now < RENEW_BELOW_MS;
}

export function printBenefits(turn: Turn, orderId: string, text: string): void {
  if ((turn.order(orderId).printed || '') !== text) turn.do({ do: 'printText', orderId, text });
}

/** The sale goes on in Poster: window closed, `next` called, once. */
export function leave(turn: Turn): void {
  const { pay } = turn.state;
  turn.hide();
  turn.setPay(null);
  if (pay && pay.token !== null) turn.do({ do: 'next', token: pay.token });
}

/** Loyalty took too long or failed: say so, let the sale go, and do not make the next one wait. */
export function giveUp(turn: Turn): void {
  if (turn.state.connection.phase === 'online') goOffline(turn, unreachable());
  leave(turn);
}

/** A step failed for another reason than an outage: the cashier reads why, the sale goes on. */
export function failPay(turn: Turn, problem: Problem): void {
  turn.notify(sentenceOf(problem));
  leave(turn);
}

/** Starts the clock of a step in which a payment waits for a machine. */
export function startWait(turn: Turn, waiting: NonNullable<Pay['waiting']>): number {
  const wait = turn.serial();
  turn.pay({ waiting, wait });
  if (turn.isSaleWaiting()) turn.do({ do: 'after', ms: WAIT_MS, key: 'wait', event: { type: 'deadlinePassed', wait } });
  return wait;
}

export function deadlinePassed(turn: Turn, { wait }: On<'deadlinePassed'>): void {
  const { pay } = turn.state;
  if (pay && pay.wait === wait) giveUp(turn);
}

export function skeletonDue(turn: Turn, { wait }: On<'skeletonDue'>): void {
  const { pay, window } = turn.state;
  if (pay && pay.wait === wait && !window) turn.show(emptyOffer(pay.orderId));
}

/** The window was closed by its X: the sale goes on without redemption, and nothing stays held. */
export function popupClosed(turn: Turn): void {
  const { window, pay } = turn.state;
  if (!window) return;
  turn.set({ window: null });
  // While Poster takes the discount over, that ends by itself and calls `next`.
  if (!pay || pay.waiting === 'apply') return;
  if (window.view === 'redeem' && pay.token !== null) {
    dropRedemption(turn, pay.orderId);
    if (window.none) printBenefits(turn, pay.orderId, window.none.print_text);
  }
  leave(turn);
}

function emptyOffer(orderId: string): RedeemWindow {
  return {
    view: 'redeem',
    orderId,
    stage: 'loading',
    quote: null,
    none: null,
    amount: { minor: 0, quote: null, request: 0 },
    chosen: null,
    confirmation: null,
    busy: false,
    problem: null,
    request: 0,
    reprint: false,
  };
}
