"""The sweeper: records reservations that lapsed, and forgets old idempotency keys.

A lapsed hold counts as released from the instant it lapsed; a late or missing sweeper changes no answer.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from incust.businesses.tenancy import in_business

IDEMPOTENCY_KEYS_KEPT = timedelta(days=7)
"""Longer than any till repeats a request; the receipts' own keys are kept for ever."""


def expire_reservations(*, now: datetime, count_max: int = 500) -> int:
    """Record up to `count_max` lapsed reservations, of all businesses, each in a transaction of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT business_id, check_id FROM checks.lapsed_reservations(%s, %s)", [now, count_max])
        lapsed = cursor.fetchall()
    recorded = 0
    for business_id, check_id in lapsed:
        with in_business(business_id), connection.cursor() as cursor:
            cursor.execute("SELECT checks.expire(%s, %s, %s)", [business_id, check_id, now])
            recorded += cursor.fetchone()[0]
    return recorded


def prune_idempotency_keys(*, now: datetime) -> int:
    """Forget stored answers older than `IDEMPOTENCY_KEYS_KEPT`; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT checks.prune_idempotency_keys(%s)", [now - IDEMPOTENCY_KEYS_KEPT])
        return int(cursor.fetchone()[0])
