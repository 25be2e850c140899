import { describe, expect, it } from 'vitest';
import { customer, identifiedAs, order, OUTAGE, problem, quote, reservation, Till } from './factories';

const ID = order().id;

describe('Pay without a guest', () => {
  it('goes straight on', () => {
    const till = new Till().happen({ type: 'payPressed', token: 1, order: order() });
    expect(till.take()).toEqual([{ do: 'next', token: 1 }]);
    expect(till.state.pay).toBeNull();
  });

  it('opens the window with the field where the terminal asks at Pay; "No card" goes on', () => {
    const till = new Till({ ask_at_pay: true }).happen({ type: 'payPressed', token: 1, order: order() });
    expect(till.take()).toEqual([{ do: 'popup' }]);
    expect(till.state.window).toMatchObject({ view: 'identify', orderId: ID });
    till.happen({ type: 'noCardPressed' });
    expect(till.take()).toEqual([{ do: 'closePopup' }, { do: 'next', token: 1 }]);
    expect(till.nexts).toEqual([1]);
  });

  it('goes straight on while no program is published, or the server is away', () => {
    const till = new Till({ ask_at_pay: true }).happen({ type: 'helloFailed', problem: OUTAGE });
    till.take();
    till.happen({ type: 'payPressed', token: 1, order: order() });
    expect(till.take()).toEqual([{ do: 'next', token: 1 }]);
  });
});

describe('Pay with a guest', () => {
  it('shows the prefetched quote at once, without asking for it again', () => {
    const till = new Till().withGuest().pay();
    expect(till.did('popup')).toBe(true);
    expect(till.state.window).toMatchObject({ view: 'redeem', stage: 'offer', quote: { redeem_max_minor: 4000 } });
    expect(till.asked('quote')).toMatchObject({ purpose: 'none', redeemMinor: 0 });
    expect(till.nexts).toEqual([]);
  });

  it('redeems the most with one press: hold, discount, receipt text, next', () => {
    const till = new Till().withGuest().pay();
    till.take();
    till.happen({ type: 'redeemPressed', minor: 4000 });
    expect(till.asked('reserve')).toMatchObject({ redeemMinor: 4000, hash: 'h1', code: null, renewal: false });
    till.answerReserve();
    expect(till.asked('setBonus')).toMatchObject({ orderId: ID, minor: 4000 });
    expect(till.nexts).toEqual([]);
    till.answerBonus();
    const last = till.take().slice(-3);
    expect(last).toEqual([
      { do: 'printText', orderId: ID, text: reservation().print_text },
      { do: 'closePopup' },
      { do: 'next', token: 1 },
    ]);
    expect(till.state.orders[ID]?.redemption).toMatchObject({ checkId: '77', minor: 4000 });
  });

  it('calls next once, though everything answers twice', () => {
    const till = new Till().withGuest().pay();
    till.happen({ type: 'redeemPressed', minor: 4000 }, { type: 'redeemPressed', minor: 4000 });
    expect(till.take().filter((effect) => effect.do === 'reserve')).toHaveLength(1);
    const request = (till.state.window as { request: number }).request;
    till.happen({ type: 'reserved', orderId: ID, request, answer: reservation(), fingerprint: 'f' });
    till.happen({ type: 'bonusSet', orderId: ID, minor: 4000, ok: true, request }, { type: 'bonusSet', orderId: ID, minor: 4000, ok: true, request });
    till.happen({ type: 'popupClosed' }, { type: 'noCardPressed' }, { type: 'redeemNonePressed' });
    expect(till.nexts).toEqual([1]);
  });

  it('goes straight on with nothing to offer, and puts the benefits on the receipt', () => {
    const nothing = quote({ redeem_max_minor: 0, redeem_minor: 0, print_text: 'Bonuses: +4.50' });
    const till = new Till().withGuest(order(), nothing).pay();
    expect(till.take()).toEqual([
      { do: 'printText', orderId: ID, text: 'Bonuses: +4.50' },
      { do: 'next', token: 1 },
    ]);
  });

  it('shows the benefits all the same where the terminal always does', () => {
    const till = new Till({ always_show_benefits: true }).withGuest(order(), quote({ redeem_max_minor: 0 })).pay();
    expect(till.state.window).toMatchObject({ view: 'redeem', stage: 'offer' });
    till.happen({ type: 'redeemNonePressed' });
    expect(till.nexts).toEqual([1]);
  });

  it('asks anew when the order is not the quoted one, shows a skeleton meanwhile, and drops the stale answer', () => {
    const till = new Till().withGuest().pay(1, { totalMinor: 10000 });
    expect(till.state.window).toBeNull();
    const { wait } = till.state.pay as { wait: number };
    till.happen({ type: 'skeletonDue', wait });
    expect(till.state.window).toMatchObject({ view: 'redeem', stage: 'loading' });
    const asked = till.asked('quote');
    till.happen({ type: 'quoted', orderId: ID, purpose: 'offer', request: asked.request - 1, fingerprint: asked.fingerprint, answer: quote({ redeem_max_minor: 1 }) });
    expect(till.state.window).toMatchObject({ stage: 'loading' });
    till.happen({ type: 'quoted', orderId: ID, purpose: 'offer', request: asked.request, fingerprint: asked.fingerprint, answer: quote({ redeem_max_minor: 5000 }) });
    expect(till.state.window).toMatchObject({ stage: 'offer', quote: { redeem_max_minor: 5000 } });
  });

  it('shows no window for a quick quote with nothing in it', () => {
    const till = new Till().withGuest().pay(1, { totalMinor: 10000 });
    till.answerQuote(quote({ redeem_max_minor: 0 }));
    till.happen({ type: 'skeletonDue', wait: 1 });
    expect(till.did('popup')).toBe(false);
    expect(till.nexts).toEqual([1]);
  });

  it('offers nothing beside Poster’s own bonus', () => {
    const till = new Till().withGuest().pay(1, { posterBonusMinor: 500 });
    expect(till.asked('quote')).toMatchObject({ redeemMinor: 0 });
    till.answerQuote(quote({ print_text: 'Bonuses: +2.00' }));
    expect(till.did('popup')).toBe(false);
    expect(till.nexts).toEqual([1]);
  });

  it('recognises a guest whom Poster attached, before it offers', () => {
    const till = new Till().pay();
    expect(till.asked('identifyClient')).toEqual({ do: 'identifyClient', orderId: ID, clientId: 12 });
    till.happen({ type: 'clientIdentified', orderId: ID, clientId: 12, answer: identifiedAs(), order: null });
    till.answerQuote();
    expect(till.state.window).toMatchObject({ view: 'redeem', stage: 'offer' });
  });

  it('lets a stranger pass, and does not ask about him again', () => {
    const till = new Till().pay();
    till.happen({ type: 'clientUnknown', orderId: ID, clientId: 12, problem: problem('customer-unknown', 404) });
    expect(till.nexts).toEqual([1]);
    till.take();
    till.pay(2);
    expect(till.take()).toEqual([{ do: 'next', token: 2 }]);
  });
});

describe('a sale that loyalty would hold up', () => {
  it('goes on after two seconds, with a notification, and the next one waits for nothing', () => {
    const till = new Till().withGuest().pay(1, { totalMinor: 10000 });
    const { wait } = till.state.pay as { wait: number };
    expect(till.asked('after')).toBeDefined();
    expect(till.take().filter((effect) => effect.do === 'after').map((effect) => 'ms' in effect && effect.ms)).toContain(2000);
    till.happen({ type: 'deadlinePassed', wait });
    expect(till.nexts).toEqual([1]);
    expect(till.asked('notify').sentence).toEqual({ text: 'offline' });
    expect(till.asked('after')).toMatchObject({ key: 'hello', ms: 5000 });
    till.take();
    till.pay(2);
    expect(till.take()).toEqual([{ do: 'next', token: 2 }]);
  });

  it('ignores a deadline of a step that is over', () => {
    const till = new Till().withGuest().pay(1, { totalMinor: 10000 });
    const { wait } = till.state.pay as { wait: number };
    till.answerQuote();
    till.happen({ type: 'deadlinePassed', wait });
    expect(till.nexts).toEqual([]);
    expect(till.state.connection.phase).toBe('online');
  });

  it('does not call next again when the late quote comes', () => {
    const till = new Till().withGuest().pay(1, { totalMinor: 10000 });
    const { wait } = till.state.pay as { wait: number };
    till.happen({ type: 'deadlinePassed', wait });
    till.answerQuote();
    expect(till.nexts).toEqual([1]);
    expect(till.state.window).toBeNull();
  });

  it('goes on when the server is lost during a quote', () => {
    const till = new Till().withGuest().pay(1, { totalMinor: 10000 });
    const { request } = till.asked('quote');
    till.happen({ type: 'quoteFailed', orderId: ID, purpose: 'offer', request, problem: OUTAGE });
    expect(till.nexts).toEqual([1]);
    expect(till.state.connection.phase).toBe('offline');
  });

  it('goes on with the reason when the server refuses a quote, and stays online', () => {
    const till = new Till().withGuest().pay(1, { totalMinor: 10000 });
    const { request } = till.asked('quote');
    till.happen({ type: 'quoteFailed', orderId: ID, purpose: 'offer', request, problem: problem('currency-mismatch', 422) });
    expect(till.nexts).toEqual([1]);
    expect(till.asked('notify').sentence).toEqual({ said: 'server says currency-mismatch' });
    expect(till.state.connection.phase).toBe('online');
  });

  it('goes on when a fault of our own happens', () => {
    const till = new Till().withGuest().pay().happen({ type: 'faulted', message: 'x is undefined' });
    expect(till.nexts).toEqual([1]);
    expect(till.state.connection.problem?.code).toBe('till-fault');
  });

  it('frees the earlier sale when Pay is pressed twice', () => {
    const till = new Till().withGuest().pay(1).pay(2);
    expect(till.nexts).toEqual([1]);
    till.happen({ type: 'redeemNonePressed' });
    expect(till.nexts).toEqual([1, 2]);
  });
});

describe('the window closed by its X during Pay', () => {
  it('goes on without redemption', () => {
    const till = new Till().withGuest().pay().happen({ type: 'popupClosed' });
    expect(till.nexts).toEqual([1]);
    expect(till.did('setBonus')).toBe(false);
    expect(till.did('closePopup')).toBe(false);
  });

  it('gives back a hold whose answer comes afterwards', () => {
    const till = new Till().withGuest().pay().happen({ type: 'redeemPressed', minor: 4000 }, { type: 'popupClosed' });
    till.answerReserve();
    expect(till.asked('cancelHold')).toEqual({ do: 'cancelHold', orderId: ID });
    expect(till.did('setBonus')).toBe(false);
    expect(till.nexts).toEqual([1]);
  });

  it('lets Poster finish when it takes the discount over at that moment', () => {
    const till = new Till().withGuest().pay().happen({ type: 'redeemPressed', minor: 4000 });
    till.answerReserve().happen({ type: 'popupClosed' });
    expect(till.nexts).toEqual([]);
    till.answerBonus();
    expect(till.nexts).toEqual([1]);
    expect(till.state.orders[ID]?.redemption?.minor).toBe(4000);
  });

  it('means nothing when no window is open', () => {
    const till = new Till().happen({ type: 'popupClosed' });
    expect(till.take()).toEqual([]);
  });
});

describe('collecting at Pay', () => {
  it('attaches the scanned guest and goes on by itself', () => {
    const till = new Till({ ask_at_pay: true }).happen({ type: 'payPressed', token: 1, order: order() }, { type: 'identifierSubmitted', text: '123456' });
    const { request } = till.asked('identify');
    till.happen({ type: 'identified', request, orderId: ID, answer: identifiedAs() });
    till.happen({ type: 'attached', orderId: ID, customerId: '41', clientId: 12, order: order({ clientId: 12 }), trouble: null });
    till.answerQuote(quote({ redeem_max_minor: 0 }));
    expect(till.take().slice(-3).map((effect) => effect.do)).toEqual(['printText', 'closePopup', 'next']);
  });

  it('shows the profile first where the terminal does so for every sale', () => {
    const till = new Till({ ask_at_pay: true, profile_display: 'always' }).happen({ type: 'payPressed', token: 1, order: order() }, { type: 'identifierSubmitted', text: '123456' });
    till.happen({ type: 'identified', request: till.asked('identify').request, orderId: ID, answer: identifiedAs() });
    till.happen({ type: 'attached', orderId: ID, customerId: '41', clientId: 12, order: order({ clientId: 12 }), trouble: null });
    till.answerQuote(quote({ redeem_max_minor: 0 }));
    expect(till.state.window).toEqual({ view: 'profile', orderId: ID });
    expect(till.nexts).toEqual([]);
    till.happen({ type: 'closePressed' });
    expect(till.nexts).toEqual([1]);
  });

  it('goes on when the server is lost while the guest is looked up', () => {
    const till = new Till({ ask_at_pay: true }).happen({ type: 'payPressed', token: 1, order: order() }, { type: 'identifierSubmitted', text: '123456' });
    const { request } = till.asked('identify');
    till.happen({ type: 'identifyFailed', request, orderId: ID, text: '123456', problem: OUTAGE });
    expect(till.nexts).toEqual([1]);
  });

  it('stays with the field after a code that cannot be used', () => {
    const till = new Till({ ask_at_pay: true }).happen({ type: 'payPressed', token: 1, order: order() }, { type: 'identifierSubmitted', text: '123456' });
    const { request } = till.asked('identify');
    till.happen({ type: 'identifyFailed', request, orderId: ID, text: '123456', problem: problem('identifier-unusable', 404) });
    expect(till.state.window).toMatchObject({ view: 'identify', busy: false, problem: { said: 'server says identifier-unusable' } });
    expect(till.nexts).toEqual([]);
  });
});

describe('the payment button, when the payment screen is up already', () => {
  it('redeems without any next to call', () => {
    const till = new Till().happen({ type: 'iconPressed', place: 'payment', order: order() }, { type: 'identifierSubmitted', text: '123456' });
    till.happen({ type: 'identified', request: till.asked('identify').request, orderId: ID, answer: { ...identifiedAs(), customer: customer() } });
    till.happen({ type: 'attached', orderId: ID, customerId: '41', clientId: 12, order: order({ clientId: 12 }), trouble: null });
    till.answerQuote();
    till.happen({ type: 'redeemPressed', minor: 4000 });
    till.answerReserve().answerBonus();
    expect(till.did('closePopup')).toBe(true);
    expect(till.state.orders[ID]?.redemption?.minor).toBe(4000);
    expect(till.nexts).toEqual([]);
    expect(till.state.pay).toBeNull();
  });
});
