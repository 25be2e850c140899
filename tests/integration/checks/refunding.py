"""A receipt of two positions, and short ways to say what of it goes back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from incust.businesses.tenancy import in_business
from incust.checks.refund import RefundCheck, RefundedCheck, ReturnedLine, refund_check
from incust.engine.check import Check, Line

from .factories import NOON, Cafe, Guest, a_check

LATER = NOON + timedelta(hours=1)


def two_lines(external_id: str = "1506511064579", **members: Any) -> Check:
    """Three coffees for 60.00 and a cake for 30.00."""
    lines = (
        Line(line_id="coffee", product_id="12", quantity=Decimal(3), amount_minor=6000),
        Line(line_id="cake", product_id="13", quantity=Decimal(1), amount_minor=3000),
    )
    return a_check(9000, external_id, lines=lines, **members)


def paid(guest: Guest, redeem_minor: int = 0, external_id: str = "1506511064579", **members: Any) -> int:
    """The number of a paid check."""
    return guest.finalize(two_lines(external_id), redeem_minor, **members).check_id


def refund(
    cafe: Cafe, check_id: int | None = None, lines: dict[str, Any] | None = None, **members: Any
) -> RefundedCheck:
    """Without `lines` the whole receipt; quantities are totals so far."""
    now = members.pop("now", LATER)
    request = RefundCheck(
        caller=members.pop("caller", None) or cafe.caller(), check_id=check_id,
        refunded_at=members.pop("refunded_at", now),
        lines=None if lines is None else tuple(
            ReturnedLine(line_id=line_id, returned_quantity=Decimal(n)) for line_id, n in lines.items()
        ),
        **members,
    )  # fmt: skip
    return refund_check(request, now=now)


def amounts(done: RefundedCheck) -> tuple[str, int, int, int, int, int]:
    """(status, given back, taken back, absorbed, expired, balance)."""
    return (
        done.status, done.returned_minor, done.taken_back_minor, done.absorbed_minor, done.expired_minor,
        done.balance_minor,
    )  # fmt: skip


def all_is_well(business_id: int) -> bool:
    """Nothing of a refund differs from what else is kept."""
    with in_business(business_id), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ledger.verify(%s)", [business_id])
        found = cursor.fetchall()
        cursor.execute("SELECT * FROM checks.verify_refunds(%s)", [business_id])
        found += cursor.fetchall()
    assert found == []
    return True
