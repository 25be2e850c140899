import type { CheckLine, Payment } from '../api/contract';
import type { GuestLink, Order, Receipt } from '../state/order';
import { allocate, lineMinor, toMinor } from './money';
import type { PosterOrder, PosterProduct } from './shapes';

/** Where the order's guest is remembered among Poster's extras. */
export const EXTRAS_KEY = 'incust';

export interface Reading {
  /** Decimal digits of the terminal's currency. */
  digits: number;
  applicationId: string;
}

/** Poster's open order in the till's own terms. */
export function readOrder(raw: PosterOrder, reading: Reading): Order {
  const { digits } = reading;
  const totalMinor = toMinor(raw.total, digits);
  const { lines, serviceMinor } = readLines(raw, totalMinor, digits);
  return {
    id: String(raw.id),
    transactionId: raw.orderName ? String(raw.orderName) : '',
    clientId: Number(raw.clientId) || 0,
    lines,
    totalMinor,
    serviceMinor,
    preCheckPrinted: Number(raw.datePrint) > 0,
    redeemedMinor: isOurs(raw, reading.applicationId) ? toMinor(raw.platformDiscount, digits) : 0,
    posterBonusMinor: toMinor(raw.approvedBonus, digits),
    link: readLink(raw.extras),
  };
}

/** Poster's closed order in the till's own terms; `nowIso` stands in where Poster gives no closing time. */
export function readReceipt(raw: PosterOrder, reading: Reading, nowIso: string): Receipt {
  const closed = Number(raw.dateClose);
  return {
    ...readOrder(raw, reading),
    payment: readPayment(raw, reading),
    closedWithoutPayment: wasClosedWithoutPayment(raw),
    closedAt: closed > 0 ? new Date(closed).toISOString() : nowIso,
  };
}

/**
 * Lines after Poster's own discounts. The discount is what the receipt lacks to the sum of its lines; it is spread
 * over the lines that may be discounted. What the receipt has above its lines is service charge and tips, but never
 * more than Poster says they are (Poster's page does not tell whether `total` holds them; inferred from the sums).
 */
function readLines(raw: PosterOrder, totalMinor: number, digits: number): { lines: CheckLine[]; serviceMinor: number } {
  const lines = Object.entries(raw.products || {}).map(([key, product]) => readLine(key, product, digits));
  const gross = lines.map((line) => line.amount_minor);
  const weights = lines.map((line) => (line.discountable && !line.promotion ? line.amount_minor : 0));
  const percent = Math.min(Math.max(Number(raw.discount) || 0, 0), 100);
  const expected = sum(gross) - Math.round((sum(weights) * percent) / 100);
  const serviceMinor = Math.min(toMinor(raw.tipSum, digits), Math.max(0, totalMinor - expected));
  const missing = Math.max(0, sum(gross) - (totalMinor - serviceMinor));
  // Discounts that reach further than the lines open to them (a manual one) fall on all lines.
  const parts = allocate(missing, missing <= sum(weights) ? weights : gross);
  return {
    lines: lines.map((line, i) => ({ ...line, amount_minor: line.amount_minor - (parts[i] || 0) })),
    serviceMinor,
  };
}

function readLine(key: string, product: PosterProduct, digits: number): CheckLine {
  const count = Number(product.count) || 0;
  return {
    line_id: key,
    product_id: String(product.id),
    modification_id: product.modification ? String(product.modification) : '',
    quantity: count.toFixed(3),
    amount_minor: lineMinor(count, unitPrice(product), digits),
    discountable: !Number(product.nodiscount),
    promotion: Number(product.promotionId) > 0,
  };
}

/** A line in a promotion is sold at its promotion price (inferred; the page says only "promotional price"). */
function unitPrice(product: PosterProduct): number {
  const inPromotion = Number(product.promotionId) > 0 && product.promotionPrice !== undefined;
  return Number(inPromotion ? product.promotionPrice : product.price) || 0;
}

/** Is the order's platform discount ours, not that of another loyalty app on the same register? */
function isOurs(raw: PosterOrder, applicationId: string): boolean {
  return toMinor(raw.platformDiscount, 2) > 0 && String(raw.loyaltyAppId || '') === applicationId;
}

/**
 * `payType` is "close" for a receipt closed without payment; live receipts also carry "0" there, which an open order
 * has too, so "0" counts only when nothing was paid by any means (inferred).
 */
function wasClosedWithoutPayment(raw: PosterOrder): boolean {
  const payType = String(raw.payType ?? '');
  if (payType === 'close') return true;
  const means = [raw.payedSum, raw.payedCash, raw.payedCard, raw.payedThirdParty, raw.payedBonus, raw.platformDiscount];
  return payType === '0' && means.every((sum) => !Number(sum)) && Number(raw.total) > 0;
}

function readPayment(raw: PosterOrder, { digits, applicationId }: Reading): Payment {
  return {
    cash_minor: toMinor(raw.payedCash, digits),
    card_minor: toMinor(raw.payedCard, digits),
    other_minor: toMinor(raw.payedThirdParty, digits),
    poster_bonus_minor: posterBonus(raw, digits, applicationId),
  };
}

/** `payedBonus` may hold an app's discount as well (inferred): ours is taken out, what remains is Poster's own bonus. */
function posterBonus(raw: PosterOrder, digits: number, applicationId: string): number {
  const approved = toMinor(raw.approvedBonus, digits);
  if (approved > 0) return approved;
  const ours = isOurs(raw, applicationId) ? toMinor(raw.platformDiscount, digits) : 0;
  return Math.max(0, toMinor(raw.payedBonus, digits) - ours);
}

/** The guest's link out of the order's extras; anything unreadable counts as no link. */
export function readLink(extras: PosterOrder['extras']): GuestLink | null {
  const raw = (extras as Record<string, unknown> | undefined)?.[EXTRAS_KEY];
  try {
    const link = (typeof raw === 'string' ? JSON.parse(raw || 'null') : raw) as Record<string, unknown> | null;
    if (!link || typeof link['c'] !== 'string' || typeof link['i'] !== 'string') return null;
    return {
      customerId: link['c'],
      identificationId: link['i'],
      name: typeof link['n'] === 'string' ? link['n'] : '',
      checkId: typeof link['k'] === 'string' ? link['k'] : null,
    };
  } catch {
    return null;
  }
}

/** The text for the order's extras; empty for no guest. Short keys: it is synced to every tablet. */
export function writeLink(link: GuestLink | null): string {
  if (!link) return '';
  return JSON.stringify({ c: link.customerId, i: link.identificationId, n: link.name, k: link.checkId || undefined });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
