"""The business a transaction works for. Row-level security shows nothing outside of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def in_business(business_id: int) -> Iterator[None]:
    """Run the block in one transaction that sees and writes only this business.

    The setting is local to the transaction: a session setting would leak through the pool. Nesting is for the same
    business only; the inner block is a savepoint.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nullif(current_setting('incust.business_id', true), '')")
        outer = cursor.fetchone()[0]
        if outer is not None and int(outer) != business_id:
            raise CrossedBusinesses(f"transaction of business {outer} entered for business {business_id}")
        cursor.execute("SELECT set_config('incust.business_id', %s, true)", [str(business_id)])
        yield
        # Inside a longer transaction nothing of the business must stay visible after the block.
        cursor.execute("SELECT set_config('incust.business_id', %s, true)", [outer or ""])


class CrossedBusinesses(RuntimeError):
    """One transaction tried to work for two businesses."""
