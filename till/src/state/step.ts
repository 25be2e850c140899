import { helloAnswered, helloFailed, loggedIn, noteOutage, sayHello, tryAgain } from './connection';
import { leftoversDue, orderClosed, posted, shiftClosed, textPrinted } from './closing';
import type { Effect } from './effects';
import type { Event, On } from './events';
import * as guest from './guest';
import { backPressed, faulted, iconPressed } from './icons';
import { deadlinePassed, leave, payPressed, popupClosed, skeletonDue } from './paying';
import { orderSeen, quoteDue } from './quoting';
import * as redeeming from './redeeming';
import type { State } from './state';
import { Turn } from './turn';

/** What each event leads to. */
const HANDLERS: { [K in Event['type']]: (turn: Turn, event: On<K>) => void } = {
  // Poster
  started: sayHello,
  loggedIn,
  shiftClosed,
  orderSeen,
  clientChanged: guest.clientChanged,
  payPressed,
  orderClosed,
  popupClosed,
  iconPressed,
  // Server
  helloAnswered,
  helloFailed,
  identified: guest.identified,
  identifyFailed: guest.identifyFailed,
  clientIdentified: guest.clientIdentified,
  clientUnknown: guest.clientUnknown,
  profileRead: guest.profileRead,
  guestRegistered: guest.identified,
  registrationFailed: guest.registrationFailed,
  clientExpected: (turn, { orderId, clientId }) => turn.setOrder(orderId, { expectedClientId: clientId }),
  attached: guest.attached,
  quoted: redeeming.quoted,
  quoteFailed: redeeming.quoteFailed,
  reserved: redeeming.reserved,
  reserveFailed: redeeming.reserveFailed,
  codeResent: redeeming.codeResent,
  resendFailed: redeeming.resendFailed,
  renewed: redeeming.renewed,
  bonusSet: redeeming.bonusSet,
  textPrinted,
  posted,
  outageSeen: (turn, { problem }) => void noteOutage(turn, problem),
  setAside: (turn) => turn.notify({ text: 'receipt_set_aside' }),
  outboxCounted: (turn, { count }) => turn.set({ outbox: count }),
  // Clock
  deadlinePassed,
  skeletonDue,
  quoteDue,
  amountDue: redeeming.amountDue,
  helloDue: sayHello,
  leftoversDue,
  // Cashier
  identifierSubmitted: guest.identifierSubmitted,
  scanPressed: (turn) => turn.do({ do: 'scan' }),
  noCardPressed: leave,
  guestFormSaved: guest.guestFormSaved,
  backPressed,
  closePressed: leave,
  removeGuestPressed: guest.removeGuestPressed,
  cancelRedemptionPressed: guest.cancelRedemptionPressed,
  redeemPressed: redeeming.redeemPressed,
  otherAmountPressed: redeeming.otherAmountPressed,
  amountTyped: redeeming.amountTyped,
  redeemNonePressed: redeeming.redeemNonePressed,
  reprintToggled: redeeming.reprintToggled,
  codeSubmitted: redeeming.codeSubmitted,
  resendPressed: redeeming.resendPressed,
  tryAgainPressed: tryAgain,
  faulted,
};

/** The whole behaviour of the till: what happened, and what is to be done about it. Pure: no clock, no input or output. */
export function step(state: State, event: Event): { state: State; effects: Effect[] } {
  const turn = new Turn(state);
  (HANDLERS[event.type] as (turn: Turn, event: Event) => void)(turn, event);
  return { state: turn.state, effects: turn.effects };
}
