"""The sweeper of the ledger: posts what expired.

Expired points are gone from the instant their last day ends, swept or not; every writer posts them first.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from incust.businesses.one_by_one import done_alone

PAGES_MAX = 400
"""In one run. What is left after that many pages waits for the next one."""


def expire_lots(*, now: datetime, page: int = 500) -> int:
    """Post all that expired by `now`, of all businesses, oldest first, each account in a transaction of its own.

    Returns the number of accounts on which something was posted. An account that cannot be settled is logged and left
    out; one that a till is working on waits for the next run, as do points under a live hold.
    """
    settled: set[int] = set()
    after: tuple[datetime | str, int] = ("-infinity", 0)
    for _page in range(PAGES_MAX):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT business_id, account_id, expires_at, lot_id FROM ledger.expired_lots(%s, %s, %s, %s)",
                [now, *after, page],
            )
            lots = cursor.fetchall()
        # Once an account is settled its later lots are gone from the pages to come.
        for account_id, business_id in {account_id: business_id for business_id, account_id, *_ in lots}.items():
            if done_alone(lambda business, account: _record_lapsed(business, account, now), business_id, account_id,
                          what="expiry of an account"):  # fmt: skip
                settled.add(account_id)
        if len(lots) < page:
            break
        after = lots[-1][2:]
    return len(settled)


def _record_lapsed(business_id: int, account_id: int, now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger.record_lapsed(%s, %s, %s)", [business_id, account_id, now])
        return bool(cursor.fetchone()[0])
