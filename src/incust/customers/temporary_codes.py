"""The six digits that the wallet shows for three minutes, for a guest whose QR code cannot be scanned."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from incust.businesses.tenancy import in_business
from incust.businesses.terminal_access import Busy

LIFETIME = timedelta(minutes=3)
ATTEMPTS_MAX = 50
"""A business with half of all codes live at once still finds a free one in fifty draws."""


@dataclass(frozen=True, kw_only=True)
class TemporaryCode:
    code: str
    expires_at: datetime


def issue_temporary_code(business_id: int, customer_id: int, *, now: datetime) -> TemporaryCode:
    """A new code for the customer; the one he had before is void. Unique among the live codes of the business.

    Raises `Busy` if no free code was found.
    """
    expires_at = now + LIFETIME
    with in_business(business_id), connection.cursor() as cursor:
        # Two devices of one customer: one after the other.
        cursor.execute(
            "SELECT FROM customers.customer WHERE business_id = %s AND id = %s FOR NO KEY UPDATE",
            [business_id, customer_id],
        )
        cursor.execute(
            "DELETE FROM customers.temporary_code WHERE business_id = %s AND customer_id = %s",
            [business_id, customer_id],
        )
        for _attempt in range(ATTEMPTS_MAX):
            code = f"{secrets.randbelow(10**6):06}"
            cursor.execute(
                """INSERT INTO customers.temporary_code AS t (business_id, code, customer_id, expires_at)
                VALUES (%s, %s, %s, %s)
                ON CONFLICT (business_id, code) DO UPDATE
                  SET customer_id = excluded.customer_id, expires_at = excluded.expires_at WHERE t.expires_at <= %s""",
                [business_id, code, customer_id, expires_at, now],
            )
            if cursor.rowcount == 1:
                return TemporaryCode(code=code, expires_at=expires_at)
    raise Busy
