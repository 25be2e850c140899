import type { Check, CheckLine, Payment } from '../api/contract';

/** Whose guest an order is, kept in the order's extras so that another tablet or a restarted one knows it. */
export interface GuestLink {
  customerId: string;
  identificationId: string;
  name: string;
  /** The check reserved for the order, if there is one. */
  checkId: string | null;
}

/** An order as the till thinks of it: Poster's order with integers for money. */
export interface Order {
  /** Poster's `order.id` as text (its `date_start` in ms). */
  id: string;
  /** The back-office transaction id; empty until the order is synced. */
  transactionId: string;
  /** Poster client on the order; 0 = none. */
  clientId: number;
  lines: CheckLine[];
  /** Due before our redemption. */
  totalMinor: number;
  serviceMinor: number;
  preCheckPrinted: boolean;
  /** What the order is reduced by on our behalf. */
  redeemedMinor: number;
  /** Poster's own bonus on the order; our redemption and it exclude each other. */
  posterBonusMinor: number;
  link: GuestLink | null;
}

/** A receipt that is paid. */
export interface Receipt extends Order {
  payment: Payment;
  closedWithoutPayment: boolean;
  /** ISO 8601 with offset. */
  closedAt: string;
}

/** The order as the terminal API wants it. */
export function checkOf(order: Order, currency: string): Check {
  return {
    external_id: order.id,
    transaction_id: order.transactionId,
    currency,
    lines: order.lines,
    total_minor: order.totalMinor,
    service_minor: order.serviceMinor,
    pre_check_printed: order.preCheckPrinted,
  };
}

/**
 * Everything a quote depends on, as one text: equal fingerprints mean that a quote still holds.
 * The transaction id (arrives late) and the pre-check (only a warning) are no part of it.
 */
export function fingerprint(order: Order, customerId: string, identificationId: string): string {
  const lines = order.lines.map((line) => [
    line.line_id,
    line.product_id,
    line.modification_id,
    line.quantity,
    line.amount_minor,
    line.discountable ? 1 : 0,
    line.promotion ? 1 : 0,
  ]);
  const blocked = order.posterBonusMinor > 0 ? 1 : 0;
  return JSON.stringify([order.id, customerId, identificationId, order.totalMinor, order.serviceMinor, blocked, lines]);
}
