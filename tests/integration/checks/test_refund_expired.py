"""Given bonuses with a date, when a check is refunded after some of them expired, then nobody loses a point twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from incust.ledger.expire_lots import expire_lots

from .factories import NOON, Guest, a_cafe, a_check, leave_business, rules
from .refunding import all_is_well, amounts, paid, refund

pytestmark = pytest.mark.django_db

AFTER = NOON + timedelta(days=31)
THIRTY_DAYS = rules(credit={"lifetime_days": 30})


def lots(guest: Guest) -> list[tuple[date, int]]:
    return guest.cafe.rows("SELECT expires_on, remaining_minor FROM ledger.lot ORDER BY expires_on, id")


@pytest.mark.parametrize("swept", [True, False])
def test_what_a_check_earned_and_let_expire_is_not_taken_again(swept: bool) -> None:
    guest = a_cafe(program=THIRTY_DAYS).guest(1000)
    check_id = paid(guest)
    if swept:
        leave_business()
        assert expire_lots(now=AFTER) == 1
    assert amounts(refund(guest.cafe, check_id, {"coffee": 1}, now=AFTER)) == ("partly_refunded", 0, 0, 0, 100, 1000)
    assert amounts(refund(guest.cafe, check_id, {"coffee": 2}, now=AFTER)) == ("partly_refunded", 0, 0, 0, 200, 1000)
    assert amounts(refund(guest.cafe, check_id, now=AFTER)) == ("refunded", 0, 0, 0, 450, 1000)
    assert all_is_well(guest.cafe.business_id)


def test_first_taken_in_time_then_expired() -> None:
    guest = a_cafe(program=THIRTY_DAYS).guest(1000)
    check_id = paid(guest)
    assert amounts(refund(guest.cafe, check_id, {"coffee": 3})) == ("partly_refunded", 0, 300, 0, 0, 1150)
    assert amounts(refund(guest.cafe, check_id, now=AFTER)) == ("refunded", 0, 300, 0, 150, 1000)
    assert all_is_well(guest.cafe.business_id)


def test_redeemed_points_come_back_with_their_old_date() -> None:
    guest = a_cafe(program=THIRTY_DAYS).guest()
    paid(guest, external_id="earned")
    later = NOON + timedelta(days=10)
    spent = guest.finalize(a_check(400, "spent", total_minor=400), 400, now=later)
    assert lots(guest) == [(date(2026, 10, 1), 50)]
    assert amounts(refund(guest.cafe, spent.check_id, now=later)) == ("refunded", 400, 0, 0, 0, 450)
    assert lots(guest) == [(date(2026, 10, 1), 450)]
    assert guest.balance_at(AFTER) == (0, 0)


def test_and_expire_at_once_where_that_date_is_past() -> None:
    guest = a_cafe(program=THIRTY_DAYS).guest()
    paid(guest, external_id="earned")
    spent = guest.finalize(a_check(400, "spent", total_minor=400), 400)
    assert amounts(refund(guest.cafe, spent.check_id, now=AFTER)) == ("refunded", 400, 0, 0, 0, 0)
    assert guest.cafe.rows(
        "SELECT p.kind, e.amount_minor FROM ledger.entry e JOIN ledger.posting p ON p.id = e.posting_id"
        " WHERE e.account_id IS NOT NULL ORDER BY e.account_version"
    ) == [("check", 450), ("check", -400), ("expiry", -50), ("refund", 400), ("expiry", -400)]
    assert all_is_well(guest.cafe.business_id)


def test_what_came_back_and_expired_counts_for_the_check_that_had_earned_it() -> None:
    guest = a_cafe(program=THIRTY_DAYS).guest(1000)
    earned = paid(guest, external_id="earned")
    spent = guest.finalize(a_check(400, "spent", total_minor=400), 400)
    refund(guest.cafe, spent.check_id, now=AFTER)
    assert amounts(refund(guest.cafe, earned, now=AFTER)) == ("refunded", 0, 0, 0, 450, 1000)
    assert all_is_well(guest.cafe.business_id)
