import type { Customer, Hello, Identified, Quote, Reservation } from '../src/api/contract';
import type { Problem } from '../src/api/problems';
import type { Effect } from '../src/state/effects';
import type { Event } from '../src/state/events';
import type { Order, Receipt } from '../src/state/order';
import { initialState, type State } from '../src/state/state';
import { step } from '../src/state/step';

export function hello(settings: Partial<Hello['settings']> = {}): Hello {
  return {
    terminal: { id: '3', name: 'Bar' },
    business: { name: 'Kava' },
    point_of_sale: { id: '2', name: 'Center' },
    currency: { code: 'UAH', digits: 2, symbol: '₴' },
    phone: { country: 'UA', calling_code: '380' },
    settings: {
      ask_at_pay: false,
      profile_display: 'never',
      always_show_benefits: false,
      create_poster_customers: true,
      post_from_register: true,
      ...settings,
    },
    program: { title: 'Bonus club', version: 4, earn_percent: '5', redeem_percent: '50' },
    poster: { client_group_id: 7, application_name: 'inCust' },
    server_time: '2026-11-24T10:00:00+00:00',
  };
}

export function customer(changes: Partial<Customer> = {}): Customer {
  return {
    id: '41',
    name: 'Olena',
    status: 'full',
    phone: '+380501112233',
    email: '',
    card_number: '',
    birthday: null,
    gender: null,
    category: '',
    bonus: { balance_minor: 12000, available_minor: 12000, expiring: [] },
    poster_client_id: 12,
    is_new: false,
    ...changes,
  };
}

export function identifiedAs(changes: Partial<Customer> = {}): Identified {
  return { customer: customer(changes), identification: { id: 'i1', kind: 'phone', strength: 'weak' } };
}

export function order(changes: Partial<Order> = {}): Order {
  return {
    id: '1506511064579',
    transactionId: '',
    clientId: 0,
    lines: [
      { line_id: '0', product_id: '12', modification_id: '', quantity: '2.000', amount_minor: 9000, discountable: true, promotion: false },
    ],
    totalMinor: 9000,
    serviceMinor: 0,
    preCheckPrinted: false,
    redeemedMinor: 0,
    posterBonusMinor: 0,
    link: null,
    ...changes,
  };
}

export function receipt(changes: Partial<Receipt> = {}): Receipt {
  return {
    ...order(),
    payment: { cash_minor: 9000, card_minor: 0, other_minor: 0, poster_bonus_minor: 0 },
    closedWithoutPayment: false,
    closedAt: '2026-11-24T10:05:00.000Z',
    ...changes,
  };
}

export function quote(changes: Partial<Quote> = {}): Quote {
  return {
    program_version: 4,
    total_minor: 9000,
    redeem_max_minor: 4000,
    redeem_minor: 4000,
    due_minor: 5000,
    earn_minor: 250,
    earn_without_redeem_minor: 450,
    redeem_blocked: null,
    confirmation: { required: false, channel: null, masked: '' },
    check_hash: 'h1',
    print_text: 'Bonuses: -40.00, +2.50. Balance: 82.50',
    ...changes,
  };
}

export function reservation(changes: Partial<Reservation> = {}): Reservation {
  return {
    check_id: '77',
    redeem_minor: 4000,
    due_minor: 5000,
    earn_minor: 250,
    program_version: 4,
    hold_expires_at: '2026-11-24T10:30:00+00:00',
    print_text: 'Bonuses: -40.00, +2.50. Balance: 82.50',
    ...changes,
  };
}

export function problem(code: string, status: number, members: Record<string, unknown> = {}): Problem {
  return { code, status, detail: `server says ${code}`, members };
}

export const OUTAGE: Problem = { code: 'unreachable', status: 0, detail: '', members: {} };

/** Drives the state machine and keeps what it asked for since it was last looked at. */
export class Till {
  state: State;
  effects: Effect[] = [];
  /** Every `next` ever called, in order. */
  nexts: number[] = [];

  constructor(settings: Partial<Hello['settings']> = {}) {
    this.state = initialState(null, {});
    this.happen({ type: 'helloAnswered', hello: hello(settings) });
    this.take();
  }

  happen(...events: Event[]): this {
    for (const event of events) {
      const before = JSON.stringify(this.state);
      const held = this.state;
      const { state, effects } = step(this.state, event);
      if (JSON.stringify(held) !== before) throw new Error(`${event.type} changed the state it was given`);
      this.state = state;
      this.effects.push(...effects);
      effects.forEach((effect) => effect.do === 'next' && this.nexts.push(effect.token));
    }
    return this;
  }

  /** The effects since the last look. */
  take(): Effect[] {
    const taken = this.effects;
    this.effects = [];
    return taken;
  }

  /** The last effect of a kind since the last look; fails if there is none. */
  asked<K extends Effect['do']>(kind: K): Extract<Effect, { do: K }> {
    const found = this.effects.filter((effect) => effect.do === kind).pop();
    if (!found) throw new Error(`no ${kind} among ${this.effects.map((effect) => effect.do).join(', ') || 'nothing'}`);
    return found as Extract<Effect, { do: K }>;
  }

  did(kind: Effect['do']): boolean {
    return this.effects.some((effect) => effect.do === kind);
  }

  /** An order with an attached guest and, unless told otherwise, his quote. */
  withGuest(of: Order = order(), answer: Quote | null = quote()): this {
    this.happen({ type: 'iconPressed', place: 'order', order: of }, { type: 'identifierSubmitted', text: '0501112233' });
    const { request } = this.asked('identify');
    this.happen({ type: 'identified', request, orderId: of.id, answer: identifiedAs() });
    this.happen({ type: 'attached', orderId: of.id, customerId: '41', clientId: 12, order: { ...of, clientId: 12 }, trouble: null });
    if (answer) this.answerQuote(answer);
    this.take();
    return this;
  }

  answerQuote(answer: Quote = quote()): this {
    const { order: of, purpose, request, fingerprint } = this.asked('quote');
    return this.happen({ type: 'quoted', orderId: of.id, purpose, request, fingerprint, answer });
  }

  answerReserve(answer: Reservation = reservation()): this {
    const { order: of, request, fingerprint } = this.asked('reserve');
    return this.happen({ type: 'reserved', orderId: of.id, request, answer, fingerprint });
  }

  answerBonus(ok = true): this {
    const { orderId, minor, request } = this.asked('setBonus');
    return this.happen({ type: 'bonusSet', orderId, minor, ok, request });
  }

  /** Pay was pressed for an order with client 12 on it. */
  pay(token = 1, changes: Partial<Order> = {}): this {
    return this.happen({ type: 'payPressed', token, order: order({ clientId: 12, ...changes }) });
  }
}
