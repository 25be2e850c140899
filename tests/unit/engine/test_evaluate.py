"""Given a check, when it is evaluated, then these numbers."""

from decimal import Decimal

import pytest
from tests.unit.engine.factories import NOON, a_check, a_customer, a_line, a_program

from incust.engine.customer import CustomerStatus
from incust.engine.evaluate import RedeemAboveLimit, evaluate, settle
from incust.engine.money import Rounding
from incust.engine.outcome import Credit, NotFired, RedeemBlocked
from incust.engine.program import Basis, CreditPercent, Program, RedeemPercent


class TestRedemptionLimit:
    def test_balance_is_the_limit_when_it_is_the_least(self) -> None:
        outcome = evaluate(a_program(), a_check(a_line(9000)), a_customer(4000), now=NOON)
        assert (outcome.redeem_max_minor, outcome.redeem_minor, outcome.due_minor) == (4000, 4000, 5000)
        assert outcome.redeem_blocked is None

    def test_percent_of_the_check_is_the_limit_when_it_is_the_least(self) -> None:
        outcome = evaluate(a_program(redeem="50"), a_check(a_line(9000)), a_customer(20_000), now=NOON)
        assert outcome.redeem_max_minor == 4500

    def test_service_charge_may_not_be_paid_with_bonuses(self) -> None:
        check = a_check(a_line(9000), total_minor=9900, service_minor=900)
        outcome = evaluate(a_program(redeem="100"), check, a_customer(20_000), now=NOON)
        assert (outcome.redeem_max_minor, outcome.due_minor) == (9000, 900)

    def test_what_is_left_to_pay_is_the_limit_when_the_till_rounded_down(self) -> None:
        check = a_check(a_line(9055), total_minor=9000)
        outcome = evaluate(a_program(redeem="100"), check, a_customer(20_000), now=NOON)
        assert (outcome.redeem_max_minor, outcome.due_minor) == (9000, 0)

    @pytest.mark.parametrize(("step_minor", "most_minor"), [(1, 4567), (10, 4560), (100, 4500)])
    def test_limit_is_rounded_down_to_the_step(self, step_minor: int, most_minor: int) -> None:
        program = a_program(redeem="100", step_minor=step_minor, rounding=Rounding.HALF_UP)
        outcome = evaluate(program, a_check(a_line(9000)), a_customer(4567), now=NOON)
        assert outcome.redeem_max_minor == most_minor

    def test_lines_without_discount_and_promotion_lines_do_not_count(self) -> None:
        check = a_check(a_line(1000, "0"), a_line(2000, "1", discountable=False), a_line(4000, "2", promotion=True))
        program = a_program(redeem="100", promotion_lines_take_part=False)
        outcome = evaluate(program, check, a_customer(20_000), now=NOON)
        assert outcome.redeem_max_minor == 1000
        assert [(share.line_id, share.redeemed_minor) for share in outcome.shares] == [("0", 1000), ("1", 0), ("2", 0)]

    @pytest.mark.parametrize(
        ("program", "check", "customer", "why"),
        [
            (a_program(redeem=None), a_check(a_line(9000)), a_customer(100), RedeemBlocked.REDEMPTION_OFF),
            (
                a_program(),
                a_check(a_line(9000)),
                a_customer(100, CustomerStatus.LIMITED),
                RedeemBlocked.LIMITED_STATUS,
            ),
            (a_program(), a_check(a_line(9000)), a_customer(100, CustomerStatus.NONE), RedeemBlocked.LIMITED_STATUS),
            (
                a_program(),
                a_check(a_line(9000, discountable=False)),
                a_customer(100),
                RedeemBlocked.NOTHING_ELIGIBLE,
            ),
            (a_program(), a_check(a_line(9000)), a_customer(0), RedeemBlocked.NO_BALANCE),
            (a_program(), a_check(a_line(9000)), a_customer(-500), RedeemBlocked.NO_BALANCE),
        ],
    )
    def test_says_why_nothing_can_be_redeemed(self, program, check, customer, why) -> None:  # type: ignore[no-untyped-def]
        outcome = evaluate(program, check, customer, now=NOON)
        assert (outcome.redeem_max_minor, outcome.redeem_minor, outcome.redeem_blocked) == (0, 0, why)

    def test_refuses_more_than_the_limit(self) -> None:
        with pytest.raises(RedeemAboveLimit) as refused:
            evaluate(a_program(), a_check(a_line(9000)), a_customer(4000), now=NOON, redeem_minor=4001)
        assert refused.value.redeem_max_minor == 4000

    def test_cashier_may_choose_less(self) -> None:
        outcome = evaluate(a_program(), a_check(a_line(9000)), a_customer(4000), now=NOON, redeem_minor=1)
        assert (outcome.redeem_max_minor, outcome.redeem_minor, outcome.due_minor) == (4000, 1, 8999)


class TestAccrual:
    def test_only_what_is_paid_with_money_earns(self) -> None:
        outcome = evaluate(a_program(), a_check(a_line(9000)), a_customer(4000), now=NOON)
        assert (outcome.earn_minor, outcome.earn_without_redeem_minor) == (250, 450)
        assert outcome.credits == (Credit(rule_id="earn", amount_minor=250, lifetime_days=None),)

    def test_redeemed_part_earns_when_the_rule_says_so(self) -> None:
        program = Program(
            rules=(
                CreditPercent(rule_id="earn", percent=Decimal(5), basis=Basis.WHOLE_CHECK, lifetime_days=30),
                RedeemPercent(rule_id="redeem", percent=Decimal(50)),
            )
        )
        outcome = evaluate(program, a_check(a_line(9000)), a_customer(4000), now=NOON)
        assert outcome.credits == (Credit(rule_id="earn", amount_minor=450, lifetime_days=30),)

    @pytest.mark.parametrize(
        ("rounding", "step_minor", "earned_minor"),
        [
            (Rounding.DOWN, 1, 449),
            (Rounding.HALF_UP, 1, 450),
            (Rounding.DOWN, 10, 440),
            (Rounding.HALF_UP, 10, 450),
            (Rounding.DOWN, 100, 400),
            (Rounding.HALF_UP, 100, 400),
        ],
    )
    def test_rounds_once_by_the_program(self, rounding: Rounding, step_minor: int, earned_minor: int) -> None:
        program = a_program(earn="5", rounding=rounding, step_minor=step_minor)
        outcome = evaluate(program, a_check(a_line(8990)), a_customer(), now=NOON)
        assert outcome.earn_minor == earned_minor

    def test_limited_customer_earns_and_none_does_not(self) -> None:
        check = a_check(a_line(9000))
        limited = evaluate(a_program(), check, a_customer(0, CustomerStatus.LIMITED), now=NOON)
        none = evaluate(a_program(), check, a_customer(0, CustomerStatus.NONE), now=NOON)
        assert (limited.earn_minor, none.earn_minor) == (450, 0)
        assert none.trace[0].not_fired is NotFired.STATUS

    def test_each_line_gets_its_share(self) -> None:
        check = a_check(a_line(100, "a"), a_line(100, "b"), a_line(100, "c"))
        outcome = evaluate(a_program(earn="5", redeem="100"), check, a_customer(100), now=NOON)
        assert [(share.redeemed_minor, share.earned_minor) for share in outcome.shares] == [(34, 4), (33, 3), (33, 3)]

    def test_trace_says_what_fired_on_which_lines(self) -> None:
        outcome = evaluate(a_program(), a_check(a_line(9000, "7")), a_customer(0), now=NOON)
        redeem, earn = outcome.trace
        assert (redeem.rule_id, redeem.fired, redeem.not_fired) == ("redeem", False, NotFired.NO_BALANCE)
        assert (earn.rule_id, earn.fired, earn.line_ids, earn.base_minor, earn.amount_minor) == (
            "earn", True, ("7",), 9000, 450,
        )  # fmt: skip


class TestSettle:
    def test_takes_the_receipt_as_it_is_even_above_the_limit(self) -> None:
        outcome = settle(a_program(), a_check(a_line(9000)), a_customer(0), now=NOON, redeemed_minor=8000)
        assert (outcome.redeem_max_minor, outcome.redeem_minor, outcome.due_minor, outcome.earn_minor) == (
            0, 8000, 1000, 50,
        )  # fmt: skip

    def test_more_than_the_whole_check_earns_nothing(self) -> None:
        outcome = settle(a_program(), a_check(a_line(9000)), a_customer(0), now=NOON, redeemed_minor=9500)
        assert (outcome.due_minor, outcome.earn_minor) == (0, 0)

    def test_share_paid_by_other_than_money_earns_nothing(self) -> None:
        check = a_check(a_line(6000, "a"), a_line(3000, "b", discountable=False))
        outcome = settle(a_program(), check, a_customer(0), now=NOON, redeemed_minor=0, non_money_minor=3000)
        assert outcome.trace[1].base_minor == 4000
        assert outcome.earn_minor == 200

    def test_agrees_with_the_quote(self) -> None:
        check = a_check(a_line(9000), a_line(333, "1"))
        quoted = evaluate(a_program(), check, a_customer(4000), now=NOON, redeem_minor=4000)
        settled = settle(a_program(), check, a_customer(4000), now=NOON, redeemed_minor=4000)
        assert settled == quoted
