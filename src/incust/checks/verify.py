"""`incust ledger verify`: does everything that is kept twice agree?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from incust.businesses.tenancy import in_business

from .verify_faults import Difference

COMPARISONS = (
    "ledger.verify_accounts", "ledger.verify_running_balances", "ledger.verify_postings", "ledger.verify_expiries",
    "ledger.verify_lots", "ledger.verify_lot_spends", "ledger.verify_holds",
    "checks.verify_postings", "checks.verify_lines", "checks.verify_holds", "checks.verify_refunds",
    "checks.verify_credits", "checks.verify_answers", "checks.verify_imports",
)  # fmt: skip
"""Functions of the database; each gives a row per difference. `incust.checks.verify_faults` has their words."""

DIFFERENCES_MAX = 1000
"""That one comparison lists. A ledger with more is lost anyway, and the list must fit into memory."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """`done` of `count` comparisons of the business are made; `comparison` comes next, empty at the end."""

    business_id: int
    done: int
    count: int
    comparison: str


def every_business() -> list[int]:
    """The numbers of all businesses."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT businesses.every_business()")
        return [business_id for (business_id,) in cursor.fetchall()]


def verify_ledger() -> list[Difference]:
    """Compare balances, versions, holds, lots, postings and checks of every business; empty when all is well."""
    return [difference for business_id in every_business() for difference in verify_business(business_id)]


def verify_business(business_id: int, *, tell: Callable[[Progress], None] | None = None) -> list[Difference]:
    """Compare all that is kept twice in one business; empty when all is well.

    Everything is read as it was at one instant, so tills that go on working cause no false alarm. `tell` hears of the
    progress. Inside a transaction of the caller's, that one says what is seen.
    """
    differences: list[Difference] = []
    with _one_instant(business_id), connection.cursor() as cursor:
        cursor.execute("SELECT currency FROM businesses.business WHERE id = %s", [business_id])
        (currency,) = cursor.fetchone() or ("",)
        for done, comparison in enumerate(COMPARISONS):
            if tell is not None:
                tell(Progress(business_id=business_id, done=done, count=len(COMPARISONS), comparison=comparison))
            cursor.execute(
                f"SELECT fault, subject, expected, found FROM {comparison}(%s) ORDER BY 1, 2 LIMIT %s",  # noqa: S608 (names of ours)
                [business_id, DIFFERENCES_MAX],
            )
            differences += [
                Difference(
                    business_id=business_id, currency=currency, fault=fault, subject=subject,
                    expected=expected, found=found,
                )
                for fault, subject, expected, found in cursor.fetchall()
            ]  # fmt: skip
    if tell is not None:
        tell(Progress(business_id=business_id, done=len(COMPARISONS), count=len(COMPARISONS), comparison=""))
    return differences


@contextmanager
def _one_instant(business_id: int) -> Iterator[None]:
    if connection.in_atomic_block:
        with in_business(business_id):
            yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT set_config('incust.business_id', %s, true)", [str(business_id)])
        yield
