"""`incust ledger verify`: does everything that is kept twice agree?"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from incust.businesses.tenancy import in_business


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """`subject` is the number of the account, entry, posting, lot or check that `fault` speaks of."""

    business_id: int
    fault: str
    subject: int
    expected: int
    found: int

    def __str__(self) -> str:
        return (
            f"business {self.business_id}: {self.fault}, number {self.subject}: "
            f"expected {self.expected}, found {self.found}"
        )


def verify_ledger() -> list[Difference]:
    """Compare balances, versions, holds, lots, postings and checks of every business; empty when all is well."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger.businesses()")
        businesses = [business_id for (business_id,) in cursor.fetchall()]
    return [difference for business_id in businesses for difference in _verify_business(business_id)]


def _verify_business(business_id: int) -> list[Difference]:
    with in_business(business_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT fault, subject, expected, found FROM ledger.verify(%s)"
            " UNION ALL SELECT fault, subject, expected, found FROM checks.verify(%s) ORDER BY 1, 2",
            [business_id, business_id],
        )
        return [
            Difference(business_id=business_id, fault=fault, subject=subject, expected=expected, found=found)
            for fault, subject, expected, found in cursor.fetchall()
        ]
