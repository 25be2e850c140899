"""What the guest's page shows of him: balance, what expires when, and his receipts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.numbers import get_currency_precision
from django.db import connection

from incust.customers.models import CustomerIdentifier
from incust.programs.current_program import current_program

from .guest import Guest

HISTORY_PAGE = 20


@dataclass(frozen=True, kw_only=True)
class Balance:
    """``version`` grows with each entry; 0 while the guest has no account."""

    account_id: int | None
    version: int
    balance_minor: int
    available_minor: int

    @property
    def etag(self) -> str:
        return f'"{self.version}-{self.balance_minor}-{self.available_minor}"'

    def as_json(self) -> dict[str, Any]:
        return {
            "version": self.version, "balance_minor": self.balance_minor, "available_minor": self.available_minor,
        }  # fmt: skip


def balance_of(guest: Guest, *, now: datetime) -> Balance:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, version, balance_minor, available_minor FROM ledger.balance(%s, %s, %s, %s)",
            [guest.business.pk, guest.customer.pk, f"bonus:{guest.business.currency}", now],
        )
        row = cursor.fetchone() or (None, 0, 0, 0)
    return Balance(account_id=row[0], version=row[1], balance_minor=row[2], available_minor=row[3])


def card_state(guest: Guest, *, now: datetime) -> dict[str, Any]:
    """All that the page shows, as JSON. Inside the transaction of the guest's business."""
    balance = balance_of(guest, now=now)
    program = current_program(guest.business.pk)
    return {
        "as_of": now.isoformat(),
        "business": {"name": guest.business.name, "time_zone": guest.business.time_zone},
        "currency": {
            "code": guest.business.currency,
            "digits": get_currency_precision(guest.business.currency),
        },
        "program": {"title": program.title()} if program else None,
        "bonus": {**balance.as_json(), "expiring": _expiring(guest, balance, now)},
        "customer": _profile(guest),
        "history": history(guest, balance, before=None),
    }


def _profile(guest: Guest) -> dict[str, Any]:
    customer = guest.customer
    addresses = {
        row.kind: row.value
        for row in CustomerIdentifier.objects.filter(business=guest.business, customer=customer).order_by("-id")
    }
    return {
        "name": customer.name,
        "status": customer.status,
        "birthday": customer.birthday.isoformat() if customer.birthday else None,
        "gender": customer.gender or None,
        "language": customer.language,
        "phone": addresses.get("phone", ""),
        "email": addresses.get("email", ""),
        "card_number": addresses.get("card", ""),
    }


def _expiring(guest: Guest, balance: Balance, now: datetime) -> list[dict[str, Any]]:
    if balance.account_id is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger.expiring(%s, %s, %s)::text", [guest.business.pk, balance.account_id, now])
        return list(json.loads(cursor.fetchone()[0]))


HISTORY = """
SELECT p.id, p.kind, p.happened_at, coalesce(s.name, ''), CASE WHEN p.kind = 'check' THEN c.total_minor END,
  coalesce(sum(e.amount_minor) FILTER (WHERE e.amount_minor > 0), 0)::bigint,
  coalesce(-sum(e.amount_minor) FILTER (WHERE e.amount_minor < 0), 0)::bigint,
  (array_agg(e.balance_after_minor ORDER BY e.account_version DESC))[1]
FROM ledger.entry e
JOIN ledger.posting p ON p.business_id = e.business_id AND p.id = e.posting_id
LEFT JOIN checks.refund r ON p.kind = 'refund' AND r.business_id = p.business_id AND r.id = p.cause_id
LEFT JOIN checks."check" c ON c.business_id = p.business_id
  AND c.id = CASE p.kind WHEN 'check' THEN p.cause_id WHEN 'refund' THEN r.check_id END
LEFT JOIN businesses.point_of_sale s ON s.business_id = c.business_id AND s.id = c.point_of_sale_id
WHERE e.business_id = %(business)s AND e.account_id = %(account)s
  AND (%(before)s::bigint IS NULL OR p.id < %(before)s)
GROUP BY p.id, p.kind, p.happened_at, s.name, c.total_minor
ORDER BY p.id DESC LIMIT %(count)s
"""


def history(guest: Guest, balance: Balance, *, before: int | None) -> dict[str, Any]:
    """``{"items", "before"}``: a page of what moved the balance, the newest first. ``before`` asks for the next page;
    ``null`` at the end."""
    if balance.account_id is None:
        return {"items": [], "before": None}
    with connection.cursor() as cursor:
        cursor.execute(
            HISTORY,
            {
                "business": guest.business.pk, "account": balance.account_id, "before": before,
                "count": HISTORY_PAGE + 1,
            },
        )  # fmt: skip
        rows = cursor.fetchall()
    items = [
        {
            "id": row[0], "kind": row[1], "at": row[2].isoformat(), "place": row[3], "total_minor": row[4],
            "earned_minor": row[5], "redeemed_minor": row[6], "balance_after_minor": row[7],
        }
        for row in rows[:HISTORY_PAGE]
    ]  # fmt: skip
    return {"items": items, "before": items[-1]["id"] if len(rows) > HISTORY_PAGE else None}
