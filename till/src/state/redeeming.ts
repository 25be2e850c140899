import type { Confirmation } from '../api/contract';
import { isOutage } from '../api/problems';
import { noteOutage } from './connection';
import type { On } from './events';
import { dropRedemption, remember } from './guest';
import { failPay, giveUp, leave, printBenefits, quoteArrived, startWait } from './paying';
import { ask, askQuote, currentQuote, fingerprintOf, redeemable } from './quoting';
import { sentenceOf } from './sentence';
import type { RedeemWindow } from './state';
import type { Turn } from './turn';

/** Typing an amount asks the server once the fingers rest. */
const TYPING_MS = 250;

export function quoted(turn: Turn, event: On<'quoted'>): void {
  const { orderId, purpose, request, answer } = event;
  if (purpose !== 'offer') return sideQuoted(turn, event);
  const order = turn.order(orderId);
  // Another question has been asked since: this answer is about an order that no longer is.
  if (!order.asking || order.asking.request !== request) return;
  turn.setOrder(orderId, { asking: null });
  if (event.fingerprint !== fingerprintOf(order)) return askQuote(turn, orderId);
  turn.setOrder(orderId, { quote: { fingerprint: event.fingerprint, answer } });
  const pay = turn.payFor(orderId);
  if (pay) quoteArrived(turn, pay);
  else lowerRedemption(turn, orderId);
}

function sideQuoted(turn: Turn, { orderId, purpose, request, answer }: On<'quoted'>): void {
  const window = turn.view('redeem');
  if (!window || window.orderId !== orderId) {
    // The cashier was quicker than the answer: it is what the receipt should say, if nothing was redeemed.
    const { guest, redemption } = turn.order(orderId);
    if (purpose === 'none' && guest && !redemption) printBenefits(turn, orderId, answer.print_text);
    return;
  }
  if (purpose === 'none') return turn.patchWindow('redeem', { none: answer });
  if (window.amount.request === request) turn.patchWindow('redeem', { amount: { ...window.amount, quote: answer } });
}

export function quoteFailed(turn: Turn, { orderId, purpose, request, problem }: On<'quoteFailed'>): void {
  const outage = noteOutage(turn, problem);
  const { asking } = turn.order(orderId);
  if (purpose !== 'offer' || !asking || asking.request !== request) return;
  turn.setOrder(orderId, { asking: null });
  const pay = turn.payFor(orderId);
  if (!pay || pay.waiting !== 'quote') return;
  if (outage) giveUp(turn);
  else failPay(turn, problem);
}

/** The order shrank after the redemption was set: Poster's discount follows, and the cashier is told. */
function lowerRedemption(turn: Turn, orderId: string): void {
  const order = turn.order(orderId);
  const quote = currentQuote(order);
  if (!order.redemption || !quote) return;
  const most = redeemable(order, quote);
  if (order.redemption.minor <= most) return;
  if (most === 0) {
    dropRedemption(turn, orderId);
  } else {
    turn.setOrder(orderId, { redemption: { ...order.redemption, minor: most } });
    turn.do({ do: 'setBonus', orderId, minor: most, request: 0 });
  }
  turn.notify({ text: 'redemption_lowered', values: { minor: most } });
}

export function redeemPressed(turn: Turn, { minor }: On<'redeemPressed'>): void {
  const window = turn.view('redeem');
  if (!window || window.busy || !window.quote) return;
  if (minor <= 0 || minor > redeemable(turn.order(window.orderId), window.quote)) return;
  const { amount } = window;
  const quote = amount.quote && amount.minor === minor ? amount.quote : window.quote;
  reserve(turn, window, { minor, hash: quote.check_hash }, null);
}

export function codeSubmitted(turn: Turn, { code }: On<'codeSubmitted'>): void {
  const window = turn.view('redeem');
  if (window && !window.busy && window.chosen && code) reserve(turn, window, window.chosen, code);
}

function reserve(turn: Turn, { orderId }: RedeemWindow, chosen: { minor: number; hash: string }, code: string | null): void {
  const known = turn.order(orderId);
  const { order, guest } = known;
  const print = fingerprintOf(known);
  if (!order || !guest || print === null) return;
  const request = turn.serial();
  startWait(turn, 'reserve');
  turn.patchWindow('redeem', { busy: true, problem: null, chosen, request });
  turn.do({ do: 'reserve', order, guest, request, fingerprint: print, redeemMinor: chosen.minor, hash: chosen.hash, code, renewal: false });
}

/** The hold is taken: Poster takes the discount over. A hold that nobody waits for any more is given back. */
export function reserved(turn: Turn, { orderId, request, answer, fingerprint }: On<'reserved'>): void {
  const window = turn.view('redeem', request);
  if (!window || !turn.payFor(orderId)) return turn.do({ do: 'cancelHold', orderId });
  turn.setOrder(orderId, {
    redemption: { checkId: answer.check_id, minor: answer.redeem_minor, fingerprint, holdExpiresAt: answer.hold_expires_at },
  });
  startWait(turn, 'apply');
  turn.pay({ afterBonus: { printText: answer.print_text, reprint: window.reprint } });
  turn.do({ do: 'setBonus', orderId, minor: answer.redeem_minor, request });
}

/** Poster answered to a discount: set for a redemption (`request` > 0), or lowered and taken off (0). */
export function bonusSet(turn: Turn, { orderId, minor, ok, request }: On<'bonusSet'>): void {
  const { order } = turn.order(orderId);
  if (ok && order) turn.setOrder(orderId, { order: { ...order, redeemedMinor: minor } });
  if (request === 0) return ok ? undefined : turn.notify({ text: 'bonus_not_changed' });
  const pay = turn.payFor(orderId);
  const waited = pay && pay.waiting === 'apply' ? pay.afterBonus : null;
  if (!ok) {
    turn.setOrder(orderId, { redemption: null });
    turn.do({ do: 'cancelHold', orderId });
    turn.notify({ text: 'bonus_refused' });
  } else {
    remember(turn, orderId);
    if (waited) printBenefits(turn, orderId, waited.printText);
    if (waited && waited.reprint) turn.do({ do: 'printPreCheck', orderId });
  }
  if (waited) leave(turn);
}

export function reserveFailed(turn: Turn, { orderId, request, problem, now }: On<'reserveFailed'>): void {
  // The hold may have been taken before the answer was lost.
  if (isOutage(problem)) turn.do({ do: 'cancelHold', orderId });
  const outage = noteOutage(turn, problem);
  if (!turn.view('redeem', request)) return;
  if (outage && turn.isSaleWaiting()) return giveUp(turn);
  turn.pay({ waiting: null, wait: null });
  const { code } = problem;
  if (code === 'check-finalized') return failPay(turn, problem);
  if (code === 'confirmation-required') {
    const confirmation = { ...NO_DETAILS, ...(problem.members['confirmation'] as Partial<Confirmation>) };
    return turn.patchWindow('redeem', { busy: false, stage: 'code', confirmation: timed(confirmation, now) });
  }
  turn.patchWindow('redeem', { busy: false, problem: sentenceOf(problem) });
  if (code === 'quote-changed' || code === 'redeem-above-limit') {
    turn.setOrder(orderId, { quote: null, asking: null });
    turn.patchWindow('redeem', { stage: 'loading' });
    startWait(turn, 'quote');
    askQuote(turn, orderId);
  }
}

const NO_DETAILS: Confirmation = { channel: '', masked: '', expires_at: '', resend_after_s: 30 };

function timed(confirmation: Confirmation, now: number): RedeemWindow['confirmation'] {
  return { ...confirmation, resendAt: now + confirmation.resend_after_s * 1000 };
}

export function resendPressed(turn: Turn): void {
  const window = turn.view('redeem');
  if (!window || window.busy || !window.chosen) return;
  const { guest } = turn.order(window.orderId);
  if (!guest) return;
  const request = turn.serial();
  turn.patchWindow('redeem', { busy: true, problem: null, request });
  turn.do({ do: 'resend', request, orderId: window.orderId, customerId: guest.customerId, redeemMinor: window.chosen.minor });
}

export function codeResent(turn: Turn, { request, confirmation, now }: On<'codeResent'>): void {
  if (turn.view('redeem', request)) turn.patchWindow('redeem', { busy: false, confirmation: timed(confirmation, now) });
}

/** Too soon is no fault: the countdown says when. */
export function resendFailed(turn: Turn, { request, problem, now }: On<'resendFailed'>): void {
  const window = turn.view('redeem', request);
  if (!window) return;
  const seconds = Number(problem.members['retry_after_s']);
  turn.patchWindow('redeem', { busy: false, problem: seconds > 0 ? null : sentenceOf(problem) });
  if (seconds > 0 && window.confirmation) {
    turn.patchWindow('redeem', { confirmation: { ...window.confirmation, resendAt: now + seconds * 1000 } });
  }
}

/** The guest keeps his bonuses: what was redeemed before is given back, the receipt says what he collects. */
export function redeemNonePressed(turn: Turn): void {
  const window = turn.view('redeem');
  const { pay } = turn.state;
  if (!window || (pay && pay.waiting === 'apply')) return;
  dropRedemption(turn, window.orderId);
  remember(turn, window.orderId);
  printBenefits(turn, window.orderId, window.none ? window.none.print_text : '');
  leave(turn);
}

export function otherAmountPressed(turn: Turn): void {
  turn.patchWindow('redeem', { stage: 'amount', problem: null, amount: { minor: 0, quote: null, request: turn.serial() } });
}

export function amountTyped(turn: Turn, { minor }: On<'amountTyped'>): void {
  const request = turn.serial();
  turn.patchWindow('redeem', { amount: { minor, quote: null, request }, problem: null });
  turn.do({ do: 'after', ms: TYPING_MS, key: 'amount', event: { type: 'amountDue', request } });
}

export function amountDue(turn: Turn, { request }: On<'amountDue'>): void {
  const window = turn.view('redeem');
  if (!window || window.amount.request !== request || !window.quote) return;
  const { minor } = window.amount;
  if (minor > 0 && minor <= window.quote.redeem_max_minor) ask(turn, window.orderId, 'amount', minor, request);
}

export function reprintToggled(turn: Turn): void {
  const window = turn.view('redeem');
  if (window) turn.patchWindow('redeem', { reprint: !window.reprint });
}

export function renewed(turn: Turn, { orderId, answer }: On<'renewed'>): void {
  const { redemption } = turn.order(orderId);
  if (!redemption) return;
  turn.setOrder(orderId, { redemption: { ...redemption, checkId: answer.check_id, holdExpiresAt: answer.hold_expires_at } });
}
