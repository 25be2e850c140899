import { describe, expect, it } from 'vitest';
import { readLink, readOrder, readReceipt, writeLink } from '../src/poster/order';
import type { PosterOrder } from '../src/poster/shapes';
import { fingerprint } from '../src/state/order';
import { order } from './factories';

const READING = { digits: 2, applicationId: '110' };

function raw(changes: Partial<PosterOrder> = {}): PosterOrder {
  return {
    id: 1506511064579,
    products: { '0': { id: 12, count: 2, price: 45 }, '1': { id: 150, count: 200, price: 0.2, modification: 59 } },
    total: 130,
    clientId: 7,
    ...changes,
  };
}

describe('an order of Poster', () => {
  it('is read line by line', () => {
    const read = readOrder(raw({ orderName: 25 }), READING);
    expect(read.id).toBe('1506511064579');
    expect(read.transactionId).toBe('25');
    expect(read.totalMinor).toBe(13000);
    expect(read.clientId).toBe(7);
    expect(read.lines).toEqual([
      { line_id: '0', product_id: '12', modification_id: '', quantity: '2.000', amount_minor: 9000, discountable: true, promotion: false },
      { line_id: '1', product_id: '150', modification_id: '59', quantity: '200.000', amount_minor: 4000, discountable: true, promotion: false },
    ]);
  });

  it('spreads Poster’s discount over the lines that may be discounted', () => {
    const products = { '0': { id: 1, count: 1, price: 100 }, '1': { id: 2, count: 1, price: 50, nodiscount: 1 } };
    const read = readOrder(raw({ products, total: 140, discount: 10 }), READING);
    expect(read.lines.map((line) => line.amount_minor)).toEqual([9000, 5000]);
    expect(read.lines.map((line) => line.discountable)).toEqual([true, false]);
  });

  it('takes the promotion price of a line in a promotion', () => {
    const products = { '0': { id: 1, count: 2, price: 100, promotionId: 3, promotionPrice: 80 } };
    const read = readOrder(raw({ products, total: 160 }), READING);
    expect(read.lines[0]).toMatchObject({ amount_minor: 16000, promotion: true });
  });

  it('sees what the receipt has above its lines as service, up to the tips that Poster names', () => {
    expect(readOrder(raw({ total: 143, tipSum: 13 }), READING).serviceMinor).toBe(1300);
    expect(readOrder(raw({ total: 130, tipSum: 13 }), READING).serviceMinor).toBe(0);
    expect(readOrder(raw({ total: 131, tipSum: 0 }), READING).serviceMinor).toBe(0);
  });

  it('counts only our own platform discount as redeemed', () => {
    expect(readOrder(raw({ platformDiscount: 40, loyaltyAppId: 110 }), READING).redeemedMinor).toBe(4000);
    expect(readOrder(raw({ platformDiscount: 40, loyaltyAppId: 99 }), READING).redeemedMinor).toBe(0);
  });

  it('remembers its guest in extras, and shrugs at foreign ones', () => {
    const link = { customerId: '41', identificationId: 'i1', name: 'Олена', checkId: '77' };
    expect(readLink({ incust: writeLink(link) })).toEqual(link);
    expect(readLink({ incust: writeLink({ ...link, checkId: null }) })).toEqual({ ...link, checkId: null });
    expect(readLink({ incust: writeLink(null) })).toBeNull();
    expect(readLink({ incust: '{broken' })).toBeNull();
    expect(readLink({ incust: '{"c":5}' })).toBeNull();
    expect(readLink([])).toBeNull();
    expect(readLink(undefined)).toBeNull();
  });
});

describe('a receipt of Poster', () => {
  it('says what was paid by which means, and when', () => {
    const paid = readReceipt(raw({ payType: 'mix', payedCash: 30, payedCard: 60, payedThirdParty: 0, dateClose: 1790051852000, payedSum: 90 }), READING, 'now');
    expect(paid.payment).toEqual({ cash_minor: 3000, card_minor: 6000, other_minor: 0, poster_bonus_minor: 0 });
    expect(paid.closedAt).toBe(new Date(1790051852000).toISOString());
    expect(paid.closedWithoutPayment).toBe(false);
  });

  it('does not take our redemption for Poster’s bonus', () => {
    const paid = { platformDiscount: 40, loyaltyAppId: '110' };
    expect(readReceipt(raw({ ...paid, payedBonus: 40 }), READING, 'now').payment.poster_bonus_minor).toBe(0);
    expect(readReceipt(raw({ ...paid, payedBonus: 50 }), READING, 'now').payment.poster_bonus_minor).toBe(1000);
    expect(readReceipt(raw({ approvedBonus: 15 }), READING, 'now').payment.poster_bonus_minor).toBe(1500);
  });

  it.each([
    [{ payType: 'close' }, true],
    [{ payType: '0', payedSum: 0 }, true],
    [{ payType: '0', payedCash: 130 }, false],
    [{ payType: '0', platformDiscount: 130, loyaltyAppId: 110 }, false],
    [{ payType: 'mix', payedSum: 0 }, false],
    [{ payType: '' }, false],
  ])('closed without payment: %j → %s', (changes, expected) => {
    expect(readReceipt(raw(changes), READING, 'now').closedWithoutPayment).toBe(expected);
  });
});

describe('the fingerprint of an order', () => {
  const of = (changes = {}) => fingerprint(order(changes), '41', 'i1');

  it('stays while only the transaction id or the pre-check changes', () => {
    expect(of({ transactionId: '25', preCheckPrinted: true, redeemedMinor: 4000 })).toBe(of());
  });

  it('changes with everything a quote depends on', () => {
    const line = order().lines[0]!;
    const others = [
      of({ totalMinor: 9001 }),
      of({ serviceMinor: 100 }),
      of({ posterBonusMinor: 100 }),
      of({ lines: [{ ...line, amount_minor: 8999 }] }),
      of({ lines: [{ ...line, quantity: '3.000' }] }),
      of({ lines: [{ ...line, product_id: '13' }] }),
      of({ lines: [line, line] }),
      fingerprint(order(), '42', 'i1'),
      fingerprint(order(), '41', 'i2'),
    ];
    expect(new Set([of(), ...others]).size).toBe(others.length + 1);
  });
});
