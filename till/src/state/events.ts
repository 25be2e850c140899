import type { Confirmation, Customer, Finalized, Hello, Identified, Quote, Reservation, Salesperson } from '../api/contract';
import type { Problem } from '../api/problems';
import type { Order, Receipt } from './order';
import type { Sentence } from './sentence';
import type { OutboxCount } from './state';

export type QuotePurpose = 'offer' | 'amount' | 'none';

export interface GuestForm {
  name: string;
  birthday: string | null;
  gender: 'female' | 'male' | null;
  consent: boolean;
}

/** Everything that can happen: at the register, on the wire, under the cashier's finger, by the clock. */
export type Event =
  // Poster
  | { type: 'started' }
  | { type: 'loggedIn'; salesperson: Salesperson | null }
  | { type: 'shiftClosed' }
  | { type: 'orderSeen'; order: Order }
  | { type: 'clientChanged'; orderId: string; clientId: number }
  | { type: 'payPressed'; token: number; order: Order }
  | { type: 'orderClosed'; receipt: Receipt; currency: string }
  | { type: 'popupClosed' }
  | { type: 'iconPressed'; place: string; order: Order | null }
  // Server
  | { type: 'helloAnswered'; hello: Hello }
  | { type: 'helloFailed'; problem: Problem }
  | { type: 'identified'; request: number; orderId: string; answer: Identified }
  | { type: 'identifyFailed'; request: number; orderId: string; text: string; problem: Problem }
  | { type: 'clientIdentified'; orderId: string; clientId: number; answer: Identified; order: Order | null }
  | { type: 'clientUnknown'; orderId: string; clientId: number; problem: Problem }
  | { type: 'profileRead'; orderId: string; customer: Customer }
  | { type: 'guestRegistered'; request: number; orderId: string; answer: Identified }
  | { type: 'registrationFailed'; request: number; problem: Problem }
  | { type: 'clientExpected'; orderId: string; clientId: number }
  | { type: 'attached'; orderId: string; customerId: string; clientId: number | null; order: Order | null; trouble: Sentence | null }
  | { type: 'quoted'; orderId: string; purpose: QuotePurpose; request: number; fingerprint: string; answer: Quote }
  | { type: 'quoteFailed'; orderId: string; purpose: QuotePurpose; request: number; problem: Problem }
  | { type: 'reserved'; orderId: string; request: number; answer: Reservation; fingerprint: string }
  | { type: 'reserveFailed'; orderId: string; request: number; problem: Problem; now: number }
  | { type: 'codeResent'; request: number; confirmation: Confirmation; now: number }
  | { type: 'resendFailed'; request: number; problem: Problem; now: number }
  | { type: 'renewed'; orderId: string; answer: Reservation }
  | { type: 'bonusSet'; orderId: string; minor: number; ok: boolean; request: number }
  | { type: 'textPrinted'; orderId: string; text: string; ok: boolean }
  | { type: 'posted'; orderId: string; answer: Finalized; printed: string | null; late: boolean }
  | { type: 'outageSeen'; problem: Problem }
  | { type: 'setAside'; orderId: string; problem: Problem }
  | { type: 'outboxCounted'; count: OutboxCount }
  // Clock
  | { type: 'deadlinePassed'; wait: number }
  | { type: 'skeletonDue'; wait: number }
  | { type: 'quoteDue'; orderId: string }
  | { type: 'amountDue'; request: number }
  | { type: 'helloDue' }
  | { type: 'leftoversDue' }
  // Cashier
  | { type: 'identifierSubmitted'; text: string }
  | { type: 'scanPressed' }
  | { type: 'noCardPressed' }
  | { type: 'guestFormSaved'; form: GuestForm }
  | { type: 'backPressed' }
  | { type: 'closePressed' }
  | { type: 'removeGuestPressed' }
  | { type: 'cancelRedemptionPressed' }
  | { type: 'redeemPressed'; minor: number }
  | { type: 'otherAmountPressed' }
  | { type: 'amountTyped'; minor: number }
  | { type: 'redeemNonePressed' }
  | { type: 'reprintToggled' }
  | { type: 'codeSubmitted'; code: string }
  | { type: 'resendPressed' }
  | { type: 'tryAgainPressed' }
  // Faults of our own
  | { type: 'faulted'; message: string };

/** An event, or one of several, by its type. */
export type On<K extends Event['type']> = Extract<Event, { type: K }>;
