"""What happened to one receipt, from whichever room knows of it: till, webhooks, comparison, ledger and messages."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from incust.checks.models import Check

from .models import Receipt

EVENTS_MAX = 200
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PLACE = re.compile(r"([0-9]{1,17})-([0-9]{1,3})-([0-9]{1,18})")

EVENTS = """
SELECT at, rank, number, kind, facts::text
FROM poster.receipt_timeline(%(business)s, %(check)s, %(receipt)s, %(now)s, %(at)s, %(rank)s, %(number)s, %(rows)s)
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where in the order an event stands: by instant, then by what leads to what, then by number."""

    at: datetime
    rank: int
    number: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.rank}-{self.number}"


def place_from(typed: str) -> Place | None:
    """The place that `str` wrote; None for anything else."""
    found = PLACE.fullmatch(typed)
    if found is None:
        return None
    return Place(at=EPOCH + timedelta(microseconds=int(found[1])), rank=int(found[2]), number=int(found[3]))


@dataclass(frozen=True, kw_only=True, slots=True)
class TimelineEvent:
    """``facts`` of a ``kind`` are written in sql/20_receipt_timeline.sql; amounts are in minor units of the receipt's
    currency."""

    place: Place
    kind: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ReceiptTimeline:
    """``check`` is None where nothing of ours is on the receipt, ``receipt`` where Poster's was not looked at.

    ``events`` stand in the order in which they happened; ``earlier`` says where to go on, None at the beginning.
    """

    check: Check | None
    receipt: Receipt | None
    events: tuple[TimelineEvent, ...]
    earlier: Place | None


def timeline_of_check(
    business_id: int, check_id: int, *, now: datetime, before: Place | None = None
) -> ReceiptTimeline | None:
    """Of our check and what Poster told of it; None where the business has no such check. Inside ``in_business``."""
    check = Check.objects.filter(id=check_id, business_id=business_id).select_related("terminal").first()
    return _timeline(business_id, check, _receipt_of(check), now, before) if check is not None else None


def timeline_of_receipt(
    business_id: int, receipt_id: int, *, now: datetime, before: Place | None = None
) -> ReceiptTimeline | None:
    """Of Poster's receipt and our check of it; None where the business knows no such receipt. Inside
    ``in_business``."""
    receipt = Receipt.objects.filter(id=receipt_id, business_id=business_id).first()
    return _timeline(business_id, _check_of(receipt), receipt, now, before) if receipt is not None else None


def _receipt_of(check: Check) -> Receipt | None:
    """The one that was compared with it; else the one with its number, if that was not found to be another check."""
    known = Receipt.objects.filter(business_id=check.business_id)
    compared = known.filter(check_id=check.id).order_by("-id").first()
    if compared is not None or not check.transaction_id or check.till_account_id is None:
        return compared
    return known.filter(
        till_account_id=check.till_account_id, transaction_id=check.transaction_id, check_id=None
    ).first()


def _check_of(receipt: Receipt) -> Check | None:
    of_business = Check.objects.filter(business_id=receipt.business_id).select_related("terminal")
    if receipt.check_id is not None:
        return of_business.filter(id=receipt.check_id).first()
    return of_business.filter(
        till_account_id=receipt.till_account_id, transaction_id=receipt.transaction_id
    ).first()  # fmt: skip


def _timeline(
    business_id: int, check: Check | None, receipt: Receipt | None, now: datetime, before: Place | None
) -> ReceiptTimeline:
    with connection.cursor() as cursor:
        cursor.execute(
            EVENTS,
            {
                "business": business_id, "check": check and check.id, "receipt": receipt and receipt.id, "now": now,
                "at": before and before.at, "rank": before and before.rank, "number": before and before.number,
                "rows": EVENTS_MAX + 1,
            },
        )  # fmt: skip
        rows = cursor.fetchall()
    events = [
        TimelineEvent(place=Place(at=at, rank=rank, number=number), kind=kind, facts=json.loads(facts))
        for at, rank, number, kind, facts in rows[:EVENTS_MAX]
    ]
    return ReceiptTimeline(
        check=check, receipt=receipt, events=tuple(reversed(events)),
        earlier=events[-1].place if len(rows) > EVENTS_MAX else None,
    )  # fmt: skip
