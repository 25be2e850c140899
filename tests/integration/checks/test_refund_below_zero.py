"""Given a guest who has spent what a check earned, when it is refunded, then the program says who bears it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from incust.checks.problems import RefundBlocked
from incust.engine.outcome import RedeemBlocked
from incust.engine.program import BelowZero, Program

from .factories import NOON, Guest, a_cafe, a_check, rules
from .refunding import LATER, all_is_well, amounts, paid, refund

pytestmark = pytest.mark.django_db

DEBT = {"below_zero": BelowZero.DEBT}


def spender(program: Program, spent_minor: int) -> tuple[Guest, int]:
    """A guest whose check earned 450, of which he has spent so much, and that check."""
    guest = a_cafe(program=program).guest()
    check_id = paid(guest)
    guest.reserve(a_check(900, "next"), spent_minor)
    guest.finalize(a_check(900, "next", total_minor=spent_minor), spent_minor)
    assert guest.balance == (450 - spent_minor, 450 - spent_minor)
    return guest, check_id


def concerns(guest: Guest, check_id: int) -> list[str]:
    return guest.cafe.rows("SELECT concerns FROM checks.check WHERE id = %s", check_id)[0][0]  # type: ignore[no-any-return]


class TestAbsorb:
    def test_the_business_bears_what_is_spent(self) -> None:
        guest, check_id = spender(rules(below_zero=BelowZero.ABSORB), 400)
        assert amounts(refund(guest.cafe, check_id)) == ("refunded", 0, 50, 400, 0, 0)
        assert concerns(guest, check_id) == ["absorbed"]
        assert all_is_well(guest.cafe.business_id)

    def test_over_refunds_in_parts(self) -> None:
        guest, check_id = spender(rules(below_zero=BelowZero.ABSORB), 400)
        assert amounts(refund(guest.cafe, check_id, {"coffee": 1})) == ("partly_refunded", 0, 50, 50, 0, 0)
        assert amounts(refund(guest.cafe, check_id, {"coffee": 2})) == ("partly_refunded", 0, 50, 150, 0, 0)
        guest.finalize(a_check(2000, "third"))
        assert amounts(refund(guest.cafe, check_id)) == ("refunded", 0, 150, 300, 0, 0)
        assert concerns(guest, check_id) == ["absorbed"]

    def test_is_what_holds_where_no_program_ever_was(self) -> None:
        guest = a_cafe(published=False).guest()
        assert refund(guest.cafe, paid(guest)).absorbed_minor == 0

    def test_what_a_refund_takes_whole_is_no_concern(self) -> None:
        guest = a_cafe().guest()
        check_id = paid(guest)
        refund(guest.cafe, check_id)
        assert concerns(guest, check_id) == []


class TestDebt:
    def test_goes_below_zero_down_to_the_limit(self) -> None:
        guest, check_id = spender(rules(**DEBT, debt_limit_minor=300), 400)
        assert amounts(refund(guest.cafe, check_id)) == ("refunded", 0, 350, 100, 0, -300)
        assert guest.balance == (-300, -300)
        assert concerns(guest, check_id) == ["absorbed"]
        assert all_is_well(guest.cafe.business_id)

    def test_within_the_limit_nothing_is_absorbed(self) -> None:
        guest, check_id = spender(rules(**DEBT, debt_limit_minor=400), 400)
        assert amounts(refund(guest.cafe, check_id)) == ("refunded", 0, 450, 0, 0, -400)
        assert concerns(guest, check_id) == []

    def test_later_credits_repay_it_before_they_form_lots(self) -> None:
        guest, check_id = spender(rules(credit={"lifetime_days": 30}, **DEBT, debt_limit_minor=400), 400)
        refund(guest.cafe, check_id)
        guest.finalize(a_check(10_000, "third"))
        assert guest.balance == (100, 100)
        assert guest.cafe.rows("SELECT amount_minor, remaining_minor FROM ledger.lot ORDER BY id") == [
            (450, 0), (100, 100),
        ]  # fmt: skip
        assert all_is_well(guest.cafe.business_id)

    def test_a_limit_lowered_since_binds_new_refunds_only(self) -> None:
        guest, check_id = spender(rules(**DEBT, debt_limit_minor=1000), 400)
        refund(guest.cafe, check_id, {"cake": 1})
        assert guest.balance == (-100, -100)
        guest.cafe.publish(rules(**DEBT, debt_limit_minor=50))
        assert amounts(refund(guest.cafe, check_id)) == ("refunded", 0, 150, 300, 0, -100)

    def test_a_debtor_redeems_nothing(self) -> None:
        guest, check_id = spender(rules(**DEBT, debt_limit_minor=400), 400)
        refund(guest.cafe, check_id)
        done = guest.finalize(a_check(2000, "third", total_minor=2000), 500)
        assert (done.unbacked_minor, done.balance_minor) == (500, -400 + done.earned_minor)

    def test_of_what_comes_back_the_debt_is_repaid_first(self) -> None:
        guest, check_id = spender(rules(**DEBT, debt_limit_minor=400), 400)
        refund(guest.cafe, check_id)
        [(spending,)] = guest.cafe.rows("SELECT id FROM checks.check WHERE external_id = 'next'")
        assert amounts(refund(guest.cafe, spending)) == ("refunded", 400, 0, 0, 0, 0)


class TestBlock:
    def test_refuses_and_writes_nothing(self) -> None:
        guest, check_id = spender(rules(below_zero=BelowZero.BLOCK), 400)
        with pytest.raises(RefundBlocked) as refused:
            refund(guest.cafe, check_id)
        assert refused.value.members == {"short_minor": 400}
        assert guest.balance == (50, 50)
        assert guest.cafe.rows(
            "SELECT sum(l.returned_quantity), (SELECT count(*) FROM checks.refund),"
            " (SELECT count(*) FROM messaging.outbox WHERE topic = 'check-refunded') FROM checks.check_line l"
        ) == [(0, 0, 0)]

    def test_what_the_balance_gives_is_refunded(self) -> None:
        guest, check_id = spender(rules(below_zero=BelowZero.BLOCK), 400)
        assert amounts(refund(guest.cafe, check_id, {"coffee": "0.500"})) == ("partly_refunded", 0, 50, 0, 0, 0)

    def test_a_refused_key_serves_again_once_the_balance_reaches(self) -> None:
        guest, check_id = spender(rules(below_zero=BelowZero.BLOCK), 400)
        caller = guest.cafe.caller("one")
        with pytest.raises(RefundBlocked):
            refund(guest.cafe, check_id, caller=caller)
        guest.finalize(a_check(8000, "third"))
        assert amounts(refund(guest.cafe, check_id, caller=caller)) == ("refunded", 0, 450, 0, 0, 0)

    def test_told_afterwards_it_acts_like_absorb(self) -> None:
        guest, check_id = spender(rules(below_zero=BelowZero.BLOCK), 400)
        assert amounts(refund(guest.cafe, check_id, accomplished=True)) == ("refunded", 0, 50, 400, 0, 0)
        assert concerns(guest, check_id) == ["absorbed"]


class TestInForce:
    def test_the_program_that_is_published_now_decides(self) -> None:
        guest, check_id = spender(rules(below_zero=BelowZero.BLOCK), 400)
        guest.cafe.publish(rules(**DEBT, debt_limit_minor=10_000))
        assert amounts(refund(guest.cafe, check_id)) == ("refunded", 0, 450, 0, 0, -400)

    def test_where_none_is_in_force_any_more_the_checks_own(self) -> None:
        guest, check_id = spender(rules(**DEBT, debt_limit_minor=10_000), 400)
        guest.cafe.rows("UPDATE programs.program SET current_version_id = NULL RETURNING id")
        assert amounts(refund(guest.cafe, check_id)) == ("refunded", 0, 450, 0, 0, -400)


class TestHolds:
    def test_what_is_promised_to_a_cashier_is_not_taken(self) -> None:
        guest = a_cafe(program=rules(below_zero=BelowZero.ABSORB)).guest()
        check_id = paid(guest)
        guest.reserve(a_check(900, "next"), 400)
        assert amounts(refund(guest.cafe, check_id, now=NOON)) == ("refunded", 0, 50, 400, 0, 400)
        assert guest.finalize(a_check(900, "next"), 400).unbacked_minor == 0
        assert all_is_well(guest.cafe.business_id)

    def test_a_reservation_is_honoured_though_the_guest_fell_into_debt(self) -> None:
        guest = a_cafe(program=rules(**DEBT, debt_limit_minor=200)).guest()
        check_id = paid(guest)
        guest.reserve(a_check(900, "next"), 400)
        # 50 are free; with the 400 that are held the account may come to -200.
        assert amounts(refund(guest.cafe, check_id, now=NOON)) == ("refunded", 0, 250, 200, 0, 200)
        done = guest.finalize(a_check(900, "next"), 400)
        assert (done.redeemed_minor, done.unbacked_minor, done.balance_minor) == (400, 0, -200 + done.earned_minor)
        assert all_is_well(guest.cafe.business_id)

    def test_a_hold_that_lapsed_protects_nothing(self) -> None:
        guest = a_cafe(program=rules(below_zero=BelowZero.ABSORB)).guest()
        check_id = paid(guest)
        guest.reserve(a_check(900, "next"), 400)
        late = NOON + timedelta(minutes=31)
        assert late < LATER
        assert amounts(refund(guest.cafe, check_id, now=late)) == ("refunded", 0, 450, 0, 0, 0)


class TestDebtorAtTheTill:
    def test_nothing_may_be_redeemed_and_the_quote_says_why(self) -> None:
        guest, check_id = spender(rules(**DEBT, debt_limit_minor=400), 400)
        refund(guest.cafe, check_id)
        quote = guest.quote(a_check(2000, "third"))
        assert (quote.outcome.redeem_max_minor, quote.outcome.redeem_blocked) == (0, RedeemBlocked.NO_BALANCE)
        assert (quote.outcome.due_minor, quote.outcome.earn_minor) == (2000, 100)
        assert guest.reserve(a_check(2000, "third"), 0).balance_after_minor == -300
        assert guest.finalize(a_check(2000, "third")).balance_minor == -300
