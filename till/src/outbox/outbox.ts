import type { Problem } from '../api/problems';
import { readJson, type Memory } from './storage';

/** Waiting items at most; more than a week of a busy register. The oldest beyond it are set aside, not lost. */
export const WAITING_MAX = 400;
export const ASIDE_MAX = 100;
const WAITING_KEY = 'incust.outbox.v1';
const ASIDE_KEY = 'incust.outbox.aside.v1';

/** Something the server must hear of, once in effect. `rid` stays the same over all attempts and restarts. */
export interface Item {
  v: 1;
  rid: string;
  kind: 'finalize' | 'cancel' | 'client';
  orderId: string;
  body: unknown;
  /** When it was put in, ms. */
  at: number;
  tries: number;
}

export interface SetAside extends Item {
  code: string;
}

/** How one attempt ended. `later`: not judged, repeat; `refused`: judged, repeating is useless. */
export type Outcome = { end: 'done' } | { end: 'later' } | { end: 'refused'; problem: Problem };

/** Sends one item. `keep` replaces its body in memory first, where a part of it had to be found out on the way. */
export type Send = (item: Item, keep: (body: unknown) => void) => Promise<Outcome>;

/**
 * Ordered, lasting queue of what the server must hear of. An item is in the register's memory before anything is sent
 * and leaves it only after the server's answer, so a crash at any point repeats it with the same request id.
 */
export class Outbox {
  private waiting: Item[];
  private aside: SetAside[];
  private running: Promise<void> | null = null;
  private sending: Item | null = null;

  constructor(
    private readonly memory: Memory,
    private readonly send: Send,
    private readonly changed: (count: { waiting: number; setAside: number }) => void,
  ) {
    this.waiting = readItems(readJson(memory, WAITING_KEY));
    this.aside = readItems(readJson(memory, ASIDE_KEY)) as SetAside[];
  }

  /** Receipts, for a person: what else waits has no meaning to him. */
  count(): { waiting: number; setAside: number } {
    return { waiting: this.waiting.filter((item) => item.kind === 'finalize').length, setAside: this.aside.length };
  }

  isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /** Keeps an item. A receipt that waits already is not put in twice. */
  add(item: Item): void {
    if (item.kind === 'finalize' && this.waiting.some((one) => one.kind === 'finalize' && one.orderId === item.orderId)) return;
    this.waiting.push(item);
    while (this.waiting.length > WAITING_MAX) {
      const oldest = this.waiting.find((one) => one !== this.sending);
      if (oldest) this.putAside(oldest, 'outbox-full');
    }
    this.save();
  }

  /** Takes back the cancellations of an order that is about to be reserved anew; waits for one being sent. */
  async withdrawCancel(orderId: string): Promise<void> {
    const isOne = (item: Item): boolean => item.kind === 'cancel' && item.orderId === orderId;
    if (this.sending && isOne(this.sending)) await this.running;
    const kept = this.waiting.filter((item) => !isOne(item));
    if (kept.length === this.waiting.length) return;
    this.waiting = kept;
    this.save();
  }

  /** Sends what waits, oldest first, one at a time; stops at the first that must wait. One flush runs at a time. */
  flush(): Promise<void> {
    this.running ??= this.drain().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async drain(): Promise<void> {
    for (;;) {
      const item = this.waiting[0];
      if (!item) return;
      this.sending = item;
      item.tries += 1;
      const outcome = await this.attempt(item);
      this.sending = null;
      if (outcome.end === 'later') return this.save();
      if (outcome.end === 'refused') this.putAside(item, outcome.problem.code);
      else this.drop(item);
      this.save();
    }
  }

  private async attempt(item: Item): Promise<Outcome> {
    try {
      return await this.send(item, (body) => {
        item.body = body;
        this.save();
      });
    } catch {
      // A fault of our own says nothing about the item: it stays.
      return { end: 'later' };
    }
  }

  private putAside(item: Item, code: string): void {
    this.drop(item);
    this.aside = [...this.aside, { ...item, code }].slice(-ASIDE_MAX);
  }

  private drop(item: Item): void {
    this.waiting = this.waiting.filter((one) => one !== item);
  }

  private save(): void {
    this.memory.write(WAITING_KEY, JSON.stringify(this.waiting));
    this.memory.write(ASIDE_KEY, JSON.stringify(this.aside));
    this.changed(this.count());
  }
}

/** Items of a version this till does not know stay unread; they are of a newer till and would be misread. */
function readItems(value: unknown): Item[] {
  if (!Array.isArray(value)) return [];
  return value.filter((one): one is Item => one?.v === 1 && typeof one.rid === 'string' && typeof one.kind === 'string');
}
