import type { ApiClient } from '../api/client';
import type { Outbox } from '../outbox/outbox';
import type { Register } from '../poster/register';
import type { Event } from '../state/events';
import type { Order } from '../state/order';
import type { Sentence } from '../state/sentence';
import type { State } from '../state/state';

/** The outside world of the state machine, as the runner reaches it. */
export interface Ports {
  api: ApiClient;
  register: Register;
  outbox: Outbox;
  dispatch(event: Event): void;
  state(): State;
  now(): number;
  /** A sentence in the cashier's language. */
  say(sentence: Sentence): string;
  /** Poster's open order of that id as it is now, if it is on the screen. */
  reread(orderId: string): Promise<Order | null>;
  digits(): number;
  currency: string;
}
