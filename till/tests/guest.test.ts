import { describe, expect, it } from 'vitest';
import { initialState } from '../src/state/state';
import { step } from '../src/state/step';
import { hello, identifiedAs, order, OUTAGE, problem, quote, Till } from './factories';

const ID = order().id;

function looking(till = new Till()): Till {
  return till.happen({ type: 'iconPressed', place: 'order', order: order() }, { type: 'identifierSubmitted', text: ' 0501112233 ' });
}

describe('choosing a customer', () => {
  it('asks the server with what was typed, once', () => {
    const till = looking().happen({ type: 'identifierSubmitted', text: 'again' });
    expect(till.take().filter((effect) => effect.do === 'identify')).toEqual([{ do: 'identify', request: 1, orderId: ID, text: '0501112233' }]);
    expect(till.state.window).toMatchObject({ view: 'identify', busy: true });
  });

  it('attaches the guest and closes the window by itself', () => {
    const till = looking();
    till.happen({ type: 'identified', request: till.asked('identify').request, orderId: ID, answer: identifiedAs() });
    expect(till.asked('attach').guest).toMatchObject({ customerId: '41', identificationId: 'i1', name: 'Olena' });
    till.happen({ type: 'attached', orderId: ID, customerId: '41', clientId: 12, order: order({ clientId: 12 }), trouble: null });
    expect(till.state.window).toBeNull();
    expect(till.did('closePopup')).toBe(true);
    expect(till.asked('quote')).toMatchObject({ purpose: 'offer', redeemMinor: null });
    expect(till.asked('remember').link).toEqual({ customerId: '41', identificationId: 'i1', name: 'Olena', checkId: null });
    expect(till.did('mapClient')).toBe(false);
  });

  it.each([
    ['never', false, null],
    ['new', false, null],
    ['new', true, 'profile'],
    ['always', false, 'profile'],
  ] as const)('profile display "%s", new guest %s: then shows %s', (profile_display, is_new, view) => {
    const till = looking(new Till({ profile_display }));
    till.happen({ type: 'identified', request: till.asked('identify').request, orderId: ID, answer: identifiedAs({ is_new }) });
    till.happen({ type: 'attached', orderId: ID, customerId: '41', clientId: 12, order: null, trouble: null });
    expect(till.state.window?.view ?? null).toBe(view);
  });

  it('tells the server which Poster client the guest is, where that is new', () => {
    const till = looking();
    till.happen({ type: 'identified', request: till.asked('identify').request, orderId: ID, answer: identifiedAs({ poster_client_id: null }) });
    till.happen({ type: 'attached', orderId: ID, customerId: '41', clientId: 15, order: null, trouble: null });
    expect(till.asked('mapClient')).toEqual({ do: 'mapClient', orderId: ID, customerId: '41', clientId: 15 });
  });

  it('keeps the guest although Poster refused, and says why', () => {
    const till = looking();
    till.happen({ type: 'identified', request: till.asked('identify').request, orderId: ID, answer: identifiedAs({ poster_client_id: null }) });
    till.happen({ type: 'attached', orderId: ID, customerId: '41', clientId: null, order: null, trouble: { text: 'attach_no_client' } });
    expect(till.asked('notify').sentence).toEqual({ text: 'attach_no_client' });
    expect(till.state.orders[ID]?.guest?.customerId).toBe('41');
  });

  it('drops an answer that comes after the window was closed', () => {
    const till = looking();
    const { request } = till.asked('identify');
    till.happen({ type: 'popupClosed' }, { type: 'identified', request, orderId: ID, answer: identifiedAs() });
    expect(till.state.orders[ID]?.guest).toBeNull();
    expect(till.did('attach')).toBe(false);
  });

  it('shows the profile of a guest who is there already', () => {
    const till = new Till().withGuest().happen({ type: 'iconPressed', place: 'order', order: order({ clientId: 12 }) });
    expect(till.state.window).toEqual({ view: 'profile', orderId: ID });
    till.happen({ type: 'closePressed' });
    expect(till.state.window).toBeNull();
  });

  it('needs an order, and the server', () => {
    expect(new Till().happen({ type: 'iconPressed', place: 'order', order: null }).asked('notify').sentence).toEqual({ text: 'open_order_first' });
    const offline = new Till().happen({ type: 'helloFailed', problem: OUTAGE }, { type: 'iconPressed', place: 'order', order: order() });
    expect(offline.state.window).toEqual({ view: 'status', busy: false });
  });
});

describe('a guest nobody knows', () => {
  function unknown(): Till {
    const till = looking();
    const { request } = till.asked('identify');
    const members = { kind: 'phone', normalized: '+380501112233' };
    return till.happen({ type: 'identifyFailed', request, orderId: ID, text: '0501112233', problem: problem('customer-unknown', 404, members) });
  }
  const form = { name: 'Olena', birthday: null, gender: null, consent: true };

  it('gets a form with his phone in it, and is attached once saved', () => {
    const till = unknown();
    expect(till.state.window).toMatchObject({ view: 'newGuest', kind: 'phone', value: '+380501112233' });
    till.happen({ type: 'guestFormSaved', form });
    const asked = till.asked('register');
    expect(asked).toMatchObject({ contact: { phone: '+380501112233' }, form });
    till.happen({ type: 'guestRegistered', request: asked.request, orderId: ID, answer: identifiedAs({ is_new: true }) });
    expect(till.asked('attach').guest.customerId).toBe('41');
  });

  it('is saved once, though the button is pressed twice', () => {
    const till = unknown();
    till.take();
    till.happen({ type: 'guestFormSaved', form }, { type: 'guestFormSaved', form });
    expect(till.take().filter((effect) => effect.do === 'register')).toHaveLength(1);
  });

  it('keeps the form when the server refuses', () => {
    const till = unknown().happen({ type: 'guestFormSaved', form });
    till.happen({ type: 'registrationFailed', request: till.asked('register').request, problem: problem('phone-invalid', 422) });
    expect(till.state.window).toMatchObject({ view: 'newGuest', busy: false, problem: { said: 'server says phone-invalid' } });
  });

  it('gets no form for a card or a code', () => {
    const till = looking();
    const { request } = till.asked('identify');
    till.happen({ type: 'identifyFailed', request, orderId: ID, text: '1', problem: problem('customer-unknown', 404, { kind: 'card' }) });
    expect(till.state.window).toMatchObject({ view: 'identify', problem: { said: 'server says customer-unknown' } });
  });
});

describe('Poster’s own customer tab', () => {
  it('is followed: the server says who the client is, and the quote is fetched', () => {
    const till = new Till().happen({ type: 'orderSeen', order: order() }, { type: 'clientChanged', orderId: ID, clientId: 12 });
    expect(till.asked('identifyClient')).toEqual({ do: 'identifyClient', orderId: ID, clientId: 12 });
    till.happen({ type: 'clientIdentified', orderId: ID, clientId: 12, answer: identifiedAs(), order: order({ clientId: 12 }) });
    expect(till.state.orders[ID]?.guest).toMatchObject({ customerId: '41', posterClientId: 12 });
    expect(till.did('quote')).toBe(true);
  });

  it('echoes our own call, which means nothing', () => {
    const till = looking();
    till.happen({ type: 'identified', request: till.asked('identify').request, orderId: ID, answer: identifiedAs({ poster_client_id: null }) });
    till.happen({ type: 'clientExpected', orderId: ID, clientId: 15 });
    till.take();
    till.happen({ type: 'clientChanged', orderId: ID, clientId: 15 });
    till.happen({ type: 'attached', orderId: ID, customerId: '41', clientId: 15, order: null, trouble: null });
    till.happen({ type: 'clientChanged', orderId: ID, clientId: 15 });
    expect(till.did('identifyClient')).toBe(false);
    expect(till.state.orders[ID]?.guest?.customerId).toBe('41');
  });

  it('takes the guest off: his redemption is given back and the extras forget him', () => {
    const till = new Till().withGuest().pay().happen({ type: 'redeemPressed', minor: 4000 });
    till.answerReserve().answerBonus();
    till.take();
    till.happen({ type: 'clientChanged', orderId: ID, clientId: 0 });
    expect(till.asked('setBonus')).toMatchObject({ minor: 0 });
    expect(till.did('cancelHold')).toBe(true);
    expect(till.asked('remember').link).toBeNull();
    expect(till.state.orders[ID]?.guest).toBeNull();
  });

  it('does not bring him back by extras that are older than that', () => {
    const link = { customerId: '41', identificationId: 'i1', name: 'Olena', checkId: null };
    const till = new Till().withGuest().happen({ type: 'clientChanged', orderId: ID, clientId: 0 });
    till.happen({ type: 'orderSeen', order: order({ link }) });
    expect(till.state.orders[ID]?.guest).toBeNull();
  });

  it('changes the guest: the new client is asked about, a late answer for the old one is dropped', () => {
    const till = new Till().withGuest().happen({ type: 'clientChanged', orderId: ID, clientId: 20 });
    expect(till.asked('identifyClient')).toMatchObject({ clientId: 20 });
    expect(till.state.orders[ID]?.guest).toBeNull();
    till.happen({ type: 'clientIdentified', orderId: ID, clientId: 12, answer: identifiedAs(), order: null });
    expect(till.state.orders[ID]?.guest).toBeNull();
  });
});

describe('removing the guest in our window', () => {
  it('takes him off Poster’s order as well', () => {
    const till = new Till().withGuest().happen({ type: 'iconPressed', place: 'order', order: order({ clientId: 12 }) }, { type: 'removeGuestPressed' });
    expect(till.asked('detach')).toEqual({ do: 'detach', orderId: ID });
    expect(till.state.window).toBeNull();
    till.take();
    till.happen({ type: 'clientChanged', orderId: ID, clientId: 0 });
    expect(till.did('setBonus')).toBe(false);
  });
});

describe('an order seen on another tablet, or after a restart', () => {
  it('knows its guest and redemption by Poster’s extras', () => {
    const link = { customerId: '41', identificationId: 'i1', name: 'Olena', checkId: '77' };
    const till = new Till().happen({ type: 'orderSeen', order: order({ link, clientId: 12, redeemedMinor: 4000 }) });
    expect(till.state.orders[ID]?.guest).toEqual({ customerId: '41', identificationId: 'i1', name: 'Olena', posterClientId: 12, customer: null });
    expect(till.state.orders[ID]?.redemption).toMatchObject({ checkId: '77', minor: 4000 });
  });

  it('asks for the profile only when it is looked at', () => {
    const link = { customerId: '41', identificationId: 'i1', name: 'Olena', checkId: null };
    const till = new Till().happen({ type: 'iconPressed', place: 'order', order: order({ link, clientId: 12 }) });
    expect(till.asked('readProfile')).toEqual({ do: 'readProfile', orderId: ID, clientId: 12 });
    till.happen({ type: 'profileRead', orderId: ID, customer: identifiedAs({ name: 'Olena K.' }).customer });
    expect(till.state.orders[ID]?.guest).toMatchObject({ name: 'Olena K.', identificationId: 'i1' });
  });

  it('is one of at most sixty', () => {
    const till = new Till();
    for (let i = 1; i <= 65; i += 1) till.happen({ type: 'orderSeen', order: order({ id: String(1000 + i) }) });
    const ids = Object.keys(till.state.orders);
    expect(ids).toHaveLength(60);
    expect(ids).not.toContain('1005');
    expect(ids).toContain('1065');
  });
});

describe('the order’s products change', () => {
  it('asks for one quote when the hands rest, and none while it is known', () => {
    const till = new Till().withGuest();
    till.happen({ type: 'orderSeen', order: order({ clientId: 12 }) });
    till.happen(till.asked('after').event);
    expect(till.did('quote')).toBe(false);
    till.happen({ type: 'orderSeen', order: order({ clientId: 12, totalMinor: 10000 }) });
    till.happen(till.asked('after').event, { type: 'quoteDue', orderId: ID });
    expect(till.take().filter((effect) => effect.do === 'quote')).toHaveLength(1);
  });

  it('asks again when the order changed while the answer was on its way', () => {
    const till = new Till().withGuest(order(), null);
    till.happen({ type: 'quoteDue', orderId: ID });
    const asking = till.state.orders[ID]?.asking;
    till.happen({ type: 'orderSeen', order: order({ clientId: 12, totalMinor: 10000 }) });
    till.take();
    till.happen({ type: 'quoted', orderId: ID, purpose: 'offer', request: asking?.request as number, fingerprint: asking?.fingerprint as string, answer: quote() });
    expect(till.state.orders[ID]?.quote).toBeNull();
    expect(till.did('quote')).toBe(true);
  });
});

describe('the connection', () => {
  it('is announced at the start, and afterwards only when something changed', () => {
    const till = new Till().happen({ type: 'loggedIn', salesperson: { external_id: '3', name: 'Waiter' } });
    expect(till.asked('hello')).toEqual({ do: 'hello', salesperson: { external_id: '3', name: 'Waiter' } });
    till.take();
    till.happen({ type: 'helloAnswered', hello: hello() });
    expect(till.did('notify')).toBe(false);
    till.happen({ type: 'helloAnswered', hello: { ...hello(), terminal: { id: '4', name: 'Hall' } } });
    expect(till.asked('notify').sentence).toEqual({ text: 'connected', values: { terminal: 'Hall', place: 'Center' } });
  });

  it('says exactly what is wrong, once', () => {
    const first = step(initialState(null, {}), { type: 'helloFailed', problem: problem('register-unknown', 403) });
    expect(first.effects).toContainEqual({ do: 'notify', sentence: { said: 'server says register-unknown' } });
    expect(first.state.connection.phase).toBe('refused');
    const second = step(first.state, { type: 'helloFailed', problem: problem('register-unknown', 403) });
    expect(second.effects.map((effect) => effect.do)).toEqual(['after']);
  });

  it('is tried again with growing pauses while it is lost, and flushes when it is back', () => {
    const till = new Till();
    const pauses = [1, 2, 3, 4, 5, 6].map(() => {
      till.take();
      till.happen({ type: 'helloFailed', problem: OUTAGE });
      return till.asked('after').ms;
    });
    expect(pauses).toEqual([5000, 10000, 20000, 40000, 60000, 60000]);
    till.take();
    till.happen({ type: 'helloAnswered', hello: hello() });
    expect(till.asked('flush')).toEqual({ do: 'flush', force: true });
    expect(till.asked('notify').sentence).toMatchObject({ text: 'connected' });
  });

  it('says that no program is published', () => {
    const till = new Till().happen({ type: 'helloAnswered', hello: { ...hello(), program: null } });
    expect(till.asked('notify').sentence).toEqual({ text: 'no_program' });
    till.take();
    till.pay();
    expect(till.take()).toEqual([{ do: 'next', token: 1 }]);
  });

  it('stands under the functions icon, with "try again"', () => {
    const till = new Till().happen({ type: 'iconPressed', place: 'functions', order: null }, { type: 'tryAgainPressed' });
    expect(till.state.window).toEqual({ view: 'status', busy: true });
    till.happen({ type: 'helloAnswered', hello: hello() });
    expect(till.state.window).toEqual({ view: 'status', busy: false });
  });
});
