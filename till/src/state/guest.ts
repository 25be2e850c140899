import type { Identified } from '../api/contract';
import { isServing, noteOutage } from './connection';
import type { On } from './events';
import type { GuestLink } from './order';
import { giveUp, goOn, leave, startWait } from './paying';
import { askQuote } from './quoting';
import { sentenceOf } from './sentence';
import type { Guest } from './state';
import type { Turn } from './turn';

export function showIdentify(turn: Turn, orderId: string): void {
  turn.show({ view: 'identify', orderId, busy: false, problem: null, request: 0 });
}

export function identifierSubmitted(turn: Turn, { text }: On<'identifierSubmitted'>): void {
  const window = turn.view('identify');
  if (!window || window.busy || !text.trim()) return;
  const request = turn.serial();
  turn.patchWindow('identify', { busy: true, problem: null, request });
  startWait(turn, 'identify');
  turn.do({ do: 'identify', request, orderId: window.orderId, text: text.trim() });
}

/** A guest named himself or was registered: attach him at once. An answer to a window closed meanwhile is dropped. */
export function identified(turn: Turn, { request, orderId, answer }: On<'identified' | 'guestRegistered'>): void {
  if (turn.view('identify', request) || turn.view('newGuest', request)) attachGuest(turn, orderId, answer);
}

export function identifyFailed(turn: Turn, { request, orderId, text, problem }: On<'identifyFailed'>): void {
  const outage = noteOutage(turn, problem);
  if (!turn.view('identify', request)) return;
  if (outage && turn.isSaleWaiting()) return giveUp(turn);
  turn.pay({ waiting: null, wait: null });
  const { kind, normalized } = problem.members;
  if (problem.code === 'customer-unknown' && (kind === 'phone' || kind === 'email')) {
    turn.show({ view: 'newGuest', orderId, kind, value: String(normalized || text), busy: false, problem: null, request: turn.serial() });
    return;
  }
  turn.patchWindow('identify', { busy: false, problem: sentenceOf(problem) });
}

export function guestFormSaved(turn: Turn, { form }: On<'guestFormSaved'>): void {
  const window = turn.view('newGuest');
  if (!window || window.busy) return;
  turn.patchWindow('newGuest', { busy: true, problem: null });
  startWait(turn, 'identify');
  const contact = window.kind === 'phone' ? { phone: window.value } : { email: window.value };
  turn.do({ do: 'register', request: window.request, orderId: window.orderId, contact, form });
}

export function registrationFailed(turn: Turn, { request, problem }: On<'registrationFailed'>): void {
  const outage = noteOutage(turn, problem);
  if (!turn.view('newGuest', request)) return;
  if (outage && turn.isSaleWaiting()) return giveUp(turn);
  turn.pay({ waiting: null, wait: null });
  turn.patchWindow('newGuest', { busy: false, problem: sentenceOf(problem) });
}

/** Puts a guest on the order: ours at once, Poster's client as soon as it is found or made. */
function attachGuest(turn: Turn, orderId: string, answer: Identified): void {
  const before = turn.order(orderId).guest;
  const guest = guestOf(answer, answer.customer.poster_client_id);
  if (before && before.customerId !== guest.customerId) dropRedemption(turn, orderId);
  turn.setOrder(orderId, { guest, quote: null, asking: null, strangerClientId: null });
  if (turn.payFor(orderId)) startWait(turn, 'attach');
  turn.do({ do: 'attach', orderId, guest });
}

function guestOf({ customer, identification }: Identified, posterClientId: number | null): Guest {
  return { customerId: customer.id, identificationId: identification.id, name: customer.name, posterClientId, customer };
}

/** Poster's side is done, well or with trouble; the guest collects and redeems either way. */
export function attached(turn: Turn, { orderId, customerId, clientId, order, trouble }: On<'attached'>): void {
  const known = turn.order(orderId).guest;
  if (!known || known.customerId !== customerId) return;
  if (order) turn.seeOrder(order);
  turn.setOrder(orderId, { guest: { ...known, posterClientId: clientId }, expectedClientId: null });
  remember(turn, orderId);
  const isMapped = known.customer && known.customer.poster_client_id === clientId;
  if (clientId !== null && !isMapped) turn.do({ do: 'mapClient', orderId, customerId, clientId });
  if (trouble) turn.notify(trouble);
  askQuote(turn, orderId);
  if (turn.payFor(orderId)) return goOn(turn);
  const { window } = turn.state;
  if (window && 'orderId' in window && window.orderId === orderId) afterAttachment(turn, orderId);
}

/** Shows the profile where the terminal's "profile display" wants it; otherwise the window has done its work. */
function afterAttachment(turn: Turn, orderId: string): void {
  if (wantsProfile(turn, orderId)) turn.show({ view: 'profile', orderId });
  else turn.hide();
}

export function wantsProfile(turn: Turn, orderId: string): boolean {
  const { profile_display } = turn.settings();
  const { guest } = turn.order(orderId);
  return profile_display === 'always' || (profile_display === 'new' && Boolean(guest && guest.customer && guest.customer.is_new));
}

/** Poster says that the order's client changed, by the cashier's hand or as the echo of ours. */
export function clientChanged(turn: Turn, { orderId, clientId }: On<'clientChanged'>): void {
  const { guest, expectedClientId, order } = turn.order(orderId);
  const posterClientId = guest && guest.posterClientId;
  if (order) turn.setOrder(orderId, { order: { ...order, clientId } });
  if (clientId === 0) {
    // A guest without a Poster client was never on Poster's side of the order, so nothing of ours was removed.
    if (posterClientId !== null && expectedClientId === null) dropGuest(turn, orderId);
    turn.setOrder(orderId, { strangerClientId: null });
    return;
  }
  if (clientId === expectedClientId || clientId === posterClientId) return;
  if (guest) dropGuest(turn, orderId);
  if (isServing(turn.state)) turn.do({ do: 'identifyClient', orderId, clientId });
}

export function clientIdentified(turn: Turn, { orderId, clientId, answer, order }: On<'clientIdentified'>): void {
  if (order) turn.seeOrder(order);
  const now = turn.order(orderId);
  const isStillThere = !now.order || now.order.clientId === clientId;
  if (isStillThere && !now.guest) {
    turn.setOrder(orderId, { guest: guestOf(answer, clientId) });
    remember(turn, orderId);
    askQuote(turn, orderId);
  }
  const pay = turn.payFor(orderId);
  if (pay && pay.waiting === 'client') goOn(turn);
}

export function clientUnknown(turn: Turn, { orderId, clientId, problem }: On<'clientUnknown'>): void {
  const outage = noteOutage(turn, problem);
  if (!outage) turn.setOrder(orderId, { strangerClientId: clientId });
  const pay = turn.payFor(orderId);
  if (!pay || pay.waiting !== 'client') return;
  if (outage) giveUp(turn);
  else goOn(turn);
}

/** After a restart only ids and name of a guest are known: asks for the rest, where Poster's client leads to it. */
export function readProfile(turn: Turn, orderId: string): void {
  const { guest } = turn.order(orderId);
  if (guest && !guest.customer && guest.posterClientId !== null) {
    turn.do({ do: 'readProfile', orderId, clientId: guest.posterClientId });
  }
}

export function profileRead(turn: Turn, { orderId, customer }: On<'profileRead'>): void {
  const { guest } = turn.order(orderId);
  if (guest && guest.customerId === customer.id) turn.setOrder(orderId, { guest: { ...guest, name: customer.name, customer } });
}

/** The cashier takes the guest off in our window: Poster's client goes with him. */
export function removeGuestPressed(turn: Turn): void {
  const window = turn.view('profile');
  if (!window) return;
  const { orderId } = window;
  const { guest } = turn.order(orderId);
  dropGuest(turn, orderId);
  if (guest && guest.posterClientId !== null) turn.do({ do: 'detach', orderId });
  leave(turn);
}

export function cancelRedemptionPressed(turn: Turn): void {
  const window = turn.view('profile');
  if (!window) return;
  dropRedemption(turn, window.orderId);
  remember(turn, window.orderId);
  turn.do({ do: 'printText', orderId: window.orderId, text: '' });
}

/** The guest is no longer the order's, by our side or by Poster's. */
function dropGuest(turn: Turn, orderId: string): void {
  const { guest, printed } = turn.order(orderId);
  dropRedemption(turn, orderId);
  if (printed) turn.do({ do: 'printText', orderId, text: '' });
  turn.setOrder(orderId, { guest: null, quote: null, asking: null, printed: null, removed: guest && guest.identificationId });
  remember(turn, orderId);
}

/** Gives back what was redeemed on an open order: Poster's discount goes, the hold is released. */
export function dropRedemption(turn: Turn, orderId: string): void {
  if (!turn.order(orderId).redemption) return;
  turn.setOrder(orderId, { redemption: null });
  turn.do({ do: 'setBonus', orderId, minor: 0, request: 0 });
  turn.do({ do: 'cancelHold', orderId });
}

/** Writes the guest into the order's extras, so that a restarted or another tablet knows him. */
export function remember(turn: Turn, orderId: string): void {
  const { guest, redemption, order } = turn.order(orderId);
  const link: GuestLink | null = guest && {
    customerId: guest.customerId,
    identificationId: guest.identificationId,
    name: guest.name,
    checkId: redemption && redemption.checkId,
  };
  if (order) turn.setOrder(orderId, { order: { ...order, link } });
  turn.do({ do: 'remember', orderId, link });
}
