"""What the tables say about the café, in the words of the specification."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from incust.businesses.tenancy import in_business
from incust.checks.verify import Difference, verify_business

from .orders import Order
from .real_cafe import TILL_OF, RealCafe

AccountKey = tuple[int, str]
"""The guest, and the till whose currency it is."""


@dataclass(frozen=True)
class Books:
    """Balances as every reader sees them, points that will expire, points set aside, receipts, the café's own sums."""

    balances: dict[AccountKey, tuple[int, int]]
    lots: dict[AccountKey, list[tuple[int, datetime]]]
    holds: dict[AccountKey, dict[Order, tuple[int, datetime]]]
    receipts: dict[Order, tuple[str, int, int, int]]
    sums: dict[str, int]
    differences: list[Difference]


BALANCES = """
  SELECT a.customer_id, a.unit, b.balance_minor, b.available_minor FROM ledger.account a
  CROSS JOIN LATERAL ledger.balance(a.business_id, a.customer_id, a.unit, %(now)s) b"""
LOTS = """
  SELECT a.customer_id, a.unit, l.remaining_minor, l.expires_at
  FROM ledger.lot l JOIN ledger.account a ON a.id = l.account_id
  WHERE l.remaining_minor > 0 AND l.expires_at > %(now)s ORDER BY l.expires_at, l.id"""
HOLDS = """
  SELECT a.customer_id, a.unit, c.till_account_id, c.external_id, h.amount_minor, h.expires_at
  FROM ledger.hold h JOIN ledger.account a ON a.id = h.account_id JOIN checks.check c ON c.id = h.cause_id
  WHERE h.resolution IS NULL AND h.expires_at > %(now)s"""
RECEIPTS = """
  SELECT c.till_account_id, c.external_id, c.status, c.redeem_minor, c.earned_minor, c.unbacked_minor
  FROM checks.check c"""
SUMS = """
  SELECT coalesce(e.system_account, 'guests'), sum(e.amount_minor)::bigint FROM ledger.entry e GROUP BY 1"""


def books_of(real: RealCafe, now: datetime, *, verified: bool) -> Books:
    """Read everything at one instant. `verified` compares all that is kept twice as well."""
    with in_business(real.cafe.business_id), connection.cursor() as cursor:

        def rows(sql: str) -> list[Any]:
            cursor.execute(sql, {"now": now})
            return cursor.fetchall()

        def key(customer: int, unit: str) -> AccountKey:
            return real.guests.index(customer), TILL_OF[unit.removeprefix("bonus:")]

        books = Books(
            balances={key(who, unit): (balance, available) for who, unit, balance, available in rows(BALANCES)},
            lots={},
            holds={},
            receipts={order_of(till, number): tuple(rest) for till, number, *rest in rows(RECEIPTS)},  # type: ignore[misc]
            sums=dict(rows(SUMS)),
            differences=verify_business(real.cafe.business_id) if verified else [],
        )
        for who, unit, left, until in rows(LOTS):
            books.lots.setdefault(key(who, unit), []).append((left, until))
        for who, unit, till, number, amount, until in rows(HOLDS):
            books.holds.setdefault(key(who, unit), {})[order_of(till, number)] = amount, until
    return books


def order_of(till_account: int | None, external_id: str) -> Order:
    return Order("bar" if till_account is None else "register", int(external_id))
