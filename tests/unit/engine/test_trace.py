"""The trace says of each rule whether it fired, on what, and if not, why not; and odd receipts still add up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.unit.engine.factories import NOON, a_check, a_customer, a_line, a_program

from incust.engine.confirmation import most_without_confirmation
from incust.engine.customer import Customer, CustomerStatus, Strength
from incust.engine.evaluate import evaluate, redemption_limit_of_check, settle
from incust.engine.outcome import NotFired, RedeemBlocked, TraceStep
from incust.engine.program import Basis, Confirmation, CreditPercent, Program


class TestRedemptionStep:
    def test_what_was_redeemed_on_which_lines(self) -> None:
        check = a_check(a_line(6000, "b"), a_line(3000, "a"), a_line(500, "c", discountable=False))
        outcome = evaluate(a_program(), check, a_customer(4000), now=NOON, redeem_minor=1)
        assert outcome.trace[0] == TraceStep(
            rule_id="redeem", fired=True, line_ids=("a", "b"), base_minor=9000, amount_minor=1, not_fired=None
        )

    @pytest.mark.parametrize(
        ("check", "customer", "redeem_minor", "why_not"),
        [
            (a_check(a_line(9000)), a_customer(4000), 0, NotFired.NOT_CHOSEN),
            (a_check(a_line(9000)), a_customer(0), None, NotFired.NO_BALANCE),
            (a_check(a_line(9000)), a_customer(4000, CustomerStatus.LIMITED), None, NotFired.STATUS),
            (a_check(a_line(9000, discountable=False)), a_customer(4000), None, NotFired.NOTHING_ELIGIBLE),
            (
                a_check(a_line(9000)),
                Customer(status=CustomerStatus.FULL, available_minor=4000, redeem_cap_minor=0),
                None,
                NotFired.NO_CONFIRMATION_CHANNEL,
            ),
        ],
    )
    def test_why_nothing_was_redeemed(self, check, customer, redeem_minor, why_not) -> None:  # type: ignore[no-untyped-def]
        step = evaluate(a_program(), check, customer, now=NOON, redeem_minor=redeem_minor).trace[0]
        assert (step.fired, step.line_ids, step.amount_minor, step.not_fired) == (False, (), 0, why_not)

    def test_a_program_without_redemption_has_no_such_step(self) -> None:
        trace = evaluate(a_program(redeem=None), a_check(a_line(9000)), a_customer(100), now=NOON).trace
        assert [step.rule_id for step in trace] == ["earn"]


class TestCreditStep:
    def test_one_minor_unit_fires(self) -> None:
        step = evaluate(a_program(redeem=None), a_check(a_line(20, "7")), a_customer(), now=NOON).trace[0]
        assert step == TraceStep(
            rule_id="earn", fired=True, line_ids=("7",), base_minor=20, amount_minor=1, not_fired=None
        )

    @pytest.mark.parametrize(
        ("check", "customer", "base_minor", "why_not"),
        [
            (a_check(a_line(19)), a_customer(), 19, NotFired.ROUNDED_TO_ZERO),
            (a_check(a_line(1)), a_customer(), 1, NotFired.ROUNDED_TO_ZERO),
            (a_check(a_line(9000, discountable=False)), a_customer(), 0, NotFired.NOTHING_ELIGIBLE),
            (a_check(a_line(9000)), a_customer(0, CustomerStatus.NONE), 9000, NotFired.STATUS),
            (a_check(a_line(0)), a_customer(0, CustomerStatus.NONE), 0, NotFired.STATUS),
        ],
    )
    def test_why_nothing_was_earned(self, check, customer, base_minor: int, why_not: NotFired) -> None:  # type: ignore[no-untyped-def]
        step = evaluate(a_program(redeem=None), check, customer, now=NOON).trace[0]
        assert step == TraceStep(
            rule_id="earn", fired=False, line_ids=(), base_minor=base_minor, amount_minor=0, not_fired=why_not
        )


class TestReceiptsAsTheyCome:
    def test_a_receipt_keeps_why_nothing_could_be_redeemed(self) -> None:
        outcome = settle(a_program(), a_check(a_line(9000)), a_customer(0), now=NOON, redeemed_minor=500)
        assert outcome.redeem_blocked is RedeemBlocked.NO_BALANCE
        assert (outcome.trace[0].fired, outcome.trace[0].not_fired) == (True, None)

    def test_what_was_taken_beyond_all_lines_lies_on_no_line(self) -> None:
        check = a_check(a_line(100, "a"), a_line(50, "b", discountable=False), total_minor=300)
        outcome = settle(a_program(), check, a_customer(0), now=NOON, redeemed_minor=400)
        assert [(share.line_id, share.redeemed_minor) for share in outcome.shares] == [("a", 100), ("b", 50)]
        assert (outcome.redeem_minor, outcome.due_minor) == (400, 0)

    @pytest.mark.parametrize(
        ("non_money_minor", "base_minor"), [(0, 5000), (1, 4999), (1000, 4000), (5000, 0), (9000, 0)]
    )
    def test_what_other_means_paid_is_spread_over_what_is_left_of_each_line(
        self, non_money_minor: int, base_minor: int
    ) -> None:
        outcome = settle(
            a_program(), a_check(a_line(9000)), a_customer(), now=NOON, redeemed_minor=4000,
            non_money_minor=non_money_minor,
        )  # fmt: skip
        assert outcome.trace[1].base_minor == base_minor

    def test_redeemed_lines_are_paid_by_other_means_for_the_rest_only(self) -> None:
        check = a_check(a_line(6000, "a"), a_line(3000, "b", discountable=False))
        outcome = settle(
            a_program(), check, a_customer(), now=NOON, redeemed_minor=3000, non_money_minor=2000
        )  # 3000 and 3000 are left, so each line bears 1000
        assert outcome.trace[1].base_minor == 2000

    def test_one_minor_unit_left_may_be_paid_by_other_means(self) -> None:
        outcome = settle(
            a_program(earn="100"), a_check(a_line(100)), a_customer(), now=NOON, redeemed_minor=99, non_money_minor=1
        )
        assert (outcome.trace[1].base_minor, outcome.earn_minor) == (0, 0)

    def test_what_would_be_earned_without_redeeming_asks_each_rule_for_its_basis(self) -> None:
        program = Program(
            rules=(
                CreditPercent(rule_id="money", percent=Decimal(10)),
                CreditPercent(rule_id="all", percent=Decimal(1), basis=Basis.WHOLE_CHECK),
            )
        )
        outcome = settle(program, a_check(a_line(9000)), a_customer(), now=NOON, redeemed_minor=0, non_money_minor=4000)
        assert (outcome.earn_minor, outcome.earn_without_redeem_minor) == (500 + 90, 500 + 90)

    def test_what_other_means_paid_whole_would_earn_nothing_either_way(self) -> None:
        outcome = settle(
            a_program(earn="100"), a_check(a_line(9000)), a_customer(), now=NOON, redeemed_minor=0,
            non_money_minor=9000,
        )  # fmt: skip
        assert (outcome.earn_minor, outcome.earn_without_redeem_minor) == (0, 0)


class TestLimits:
    @pytest.mark.parametrize(("redeem", "limit_minor"), [("50", 4500), ("100", 9000), (None, 0)])
    def test_what_a_guest_with_points_enough_could_redeem(self, redeem: str | None, limit_minor: int) -> None:
        check = a_check(a_line(9000, "a"), a_line(500, "b", discountable=False))
        assert redemption_limit_of_check(a_program(redeem=redeem), check) == limit_minor

    def test_the_limit_is_rounded_down_to_the_step(self) -> None:
        program = a_program(redeem="33.33", step_minor=100)
        assert redemption_limit_of_check(program, a_check(a_line(9000))) == 2900

    def test_a_program_without_redemption_limits_to_nothing(self) -> None:
        outcome = settle(a_program(redeem=None), a_check(a_line(9000)), a_customer(100), now=NOON, redeemed_minor=0)
        assert (outcome.redeem_max_minor, outcome.redeem_blocked) == (0, RedeemBlocked.REDEMPTION_OFF)

    def test_where_every_redemption_needs_a_code_not_even_one_unit_goes_without(self) -> None:
        always = a_program(confirmation=Confirmation.ALWAYS)
        assert most_without_confirmation(always, strength=Strength.STRONG) == 0
