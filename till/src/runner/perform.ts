import { problemOf } from '../api/problems';
import { newRid } from '../api/rid';
import type { Item } from '../outbox/outbox';
import type { Effect } from '../state/effects';
import type { Event } from '../state/events';
import { askClient, askHello, askIdentify, askProfile, askQuoteOf, askRegister, askReserve, askResend } from './ask';
import { attach } from './attach';
import type { Nexts } from './nexts';
import { cancelItem, clientItem, receiptItem } from './post';
import type { Ports } from './ports';
import { writeExtras } from './remember';

/** Heading of our windows and notifications; a name, so not translated. */
export const TITLE = 'inCust';
/** Pauses between attempts to empty the outbox while something waits in it. */
const FLUSH_MS = [3_000, 10_000, 30_000, 60_000, 120_000];
/** Forms whose request id is remembered, in case the cashier saves them again after a lost answer. */
const RIDS_MAX = 50;

/** How each effect is done; a promise where it takes its time. */
type Doers = { [K in Effect['do']]: (effect: Extract<Effect, { do: K }>) => Promise<void> | void };

/** Does what the state machine asks for. Every fault becomes an event; none reaches Poster. */
export class Performer {
  private readonly clocks = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly rids = new Map<string, string>();
  private readonly doers: Doers;
  private flushTries = 0;

  constructor(private readonly ports: Ports, nexts: Nexts) {
    const { register, now, say, dispatch } = ports;
    this.doers = {
      hello: (effect) => {
        this.clear('hello');
        return askHello(ports, effect);
      },
      identify: (effect) => askIdentify(ports, effect),
      identifyClient: (effect) => askClient(ports, effect),
      readProfile: (effect) => askProfile(ports, effect),
      register: (effect) => askRegister(ports, effect, (key) => this.ridOf(key)),
      attach: ({ orderId, guest }) => attach(ports, orderId, guest),
      quote: (effect) => askQuoteOf(ports, effect),
      reserve: (effect) => askReserve(ports, effect),
      resend: (effect) => askResend(ports, effect),
      setBonus: async ({ orderId, minor, request }) => {
        const ok = await register.setBonus(orderId, minor, ports.digits());
        dispatch({ type: 'bonusSet', orderId, minor, ok, request });
      },
      printText: async ({ orderId, text }) => {
        dispatch({ type: 'textPrinted', orderId, text, ok: await register.setPrintText(orderId, text) });
      },
      scan: async () => {
        // A camera that fails is like one that was closed.
        const text = await register.scan().catch(() => '');
        if (text) dispatch({ type: 'identifierSubmitted', text });
      },
      notify: ({ sentence }) => register.notify(TITLE, say(sentence)),
      popup: () => register.popup(TITLE),
      closePopup: () => register.closePopup(),
      next: ({ token }) => nexts.call(token),
      after: ({ ms, key, event }) => this.after(ms, key, event),
      detach: ({ orderId }) => void register.setClient(orderId, 0),
      remember: ({ orderId, link }) => writeExtras(ports, orderId, link),
      printPreCheck: ({ orderId }) => void register.printPreCheck(orderId),
      cancelHold: ({ orderId }) => this.send(cancelItem(orderId, now())),
      mapClient: ({ orderId, customerId, clientId }) => this.send(clientItem(orderId, customerId, clientId, now())),
      post: ({ receipt }) => this.send(receiptItem(receipt, now())),
      flush: ({ force }) => this.flush(force),
    };
  }

  perform(effect: Effect): void {
    const fault = (error: unknown): void => {
      this.ports.dispatch({ type: 'faulted', message: String(problemOf(error).members['message'] || error) });
    };
    try {
      const done = (this.doers[effect.do] as (effect: Effect) => Promise<void> | void)(effect);
      if (done) done.catch(fault);
    } catch (error) {
      fault(error);
    }
  }

  /** In memory first, on the way then. */
  private send(item: Item): Promise<void> {
    this.ports.outbox.add(item);
    return this.flush(true);
  }

  /** Empties the outbox; what must wait is tried again with growing pauses until nothing waits. */
  private async flush(force: boolean): Promise<void> {
    if (force) this.flushTries = 0;
    await this.ports.outbox.flush();
    this.clear('flush');
    if (this.ports.outbox.isEmpty()) return;
    const pause = FLUSH_MS[Math.min(this.flushTries, FLUSH_MS.length - 1)] as number;
    this.flushTries += 1;
    this.clocks.set('flush', setTimeout(() => this.perform({ do: 'flush', force: false }), pause));
  }

  /** One clock per key: starting it again starts it anew. */
  private after(ms: number, key: string, event: Event): void {
    this.clear(key);
    this.clocks.set(key, setTimeout(() => {
      this.clocks.delete(key);
      this.ports.dispatch(event);
    }, ms));
  }

  private clear(key: string): void {
    clearTimeout(this.clocks.get(key));
    this.clocks.delete(key);
  }

  /** The same content under the same request id, as long as the register runs. */
  private ridOf(key: string): string {
    const rid = this.rids.get(key) || newRid();
    if (this.rids.size >= RIDS_MAX) this.rids.clear();
    this.rids.set(key, rid);
    return rid;
  }
}
