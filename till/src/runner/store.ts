import type { Effect } from '../state/effects';
import type { Event } from '../state/events';
import type { State } from '../state/state';
import { step } from '../state/step';

/** Holds the state and takes one event after the other; what an event asks for is done before the next one. */
export class Store {
  private readonly queue: Event[] = [];
  private busy = false;
  private readonly watchers: ((state: State) => void)[] = [];

  constructor(
    private current: State,
    private readonly perform: (effect: Effect) => void,
    /** A fault inside the state machine itself: nothing of ours may hold the sale up. */
    private readonly faulted: (error: unknown) => void,
  ) {}

  get state(): State {
    return this.current;
  }

  watch(watcher: (state: State) => void): void {
    this.watchers.push(watcher);
  }

  dispatch(event: Event): void {
    this.queue.push(event);
    if (this.busy) return;
    this.busy = true;
    try {
      for (let next = this.queue.shift(); next; next = this.queue.shift()) this.take(next);
    } finally {
      this.busy = false;
    }
  }

  private take(event: Event): void {
    try {
      const { state, effects } = step(this.current, event);
      this.current = state;
      effects.forEach((effect) => this.perform(effect));
      this.watchers.forEach((watcher) => watcher(state));
    } catch (error) {
      this.faulted(error);
    }
  }
}
