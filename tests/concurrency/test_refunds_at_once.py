"""Many tills refund at the same instant: each state counts once, and nothing is lost between them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from incust.checks.refund import RefundedCheck
from tests.integration.checks.factories import NOON, Cafe, a_check
from tests.integration.checks.refunding import all_is_well, amounts, paid, refund

from .at_once import CLIENTS, at_once


def test_equal_refunds_have_one_effect_and_equal_answers(cafe: Cafe) -> None:
    guest = cafe.guest(12_000)
    check_id = paid(guest, 4000)

    together = at_once([partial(refund, cafe, check_id, {"coffee": 1}, now=NOON) for _ in range(CLIENTS)])

    assert (len(together.answers), together.errors) == (CLIENTS, [])
    assert {replace(answer, replayed=False) for answer in together.answers} == {
        RefundedCheck(
            check_id=check_id, status="partly_refunded", returned_minor=889, taken_back_minor=55, absorbed_minor=0,
            expired_minor=0, balance_minor=9084, replayed=False,
        )
    }  # fmt: skip
    assert [answer.replayed for answer in together.answers].count(False) == 1
    assert cafe.rows("SELECT count(*) FROM checks.refund") == [(1,)]
    assert cafe.rows("SELECT count(*) FROM messaging.outbox WHERE topic = 'check-refunded'") == [(1,)]
    assert guest.balance == (9084, 9084)


def test_different_lines_and_steps_add_up(cafe: Cafe) -> None:
    guest = cafe.guest(12_000)
    check_id = paid(guest, 4000)
    states: list[dict[str, object]] = [{"coffee": 1}, {"coffee": 2}, {"coffee": 3}, {"cake": 1}]

    together = at_once([partial(refund, cafe, check_id, state, now=NOON) for state in states * (CLIENTS // 4)])

    assert (len(together.answers), together.errors) == (CLIENTS, [])
    assert amounts(refund(cafe, check_id)) == ("refunded", 4000, 250, 0, 0, 12_000)
    assert guest.balance == (12_000, 12_000)
    assert cafe.rows("SELECT sum(returned_minor), sum(taken_back_minor), count(*) <= 4 FROM checks.refund") == [
        (4000, 250, True)
    ]
    assert all_is_well(cafe.business_id)


def test_refunds_racing_redemptions_take_what_is_left_and_never_more(cafe: Cafe) -> None:
    guest = cafe.guest()
    earned = [paid(guest, external_id=f"earned {n}") for n in range(CLIENTS // 2)]
    redeem = [
        partial(guest.finalize, a_check(1000, external_id=f"spent {n}", total_minor=1000), 300)
        for n in range(CLIENTS // 2)
    ]
    give_back = [partial(refund, cafe, check_id, now=NOON) for check_id in earned]

    together = at_once([action for pair in zip(redeem, give_back, strict=True) for action in pair])  # type: ignore[misc]

    assert (len(together.answers), together.errors) == (CLIENTS, [])
    [(absorbed, taken)] = cafe.rows("SELECT sum(absorbed_minor), sum(taken_back_minor) FROM checks.check")
    [(unbacked, earned_by_spending)] = cafe.rows(
        "SELECT sum(unbacked_minor), sum(earned_minor) FROM checks.check WHERE external_id LIKE 'spent %%'"
    )
    assert absorbed + taken == 450 * (CLIENTS // 2)
    assert guest.balance[0] == 450 * (CLIENTS // 2) + earned_by_spending - (300 * (CLIENTS // 2) - unbacked) - taken
    assert guest.balance[0] >= 0
    assert all_is_well(cafe.business_id)
