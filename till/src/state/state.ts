import type { Confirmation, Customer, Hello, Quote, Salesperson } from '../api/contract';
import type { Problem } from '../api/problems';
import type { Order } from './order';
import type { Sentence } from './sentence';

/** All that the till knows. Plain data: `step` makes the next one, the runner does what it asks for. */
export interface State {
  connection: Connection;
  salesperson: Salesperson | null;
  /** Orders the till has seen, by id; the newest sixty. */
  orders: Record<string, OrderState>;
  /** Receipts closed lately: late answers must not bring them back to life. */
  closed: readonly string[];
  /** What the popup shows; null = the popup is closed. */
  window: Window | null;
  /** The payment that waits for us, or a redemption begun on the payment screen. */
  pay: Pay | null;
  outbox: OutboxCount;
  /** Source of numbers that tell a late answer from a current one. */
  serial: number;
}

export interface Connection {
  /** `refused`: the server answered, and will not serve this register. */
  phase: 'starting' | 'online' | 'offline' | 'refused';
  /** The last good answer, also of an earlier start. */
  hello: Hello | null;
  problem: Problem | null;
  /** What the cashier was told last, to tell him only what changed. */
  announced: string | null;
  /** Failed attempts in a row. */
  tries: number;
}

export interface OutboxCount {
  waiting: number;
  setAside: number;
}

export interface Guest {
  customerId: string;
  identificationId: string;
  name: string;
  posterClientId: number | null;
  /** Null after a restart, until the server is asked again. */
  customer: Customer | null;
}

/** A redemption that Poster has taken over into the order. */
export interface Redemption {
  checkId: string | null;
  minor: number;
  fingerprint: string;
  holdExpiresAt: string;
}

export interface OrderState {
  /** Null for an order remembered from before a restart and not seen since. */
  order: Order | null;
  guest: Guest | null;
  quote: { fingerprint: string; answer: Quote } | null;
  /** The quote under way; an answer with another number is stale. */
  asking: { fingerprint: string; request: number } | null;
  redemption: Redemption | null;
  /** The Poster client that we are about to set: its change event is our own echo. */
  expectedClientId: number | null;
  /** A Poster client whom the server does not know: not asked about again. */
  strangerClientId: number | null;
  /** Text given to the receipt; null if none was taken. */
  printed: string | null;
  /** Identification of the guest taken off last: extras that still name him are older than that. */
  removed: string | null;
}

export interface Pay {
  orderId: string;
  /** The payment that waits for `next`; null on the payment screen, where nothing waits. */
  token: number | null;
  waiting: 'client' | 'quote' | 'attach' | 'identify' | 'reserve' | 'apply' | null;
  /** Number of the running wait; its deadline names it. */
  wait: number | null;
  /** What follows once Poster has taken the discount over. */
  afterBonus: { printText: string; reprint: boolean } | null;
}

export type Window = IdentifyWindow | NewGuestWindow | ProfileWindow | RedeemWindow | StatusWindow;

export interface IdentifyWindow {
  view: 'identify';
  orderId: string;
  busy: boolean;
  problem: Sentence | null;
  request: number;
}

export interface NewGuestWindow {
  view: 'newGuest';
  orderId: string;
  kind: 'phone' | 'email';
  value: string;
  busy: boolean;
  problem: Sentence | null;
  request: number;
}

export interface ProfileWindow {
  view: 'profile';
  orderId: string;
}

export interface RedeemWindow {
  view: 'redeem';
  orderId: string;
  stage: 'loading' | 'offer' | 'amount' | 'code';
  quote: Quote | null;
  /** Quote for redeeming nothing: its text goes on the receipt when the guest keeps his bonuses. */
  none: Quote | null;
  amount: { minor: number; quote: Quote | null; request: number };
  /** What was asked to be redeemed, and of which quote. */
  chosen: { minor: number; hash: string } | null;
  confirmation: (Confirmation & { resendAt: number }) | null;
  busy: boolean;
  problem: Sentence | null;
  request: number;
  /** Print the pre-check again, because the printed one shows the old total. */
  reprint: boolean;
}

export interface StatusWindow {
  view: 'status';
  busy: boolean;
}

export function initialState(hello: Hello | null, orders: Record<string, OrderState>): State {
  return {
    connection: { phase: 'starting', hello, problem: null, announced: null, tries: 0 },
    salesperson: null,
    orders,
    closed: [],
    window: null,
    pay: null,
    outbox: { waiting: 0, setAside: 0 },
    serial: 0,
  };
}

export function unseenOrder(): OrderState {
  return {
    order: null,
    guest: null,
    quote: null,
    asking: null,
    redemption: null,
    expectedClientId: null,
    strangerClientId: null,
    printed: null,
    removed: null,
  };
}
