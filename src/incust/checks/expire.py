"""The sweeper: records reservations that lapsed, and forgets old idempotency keys.

A lapsed hold counts as released from the instant it lapsed; a late or missing sweeper changes no answer.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from incust.businesses.one_by_one import done_alone

IDEMPOTENCY_KEYS_KEPT = timedelta(days=7)
"""Longer than any till repeats a request; the receipts' own keys are kept for ever."""

PAGE = 500
PAGES_MAX = 400
"""In one run. What is left after that many pages waits for the next one."""


def expire_reservations(*, now: datetime, page: int = PAGE) -> int:
    """Record all reservations that lapsed by `now`, of all businesses, each in a transaction of its own.

    Returns how many. One that cannot be recorded is logged and left out; one that a till is working on waits.
    """
    recorded = 0
    after: tuple[datetime | str, int] = ("-infinity", 0)
    for _page in range(PAGES_MAX):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT business_id, check_id, lapsed_at FROM checks.lapsed_reservations(%s, %s, %s, %s)",
                [now, *after, page],
            )
            lapsed = cursor.fetchall()
        for business_id, check_id, _lapsed_at in lapsed:
            recorded += done_alone(
                lambda business, check: _expire(business, check, now),
                business_id,
                check_id,
                what="lapse of a reservation",
            )
        if len(lapsed) < page:
            break
        after = (lapsed[-1][2], lapsed[-1][1])
    return recorded


def _expire(business_id: int, check_id: int, now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT checks.expire(%s, %s, %s)", [business_id, check_id, now])
        return bool(cursor.fetchone()[0])


def prune_idempotency_keys(*, now: datetime) -> int:
    """Forget stored answers older than `IDEMPOTENCY_KEYS_KEPT`; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT checks.prune_idempotency_keys(%s)", [now - IDEMPOTENCY_KEYS_KEPT])
        return int(cursor.fetchone()[0])
