import type { Event } from '../state/events';
import type { State } from '../state/state';
import type { Speaker } from './speaker';

/** What every view needs: the state, the cashier's language, and where his presses go. */
export interface Ui extends Speaker {
  state: State;
  dispatch(event: Event): void;
  digits: number;
  canScan: boolean;
  server: string;
}
