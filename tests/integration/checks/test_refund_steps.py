"""Refunds in steps: each moves what the state of return adds, of its own check alone; the latest answer is repeated."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from incust.checks.problems import LineUnknown
from incust.engine.program import Confirmation

from .factories import NOON, Cafe, a_cafe, a_check, rules
from .refunding import all_is_well, amounts, paid, refund

pytestmark = pytest.mark.django_db


@pytest.fixture
def cafe() -> Cafe:
    return a_cafe(program=rules(redeem="100", confirmation=Confirmation.NEVER))


def steps(cafe: Cafe, check_id: int, columns: str) -> list[Any]:
    return cafe.rows(f"SELECT {columns} FROM checks.refund WHERE check_id = %s ORDER BY number", check_id)


def test_what_no_balance_covered_goes_back_to_nobody_step_by_step(cafe: Cafe) -> None:
    check_id = paid(cafe.guest(), 900)
    for coffees in (1, 2):
        refund(cafe, check_id, {"coffee": coffees})
    assert steps(cafe, check_id, "number, returned_minor, returned_unbacked_minor") == [(1, 0, 200), (2, 0, 200)]
    assert all_is_well(cafe.business_id)


def test_what_was_absorbed_once_is_not_asked_for_again(cafe: Cafe) -> None:
    guest = cafe.guest()
    check_id = paid(guest)
    guest.finalize(a_check(400, external_id="spent"), 400)
    assert amounts(refund(cafe, check_id, {"cake": 1})) == ("partly_refunded", 0, 50, 100, 0, 0)
    assert amounts(refund(cafe, check_id, {"coffee": 1})) == ("partly_refunded", 0, 50, 200, 0, 0)
    guest.finalize(a_check(20_000, external_id="earned"))
    assert amounts(refund(cafe, check_id, {"coffee": 2})) == ("partly_refunded", 0, 150, 200, 0, 900)
    assert steps(cafe, check_id, "taken_back_minor, absorbed_minor") == [(50, 100), (0, 100), (100, 0)]
    assert all_is_well(cafe.business_id)


def test_what_expired_once_is_not_counted_again() -> None:
    cafe = a_cafe(program=rules(confirmation=Confirmation.NEVER, credit={"lifetime_days": 10}))
    guest = cafe.guest(1000)
    check_id = paid(guest)
    cafe.publish(rules())
    late = NOON + timedelta(days=20)
    for lines in ({"cake": 1}, {"coffee": 1}, {"coffee": 3}):
        refund(cafe, check_id, lines, now=late)
    assert steps(cafe, check_id, "taken_back_minor, expired_minor") == [(0, 150), (0, 100), (0, 200)]
    assert guest.balance_at(late) == (1000, 1000)
    assert all_is_well(cafe.business_id)


def test_each_check_counts_its_own_refunds_and_repeats_its_own_latest_answer(cafe: Cafe) -> None:
    first, second = paid(cafe.guest(), external_id="1"), paid(cafe.guest(), external_id="2")
    refund(cafe, first, {"coffee": 1})
    latest = refund(cafe, first, {"cake": 1})
    refund(cafe, second, {"cake": 1})
    refund(cafe, second, {"coffee": 1})
    refund(cafe, second, {"coffee": 2})
    again = refund(cafe, first, {"coffee": 1})
    assert (amounts(again), again.replayed) == (amounts(latest), True)
    assert amounts(again)[:3] == ("partly_refunded", 0, 250)
    assert [steps(cafe, check, "number") for check in (first, second)] == [
        [(1,), (2,)], [(1,), (2,), (3,)],
    ]  # fmt: skip


def test_what_is_returned_is_listed_as_it_was_bought(cafe: Cafe) -> None:
    check_id = paid(cafe.guest())
    refund(cafe, check_id, {"cake": 1, "coffee": 2})
    [(lines,)] = steps(cafe, check_id, "lines::text")
    assert lines.index('"coffee"') < lines.index('"cake"')


def test_of_several_lines_that_nobody_bought_the_first_is_named(cafe: Cafe) -> None:
    check_id = paid(cafe.guest())
    with pytest.raises(LineUnknown) as refused:
        refund(cafe, check_id, {"tea": 1, "coffee": 1, "bread": 1})
    assert refused.value.members == {"line_id": "bread"}


def test_a_receipt_that_went_back_whole_stays_so_and_others_stay_paid(cafe: Cafe) -> None:
    first, second = paid(cafe.guest(), external_id="1"), paid(cafe.guest(), external_id="2")
    whole = refund(cafe, first)
    again = refund(cafe, first, {"coffee": 1})
    assert (again.status, amounts(again)) == ("refunded", amounts(whole))
    assert cafe.rows("SELECT returned_quantity FROM checks.check_line WHERE check_id = %s", second) == [(0,), (0,)]
    assert amounts(refund(cafe, second, {"cake": 1}))[:3] == ("partly_refunded", 0, 150)
