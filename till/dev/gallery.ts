/** Shows one window in a given state, to look at while developing: view.html?view=offer&lang=uk */
import { h, render } from 'preact';
import type { Customer } from '../src/api/contract';
import type { State, Window } from '../src/state/state';
import { languageOf } from '../src/texts';
import { speaker } from '../src/views/speaker';
import css from '../src/views/style.css?inline';
import { PopupWindow } from '../src/views/window';
import { customer, order, OUTAGE, problem, quote, Till } from '../tests/factories';

const query = new URLSearchParams(location.search);
const language = languageOf(query.get('lang') ?? 'en');
const view = query.get('view') ?? 'identify';
const ID = order().id;

const RICH: Partial<Customer> = {
  category: 'Gold',
  email: 'olena@example.org',
  card_number: '4006381333931',
  birthday: '1990-04-12',
  bonus: {
    balance_minor: 123450,
    available_minor: 119450,
    expiring: [
      { amount_minor: 500, expires_on: '2026-12-01' },
      { amount_minor: 12000, expires_on: '2027-01-31' },
    ],
  },
};

function withWindow(till: Till, patch: object): State {
  return { ...till.state, window: { ...(till.state.window as Window), ...patch } as Window };
}

function withCustomer(till: Till, changes: Partial<Customer>): Till {
  const known = till.state.orders[ID]!;
  const orders = { ...till.state.orders, [ID]: { ...known, guest: { ...known.guest!, customer: customer(changes) } } };
  till.state = { ...till.state, orders };
  return till;
}

function offer(changes = {}): Till {
  return new Till().withGuest().pay(1, changes);
}

function unknown(): State {
  const till = new Till().happen({ type: 'iconPressed', place: 'order', order: order() }, { type: 'identifierSubmitted', text: '1' });
  const members = { kind: 'phone', normalized: '+380501112233' };
  const { request } = till.asked('identify');
  return till.happen({ type: 'identifyFailed', request, orderId: ID, text: '1', problem: problem('customer-unknown', 404, members) }).state;
}

function code(): Till {
  const till = offer().happen({ type: 'redeemPressed', minor: 4000 });
  const confirmation = { channel: 'email', masked: 'o•••@example.org', expires_at: '', resend_after_s: 30 };
  const failed = problem('confirmation-required', 409, { confirmation });
  return till.happen({ type: 'reserveFailed', orderId: ID, request: till.asked('reserve').request, problem: failed, now: Date.now() });
}

const asking = (): Till => new Till({ ask_at_pay: true }).happen({ type: 'payPressed', token: 1, order: order() });
const identify = (): Till => new Till().happen({ type: 'iconPressed', place: 'order', order: order() });
const profile = (): Till => new Till().withGuest().happen({ type: 'iconPressed', place: 'order', order: order({ clientId: 12 }) });

const STATES: Record<string, () => State> = {
  identify: () => identify().state,
  typed: () => identify().state,
  letters: () => identify().state,
  camera: () => asking().state,
  asked: () => asking().state,
  refused: () => withWindow(asking(), { problem: { said: 'This code or card cannot be used. Ask the guest for a new one.' } }),
  newGuest: unknown,
  profile: () => withCustomer(profile(), { status: 'limited', is_new: true }).state,
  rich: () => withCustomer(profile(), RICH).state,
  redeemed: () => {
    const till = offer().happen({ type: 'redeemPressed', minor: 4000 });
    till.answerReserve().answerBonus();
    return till.happen({ type: 'iconPressed', place: 'order', order: order({ clientId: 12, redeemedMinor: 4000 }) }).state;
  },
  loading: () => {
    const till = new Till().withGuest().pay(1, { totalMinor: 1 });
    return till.happen({ type: 'skeletonDue', wait: till.state.pay!.wait! }).state;
  },
  offer: () => offer().state,
  preCheck: () => withWindow(offer({ preCheckPrinted: true }), { quote: quote({ confirmation: { required: true, channel: 'email', masked: 'o•••@example.org' } }) }),
  blocked: () => {
    const blocked = quote({ redeem_max_minor: 0, redeem_blocked: { code: 'limited-status', detail: 'The guest collects only until he agrees to the processing of his data.' } });
    return new Till({ always_show_benefits: true }).withGuest(order(), blocked).pay().state;
  },
  amount: () => withWindow(offer(), { stage: 'amount', amount: { minor: 1500, quote: quote({ earn_minor: 375 }), request: 1 } }),
  tooMuch: () => withWindow(offer(), { stage: 'amount', amount: { minor: 5000, quote: null, request: 1 } }),
  code: () => code().state,
  wrongCode: () => withWindow(code(), { problem: { text: 'problem_confirmation_wrong', values: { tries: 3 } } }),
  status: () => new Till().happen({ type: 'iconPressed', place: 'functions', order: null }).state,
  offline: () => new Till().happen({ type: 'helloFailed', problem: OUTAGE }, { type: 'outboxCounted', count: { waiting: 3, setAside: 1 } }, { type: 'iconPressed', place: 'functions', order: null }).state,
};

const style = document.createElement('style');
style.textContent = css;
document.head.append(style);
const ui = {
  ...speaker(language, () => 2, () => '₴'),
  state: STATES[view]!(),
  dispatch: (event: object) => console.log(event),
  digits: 2,
  canScan: view === 'camera',
  server: 'https://loyalty.example.org',
};
render(h(PopupWindow, { ui }), document.getElementById('app-container')!);

const press = (keys: string): void => keys.split('').forEach((key) => document.querySelector<HTMLElement>(`[data-test="key-${key}"]`)!.click());
if (view === 'typed') press('0501112233');
if (view === 'amount') press('15');
if (view === 'tooMuch') press('50');
if (view === 'code') press('123');
if (view === 'letters') document.querySelector<HTMLElement>('[data-test="key-abc"]')!.click();
