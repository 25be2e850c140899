"""Given a paid check, when goods go back, then these balances: a state of return told once or often is posted once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from incust.checks.refund import RefundCheck, RefundedCheck, ReturnedLine, refund_check
from incust.checks.verify import verify_ledger
from incust.engine.check import Check, Line

from .factories import NOON, Cafe, Guest, a_cafe, a_check, leave_business

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)


def two_lines(**members: Any) -> Check:
    """Three coffees for 60.00 and a cake for 30.00."""
    lines = (
        Line(line_id="coffee", product_id="12", quantity=Decimal(3), amount_minor=6000),
        Line(line_id="cake", product_id="13", quantity=Decimal(1), amount_minor=3000),
    )
    return a_check(9000, lines=lines, **members)


def refund(
    cafe: Cafe, check_id: int | None = None, lines: dict[str, Any] | None = None, **members: Any
) -> RefundedCheck:
    now = members.pop("now", LATER)
    request = RefundCheck(
        caller=members.pop("caller", None) or cafe.caller(), check_id=check_id, refunded_at=now,
        lines=None if lines is None else tuple(
            ReturnedLine(line_id=line_id, returned_quantity=Decimal(n)) for line_id, n in lines.items()
        ),
        **members,
    )  # fmt: skip
    return refund_check(request, now=now)


def amounts(done: RefundedCheck) -> tuple[str, int, int, int, int, int]:
    return (
        done.status, done.returned_minor, done.taken_back_minor, done.absorbed_minor, done.expired_minor,
        done.balance_minor,
    )  # fmt: skip


def all_is_well() -> bool:
    """But for what guests of these tests begin with, which is of no check."""
    leave_business()
    return [difference for difference in verify_ledger() if difference.subject >= 0] == []


def paid(guest: Guest, redeem_minor: int = 0, **members: Any) -> int:
    if redeem_minor:
        guest.reserve(two_lines(**members), redeem_minor)
    return guest.finalize(two_lines(**members), redeem_minor).check_id


class TestWhole:
    def test_gives_back_what_was_redeemed_and_takes_what_was_earned(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000)
        assert guest.balance == (8250, 8250)
        done = refund(guest.cafe, check_id)
        assert amounts(done) == ("refunded", 4000, 250, 0, 0, 12_000)
        assert (done.check_id, done.replayed, guest.balance) == (check_id, False, (12_000, 12_000))
        assert all_is_well()

    def test_repeats_change_nothing_and_answer_alike(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000)
        first = refund(guest.cafe, check_id)
        again = refund(guest.cafe, check_id)
        assert (amounts(again), again.replayed) == (amounts(first), True)
        assert guest.cafe.rows("SELECT count(*) FROM checks.refund") == [(1,)]
        assert guest.balance == (12_000, 12_000)

    def test_all_lines_are_the_whole_receipt(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000)
        assert amounts(refund(guest.cafe, check_id, {"coffee": 3, "cake": 1})) == ("refunded", 4000, 250, 0, 0, 12_000)
        assert refund(guest.cafe, check_id).replayed is True
        assert guest.balance == (12_000, 12_000)


class TestByLines:
    def test_in_proportion(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000)
        assert guest.cafe.rows("SELECT line_id, redeemed_minor, earned_minor FROM checks.check_line ORDER BY id") == [
            ("coffee", 2667, 167), ("cake", 1333, 83),
        ]  # fmt: skip
        assert amounts(refund(guest.cafe, check_id, {"coffee": 1})) == ("partly_refunded", 889, 55, 0, 0, 9084)
        assert amounts(refund(guest.cafe, check_id, {"coffee": 2})) == ("partly_refunded", 1778, 111, 0, 0, 9917)
        assert amounts(refund(guest.cafe, check_id, {"coffee": 3})) == ("partly_refunded", 2667, 167, 0, 0, 10_750)
        assert amounts(refund(guest.cafe, check_id, {"cake": 1})) == ("refunded", 4000, 250, 0, 0, 12_000)
        assert all_is_well()
