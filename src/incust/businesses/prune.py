"""Forgetting old rows of all businesses, some at a time, so that no transaction grows long and no till waits."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from .tenancy import in_business

ROWS_AT_ONCE = 5000
BATCHES_MAX = 200
"""In one business and run; what is left goes the next night."""


def prune(delete: str, *, older_than: datetime) -> int:
    """Run ``delete`` in each business until it deletes less than `ROWS_AT_ONCE` rows; returns how many went.

    Its parameters: ``%(business)s``, ``%(older_than)s``, ``%(rows)s``.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT businesses.every_business()")
        businesses = [business_id for (business_id,) in cursor.fetchall()]
    return sum(_prune_business(delete, business_id, older_than) for business_id in businesses)


def _prune_business(delete: str, business_id: int, older_than: datetime) -> int:
    gone = 0
    for _batch in range(BATCHES_MAX):
        with in_business(business_id), connection.cursor() as cursor:
            cursor.execute(delete, {"business": business_id, "older_than": older_than, "rows": ROWS_AT_ONCE})
            gone += cursor.rowcount
            if cursor.rowcount < ROWS_AT_ONCE:
                break
    return gone
