import { describe, expect, it } from 'vitest';
import { order, OUTAGE, problem, quote, reservation, Till } from './factories';

const ID = order().id;
const NOW = 1_790_000_000_000;
const CONFIRMATION = { channel: 'sms', masked: '+380•••33', expires_at: '2026-11-24T10:10:00+00:00', resend_after_s: 30 };

function offered(): Till {
  const till = new Till().withGuest().pay();
  till.take();
  return till;
}

/** A till on which the guest redeemed 40.00 and the cashier went back to the order. */
function redeemed(): Till {
  const till = offered().happen({ type: 'redeemPressed', minor: 4000 });
  till.answerReserve().answerBonus();
  till.happen({ type: 'textPrinted', orderId: ID, text: reservation().print_text, ok: true });
  till.take();
  return till;
}

function refused(till: Till, code: string, status: number, members = {}): Till {
  const { request } = till.asked('reserve');
  return till.happen({ type: 'reserveFailed', orderId: ID, request, problem: problem(code, status, members), now: NOW });
}

describe('another amount', () => {
  it('is quoted when the fingers rest, and reserved with that quote', () => {
    const till = offered().happen({ type: 'otherAmountPressed' }, { type: 'amountTyped', minor: 100 }, { type: 'amountTyped', minor: 1000 });
    const { event } = till.asked('after');
    till.take();
    till.happen(event);
    expect(till.asked('quote')).toMatchObject({ purpose: 'amount', redeemMinor: 1000 });
    till.answerQuote(quote({ redeem_minor: 1000, earn_minor: 400, check_hash: 'h2' }));
    expect(till.state.window).toMatchObject({ stage: 'amount', amount: { minor: 1000, quote: { earn_minor: 400 } } });
    till.happen({ type: 'redeemPressed', minor: 1000 });
    expect(till.asked('reserve')).toMatchObject({ redeemMinor: 1000, hash: 'h2' });
  });

  it('drops the quote of an amount that was typed over', () => {
    const till = offered().happen({ type: 'otherAmountPressed' }, { type: 'amountTyped', minor: 1000 });
    till.happen(till.asked('after').event);
    const { request, fingerprint } = till.asked('quote');
    till.happen({ type: 'amountTyped', minor: 2000 });
    till.happen({ type: 'quoted', orderId: ID, purpose: 'amount', request, fingerprint, answer: quote({ earn_minor: 1 }) });
    expect(till.state.window).toMatchObject({ amount: { minor: 2000, quote: null } });
  });

  it.each([[0], [-1], [4001]])('is not reserved when it is %i', (minor) => {
    const till = offered().happen({ type: 'redeemPressed', minor });
    expect(till.did('reserve')).toBe(false);
  });
});

describe('a guest who keeps his bonuses', () => {
  it('goes on, with what he collects on the receipt', () => {
    const till = new Till().withGuest().pay();
    till.answerQuote(quote({ redeem_minor: 0, print_text: 'Bonuses: +4.50' }));
    till.take();
    till.happen({ type: 'redeemNonePressed' });
    const did = till.take();
    expect(did).toContainEqual({ do: 'printText', orderId: ID, text: 'Bonuses: +4.50' });
    expect(did.map((effect) => effect.do)).not.toContain('setBonus');
    expect(till.nexts).toEqual([1]);
  });

  it('finds what he collects on the receipt, though the cashier was quicker than the server', () => {
    const till = new Till().withGuest().pay();
    till.happen({ type: 'redeemNonePressed' });
    till.answerQuote(quote({ redeem_minor: 0, print_text: 'Bonuses: +4.50' }));
    expect(till.asked('printText')).toEqual({ do: 'printText', orderId: ID, text: 'Bonuses: +4.50' });
    expect(till.nexts).toEqual([1]);
  });

  it('gets back what was redeemed before on this order', () => {
    const till = redeemed().pay(2, { totalMinor: 10000, redeemedMinor: 4000 });
    till.answerQuote(quote({ redeem_max_minor: 5000 }));
    till.happen({ type: 'redeemNonePressed' });
    expect(till.asked('setBonus')).toMatchObject({ minor: 0 });
    expect(till.did('cancelHold')).toBe(true);
    expect(till.state.orders[ID]?.redemption).toBeNull();
    expect(till.nexts).toEqual([1, 2]);
  });
});

describe('a redemption that needs a code', () => {
  function atCode(): Till {
    const till = refused(offered().happen({ type: 'redeemPressed', minor: 4000 }), 'confirmation-required', 409, { confirmation: CONFIRMATION });
    till.take();
    return till;
  }

  it('asks for it in the same window, and redeems with it', () => {
    const till = atCode();
    expect(till.state.window).toMatchObject({ stage: 'code', busy: false, confirmation: { masked: '+380•••33', resendAt: NOW + 30_000 } });
    till.happen({ type: 'codeSubmitted', code: '123456' });
    expect(till.asked('reserve')).toMatchObject({ code: '123456', redeemMinor: 4000, hash: 'h1' });
    till.answerReserve().answerBonus();
    expect(till.nexts).toEqual([1]);
  });

  it('says how many tries are left after a wrong code, and waits for another', () => {
    const till = refused(atCode().happen({ type: 'codeSubmitted', code: '000000' }), 'confirmation-wrong', 422, { tries_left: 3 });
    expect(till.state.window).toMatchObject({ stage: 'code', busy: false, problem: { text: 'problem_confirmation_wrong', values: { tries: 3 } } });
    expect(till.nexts).toEqual([]);
  });

  it.each(['confirmation-expired', 'confirmation-exhausted'])('says what the server says of %s', (code) => {
    const till = refused(atCode().happen({ type: 'codeSubmitted', code: '000000' }), code, 422);
    expect(till.state.window).toMatchObject({ stage: 'code', busy: false, problem: { said: `server says ${code}` } });
  });

  it('is sent again, and counts the wait anew', () => {
    const till = atCode().happen({ type: 'resendPressed' });
    const { request, redeemMinor } = till.asked('resend');
    expect(redeemMinor).toBe(4000);
    till.happen({ type: 'codeResent', request, confirmation: CONFIRMATION, now: NOW + 31_000 });
    expect(till.state.window).toMatchObject({ busy: false, confirmation: { resendAt: NOW + 61_000 } });
  });

  it('takes "too soon" for a countdown, not for a fault', () => {
    const till = atCode().happen({ type: 'resendPressed' });
    const { request } = till.asked('resend');
    till.happen({ type: 'resendFailed', request, problem: problem('resend-too-soon', 429, { retry_after_s: 12 }), now: NOW });
    expect(till.state.window).toMatchObject({ busy: false, problem: null, confirmation: { resendAt: NOW + 12_000 } });
  });
});

describe('a hold that fails', () => {
  it('quotes again and says so when the numbers changed', () => {
    const till = refused(offered().happen({ type: 'redeemPressed', minor: 4000 }), 'quote-changed', 409);
    expect(till.state.window).toMatchObject({ stage: 'loading' });
    till.answerQuote(quote({ redeem_max_minor: 3000 }));
    expect(till.state.window).toMatchObject({ stage: 'offer', busy: false, problem: { text: 'problem_quote_changed' }, quote: { redeem_max_minor: 3000 } });
    expect(till.nexts).toEqual([]);
  });

  it('lets the sale go after an outage, and gives back what may have been held', () => {
    const till = offered().happen({ type: 'redeemPressed', minor: 4000 });
    const { request } = till.asked('reserve');
    till.happen({ type: 'reserveFailed', orderId: ID, request, problem: OUTAGE, now: NOW });
    expect(till.did('cancelHold')).toBe(true);
    expect(till.nexts).toEqual([1]);
    expect(till.state.orders[ID]?.redemption).toBeNull();
  });

  it('gives back the hold of an answer that comes after the deadline', () => {
    const till = offered().happen({ type: 'redeemPressed', minor: 4000 });
    till.happen({ type: 'deadlinePassed', wait: till.state.pay?.wait as number });
    expect(till.nexts).toEqual([1]);
    till.answerReserve();
    expect(till.did('cancelHold')).toBe(true);
    expect(till.did('setBonus')).toBe(false);
  });

  it('is said, and the cashier may choose otherwise', () => {
    const till = refused(offered().happen({ type: 'redeemPressed', minor: 4000 }), 'no-balance', 422);
    expect(till.state.window).toMatchObject({ stage: 'offer', busy: false, problem: { said: 'server says no-balance' } });
  });
});

describe('a discount that Poster refuses', () => {
  it('releases the hold, says so and lets the sale go', () => {
    const till = offered().happen({ type: 'redeemPressed', minor: 4000 });
    till.answerReserve().answerBonus(false);
    expect(till.did('cancelHold')).toBe(true);
    expect(till.asked('notify').sentence).toEqual({ text: 'bonus_refused' });
    expect(till.did('printText')).toBe(false);
    expect(till.nexts).toEqual([1]);
    expect(till.state.orders[ID]?.redemption).toBeNull();
  });
});

describe('an order that changes after its redemption', () => {
  function changed(redeemMax: number): Till {
    const till = redeemed().happen({ type: 'orderSeen', order: order({ clientId: 12, totalMinor: 4000, redeemedMinor: 4000 }) });
    till.happen(till.asked('after').event);
    till.answerQuote(quote({ redeem_max_minor: redeemMax }));
    return till;
  }

  it('lowers it to the new limit, and says so', () => {
    const till = changed(2000);
    expect(till.asked('setBonus')).toMatchObject({ minor: 2000, request: 0 });
    expect(till.asked('notify').sentence).toEqual({ text: 'redemption_lowered', values: { minor: 2000 } });
    expect(till.did('cancelHold')).toBe(false);
    expect(till.state.orders[ID]?.redemption?.minor).toBe(2000);
  });

  it('takes it off where nothing may be redeemed any more', () => {
    const till = changed(0);
    expect(till.asked('setBonus')).toMatchObject({ minor: 0 });
    expect(till.did('cancelHold')).toBe(true);
    expect(till.state.orders[ID]?.redemption).toBeNull();
  });

  it('leaves it alone while the limit allows it', () => {
    expect(changed(4000).did('setBonus')).toBe(false);
  });
});

describe('Pay once more after a redemption', () => {
  it('keeps it without a window and renews the hold aside', () => {
    const till = redeemed().pay(2, { redeemedMinor: 4000 });
    expect(till.asked('reserve')).toMatchObject({ renewal: true, redeemMinor: 4000 });
    expect(till.did('popup')).toBe(false);
    expect(till.nexts).toEqual([1, 2]);
  });

  it('offers anew where Poster no longer carries the discount', () => {
    const till = redeemed().pay(2, { redeemedMinor: 0 });
    expect(till.state.window).toMatchObject({ view: 'redeem', stage: 'offer' });
  });
});

describe('a pre-check on paper with the old total', () => {
  it('is printed again after the redemption where the cashier wants it', () => {
    const till = offered().happen({ type: 'reprintToggled' }, { type: 'redeemPressed', minor: 4000 });
    till.answerReserve().answerBonus();
    expect(till.asked('printPreCheck')).toEqual({ do: 'printPreCheck', orderId: ID });
  });

  it('is left alone otherwise', () => {
    const till = offered().happen({ type: 'redeemPressed', minor: 4000 });
    till.answerReserve().answerBonus();
    expect(till.did('printPreCheck')).toBe(false);
  });
});
