"""The sweeper of the ledger: posts what expired.

Expired points are gone from the instant their last day ends, swept or not; every writer posts them first.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from incust.businesses.tenancy import in_business


def expire_lots(*, now: datetime, count_max: int = 500) -> int:
    """Post the expired lots of up to `count_max` accounts, of all businesses, each in a transaction of its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT business_id, account_id FROM ledger.accounts_with_expired_lots(%s, %s)", [now, count_max]
        )
        accounts = cursor.fetchall()
    for business_id, account_id in accounts:
        with in_business(business_id), connection.cursor() as cursor:
            cursor.execute("SELECT ledger.record_lapsed(%s, %s, %s)", [business_id, account_id, now])
    return len(accounts)
