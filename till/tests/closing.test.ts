import { describe, expect, it } from 'vitest';
import type { Finalized } from '../src/api/contract';
import { order, OUTAGE, problem, quote, receipt, reservation, Till } from './factories';

const ID = order().id;

const FINALIZED: Finalized = { check_id: '77', status: 'finalized', redeemed_minor: 4000, earned_minor: 250, unbacked_minor: 0, balance_minor: 8250, print_text: reservation().print_text };

describe('a paid receipt', () => {
  it('goes to the outbox with what it was reduced by, and the order is forgotten', () => {
    const till = new Till().withGuest().pay().happen({ type: 'redeemPressed', minor: 4000 });
    till.answerReserve().answerBonus();
    till.happen({ type: 'textPrinted', orderId: ID, text: 'on paper', ok: true });
    till.take();
    till.happen({ type: 'orderClosed', receipt: receipt({ redeemedMinor: 4000, clientId: 12, transactionId: '25' }), currency: 'UAH' });
    expect(till.asked('post').receipt).toEqual({
      orderId: ID,
      clientId: null,
      printed: 'on paper',
      body: {
        check_id: '77',
        customer_id: '41',
        identification_id: 'i1',
        check: { external_id: ID, transaction_id: '25', currency: 'UAH', lines: order().lines, total_minor: 9000, service_minor: 0, pre_check_printed: false },
        redeemed_minor: 4000,
        payment: { cash_minor: 9000, card_minor: 0, other_minor: 0, poster_bonus_minor: 0 },
        closed_without_payment: false,
        closed_at: '2026-11-24T10:05:00.000Z',
        salesperson: null,
      },
    });
    expect(till.state.orders[ID]).toBeUndefined();
  });

  it('is posted without a reservation where the guest only collects', () => {
    const till = new Till().withGuest().happen({ type: 'orderClosed', receipt: receipt(), currency: 'UAH' });
    expect(till.asked('post').receipt.body).toMatchObject({ check_id: null, redeemed_minor: 0, customer_id: '41' });
  });

  it('is posted once, though Poster reports it twice', () => {
    const till = new Till().withGuest();
    till.happen({ type: 'orderClosed', receipt: receipt(), currency: 'UAH' }, { type: 'orderClosed', receipt: receipt(), currency: 'UAH' });
    expect(till.take().filter((effect) => effect.do === 'post')).toHaveLength(1);
  });

  it('is posted for the guest in its extras, as after a restart', () => {
    const link = { customerId: '41', identificationId: 'i1', name: 'Olena', checkId: '77' };
    const till = new Till().happen({ type: 'orderClosed', receipt: receipt({ link, redeemedMinor: 4000 }), currency: 'UAH' });
    expect(till.asked('post').receipt.body).toMatchObject({ check_id: '77', customer_id: '41', redeemed_minor: 4000 });
  });

  it('of nobody is not posted', () => {
    expect(new Till().happen({ type: 'orderClosed', receipt: receipt(), currency: 'UAH' }).take()).toEqual([]);
  });

  it('is not posted from the register where the terminal says so', () => {
    const till = new Till({ post_from_register: false }).withGuest().happen({ type: 'orderClosed', receipt: receipt(), currency: 'UAH' });
    expect(till.did('post')).toBe(false);
  });

  it('closed offline names its guest by Poster’s client', () => {
    const till = new Till().happen({ type: 'helloFailed', problem: OUTAGE });
    till.happen({ type: 'orderClosed', receipt: receipt({ clientId: 12 }), currency: 'UAH' });
    expect(till.asked('post').receipt).toMatchObject({ clientId: 12, body: { customer_id: '' } });
  });

  it('of a client who is no guest of ours is not posted', () => {
    const till = new Till().pay();
    till.happen({ type: 'clientUnknown', orderId: ID, clientId: 12, problem: problem('customer-unknown', 404) });
    till.happen({ type: 'helloFailed', problem: OUTAGE });
    till.happen({ type: 'orderClosed', receipt: receipt({ clientId: 12 }), currency: 'UAH' });
    expect(till.did('post')).toBe(false);
  });

  it('stays closed: late answers do not bring its order back', () => {
    const till = new Till().withGuest().happen({ type: 'orderClosed', receipt: receipt(), currency: 'UAH' });
    till.happen({ type: 'textPrinted', orderId: ID, text: 'late', ok: true }, { type: 'orderSeen', order: order() }, { type: 'clientExpected', orderId: ID, clientId: 5 });
    expect(till.state.orders[ID]).toBeUndefined();
  });

  it('ends what still waits for its order', () => {
    const till = new Till().withGuest().pay();
    till.happen({ type: 'orderClosed', receipt: receipt(), currency: 'UAH' });
    expect(till.state.window).toBeNull();
    expect(till.nexts).toEqual([1]);
  });
});

describe('the server’s answer to a receipt', () => {
  it('is silent when the paper says the same', () => {
    const till = new Till().happen({ type: 'posted', orderId: ID, answer: FINALIZED, printed: FINALIZED.print_text, late: false });
    expect(till.take()).toEqual([]);
  });

  it.each([[null], ['something else']])('is told to the cashier when the paper said %j', (printed) => {
    const till = new Till().happen({ type: 'posted', orderId: ID, answer: FINALIZED, printed, late: false });
    expect(till.asked('notify').sentence).toEqual({ said: FINALIZED.print_text });
  });

  it('is no news hours later', () => {
    expect(new Till().happen({ type: 'posted', orderId: ID, answer: FINALIZED, printed: null, late: true }).take()).toEqual([]);
  });
});

describe('the end of a shift', () => {
  it('flushes the outbox and tells what is left', () => {
    const till = new Till().happen({ type: 'outboxCounted', count: { waiting: 3, setAside: 0 } }, { type: 'shiftClosed' });
    expect(till.asked('flush')).toEqual({ do: 'flush', force: true });
    till.happen(till.asked('after').event);
    expect(till.asked('notify').sentence).toEqual({ text: 'outbox_waiting', values: { count: 3 } });
  });

  it('says nothing when nothing is left', () => {
    const till = new Till().happen({ type: 'shiftClosed' });
    till.take();
    till.happen({ type: 'leftoversDue' });
    expect(till.take()).toEqual([]);
  });
});

describe('a quote that is no offer', () => {
  it('is kept for the profile, and asks nothing of the cashier', () => {
    const till = new Till().withGuest(order(), quote({ redeem_max_minor: 0 }));
    expect(till.state.window).toBeNull();
    expect(till.state.orders[ID]?.quote?.answer.earn_without_redeem_minor).toBe(450);
  });
});
