"""What is refused is refused with a sentence that a person can act on, and at exactly the bound."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.engine.factories import NOON, a_check, a_customer, a_line, a_program

from incust.engine.check import AMOUNT_MINOR_MAX, LINES_MAX, QUANTITY_MAX, CheckInvalid, content_hash
from incust.engine.codec import program_from_dict, program_to_dict
from incust.engine.customer import CustomerStatus
from incust.engine.evaluate import RedeemAboveLimit, evaluate, settle
from incust.engine.money import Rounding, allocate, round_ratio
from incust.engine.program import (
    Basis,
    BelowZero,
    Confirmation,
    CreditPercent,
    Program,
    ProgramInvalid,
    RedeemPercent,
)

CREDIT = {"kind": "credit_percent", "rule_id": "r", "percent": "5"}
A_PERCENT_IS_TEXT = 'A percent is a decimal text, such as "2.5".'
A_PERCENT_IS_BOUNDED = "A percent is above 0, at most 100, with at most two places."


class TestStoredProgram:
    @pytest.mark.parametrize(
        ("change", "field", "sentence", "shown"),
        [
            ({"format": 2}, "format", "Only format %(number)s is known.", "Only format 1 is known."),
            ({"rules": None}, "rules", "A list of rules is needed.", None),
            ({"rules": ["gift"]}, "rules.0", "A rule is an object.", None),
            ({"rules": [{"kind": "gift"}]}, "rules.0.kind", "This kind of rule is not known.", None),
            ({"rules": [CREDIT | {"rule_id": 7}]}, "rules.0.rule_id", "A rule's id is a text.", None),
            ({"rules": [CREDIT | {"rule_id": ""}]}, "rules.0.rule_id", "A rule has an id.", None),
            ({"rules": [CREDIT | {"percent": 5}]}, "rules.0.percent", A_PERCENT_IS_TEXT, None),
            ({"rules": [CREDIT | {"percent": "five"}]}, "rules.0.percent", A_PERCENT_IS_TEXT, None),
            ({"rules": [CREDIT | {"percent": "NaN"}]}, "rules.0.percent", "A percent is a finite number.", None),
            ({"rules": [CREDIT | {"percent": "0"}]}, "rules.0.percent", A_PERCENT_IS_BOUNDED, None),
            ({"rules": [CREDIT | {"percent": "100.01"}]}, "rules.0.percent", A_PERCENT_IS_BOUNDED, None),
            ({"rules": [CREDIT | {"percent": "0.001"}]}, "rules.0.percent", A_PERCENT_IS_BOUNDED, None),
            (
                {"rules": [CREDIT | {"lifetime_days": "30"}]}, "rules.0.lifetime_days",
                "A lifetime is a whole number of days or null.", None,
            ),
            (
                {"rules": [CREDIT | {"lifetime_days": 0}]}, "rules.0.lifetime_days",
                "A lifetime is 1 to %(days)s days.", "A lifetime is 1 to 3650 days.",
            ),
            (
                {"rules": [CREDIT | {"lifetime_days": 3651}]}, "rules.0.lifetime_days",
                "A lifetime is 1 to %(days)s days.", "A lifetime is 1 to 3650 days.",
            ),
            (
                {"rules": [CREDIT | {"basis": "all"}]}, "rules.0.basis", "One of these is needed: %(choices)s.",
                "One of these is needed: paid_with_money, whole_check.",
            ),
            ({"rules": [CREDIT, CREDIT]}, "rules", "Two rules have the same rule_id.", None),
            (
                {"rules": [{"kind": "redeem_percent", "rule_id": n, "percent": "5"} for n in "ab"]}, "rules",
                "A program has one redemption limit.", None,
            ),
            (
                {"rules": [CREDIT | {"rule_id": str(n)} for n in range(51)]}, "rules",
                "There are more than %(number)s rules.", "There are more than 50 rules.",
            ),
            ({"rules": [CREDIT | {"x": 1}]}, "rules.0.x", "This member is not known.", None),
            ({"rounding": "up"}, "rounding", "One of these is needed: %(choices)s.",
             "One of these is needed: down, half_up."),
            ({"step_minor": "1"}, "step_minor", "A whole number is needed.", None),
            ({"step_minor": True}, "step_minor", "A whole number is needed.", None),
            ({"step_minor": 5}, "step_minor", "The step is 1, 10 or 100 minor units.", None),
            ({"promotion_lines_take_part": 1}, "promotion_lines_take_part", "True or false is needed.", None),
            ({"new_customer_status": "new"}, "new_customer_status", "One of these is needed: %(choices)s.",
             "One of these is needed: full, limited, none."),
            ({"confirmation": "once"}, "confirmation", "One of these is needed: %(choices)s.",
             "One of these is needed: by_strength, above_limit, always, never."),
            ({"below_zero": "forgive"}, "below_zero", "One of these is needed: %(choices)s.",
             "One of these is needed: debt, absorb, block."),
            ({"confirmation_limit_minor": -1}, "confirmation_limit_minor", "A limit is not negative.", None),
            ({"debt_limit_minor": -1}, "debt_limit_minor", "A limit is not negative.", None),
        ],
    )  # fmt: skip
    def test_says_what_is_wrong(self, change: dict[str, Any], field: str, sentence: str, shown: str | None) -> None:
        with pytest.raises(ProgramInvalid) as refused:
            program_from_dict(program_to_dict(a_program()) | change)
        assert (refused.value.field, refused.value.sentence) == (field, sentence)
        assert str(refused.value) == (shown or sentence)
        assert sentence % refused.value.members == (shown or sentence)

    def test_the_bounds_themselves_are_fine(self) -> None:
        rules = [CREDIT | {"rule_id": str(n), "percent": "100", "lifetime_days": 3650} for n in range(50)]
        program = program_from_dict(program_to_dict(a_program()) | {"rules": rules})
        assert len(program.rules) == 50
        shortest = program_from_dict({"format": 1, "rules": [CREDIT | {"percent": "0.01", "lifetime_days": 1}]})
        assert shortest.rules[0] == CreditPercent(rule_id="r", percent=Decimal("0.01"), lifetime_days=1)

    def test_what_is_left_out_is_as_in_a_blank_program(self) -> None:
        stored = program_from_dict({"format": 1, "rules": [CREDIT]})
        assert stored == Program(rules=(CreditPercent(rule_id="r", percent=Decimal(5)),))

    def test_every_setting_is_read(self) -> None:
        program = Program(
            rules=(
                CreditPercent(rule_id="c", percent=Decimal(5), basis=Basis.WHOLE_CHECK, lifetime_days=30),
                RedeemPercent(rule_id="r", percent=Decimal(50)),
            ),
            rounding=Rounding.HALF_UP, step_minor=100, promotion_lines_take_part=False,
            new_customer_status=CustomerStatus.LIMITED, confirmation=Confirmation.ABOVE_LIMIT,
            confirmation_limit_minor=1, below_zero=BelowZero.DEBT, debt_limit_minor=2,
        )  # fmt: skip
        assert program_from_dict(program_to_dict(program)) == program


class TestCheck:
    @pytest.mark.parametrize(
        ("members", "field", "sentence"),
        [
            ({"external_id": ""}, "external_id", "The order's key on its till is missing."),
            (
                {"lines": tuple(a_line(0, str(n)) for n in range(LINES_MAX + 1))}, "lines",
                "There are more than 500 lines.",
            ),
            ({"lines": (a_line(1), a_line(2))}, "lines", "Two lines have the same line_id."),
            (
                {"lines": (a_line(1, quantity=Decimal("0.0001")),)}, "lines.quantity",
                "A quantity is positive and has at most three places.",
            ),
            (
                {"lines": (a_line(1, quantity=QUANTITY_MAX + 1),)}, "lines.quantity",
                "A quantity is positive and has at most three places.",
            ),
            (
                {"total_minor": AMOUNT_MINOR_MAX + 1}, "total_minor",
                "An amount is not negative and below ten thousand millions.",
            ),
        ],
    )  # fmt: skip
    def test_says_what_is_wrong(self, members: dict[str, Any], field: str, sentence: str) -> None:
        with pytest.raises(CheckInvalid) as refused:
            replace(a_check(a_line(9000)), **members)
        assert (refused.value.field, str(refused.value)) == (field, sentence)

    def test_the_bounds_themselves_are_fine(self) -> None:
        lines = tuple(a_line(0, str(n), quantity=Decimal("0.001")) for n in range(LINES_MAX))
        assert len(replace(a_check(), lines=lines).lines) == LINES_MAX
        heaviest = a_line(AMOUNT_MINOR_MAX, quantity=QUANTITY_MAX)
        assert a_check(heaviest, total_minor=AMOUNT_MINOR_MAX).lines == (heaviest,)

    def test_a_line_of_nothing_was_taken_off_the_order(self) -> None:
        assert a_check(a_line(100, quantity=Decimal(0)), a_line(5, "1")).lines == (a_line(5, "1"),)

    def test_the_hash_of_a_content_never_changes(self) -> None:
        """It is stored with reservations: another form would make every open one look changed."""
        check = a_check(a_line(9000, quantity=Decimal(2)), total_minor=9100, service_minor=100)
        assert content_hash(check) == "7a14393587bdcba7f9da880a7e42c21e0f8979222249cc4a32da009da8c2c4eb"


class TestAmounts:
    @pytest.mark.parametrize(("numerator", "denominator", "step_minor"), [(-1, 1, 1), (1, 0, 1), (1, -1, 1), (1, 1, 0)])
    def test_a_ratio_needs_amounts_and_positive_divisors(
        self, numerator: int, denominator: int, step_minor: int
    ) -> None:
        with pytest.raises(ValueError, match=r"^amounts are not negative, divisors and steps are positive$"):
            round_ratio(numerator, denominator, step_minor=step_minor, rounding=Rounding.DOWN)

    @pytest.mark.parametrize(("total_minor", "weights"), [(-1, {"a": 1}), (1, {"a": -1, "b": 5})])
    def test_nothing_negative_is_spread(self, total_minor: int, weights: dict[str, int]) -> None:
        with pytest.raises(ValueError, match=r"^neither total nor weights are negative$"):
            allocate(total_minor, weights)

    def test_a_total_needs_something_to_be_spread_over(self) -> None:
        with pytest.raises(ValueError, match=r"^a positive total needs something to be spread over$"):
            allocate(1, {"a": 0})

    def test_equal_remainders_go_to_the_heavier_weight_then_to_the_smaller_key(self) -> None:
        assert allocate(1, {"c": 1, "b": 1, "a": 1}) == {"c": 0, "b": 0, "a": 1}
        assert allocate(2, {"a": 1, "b": 3}) == {"a": 0, "b": 2}
        assert allocate(3, {"a": 1, "b": 1, "c": 4}) == {"a": 1, "b": 0, "c": 2}
        assert allocate(0, {"a": 0, "b": 0}) == {"a": 0, "b": 0}

    def test_a_redemption_is_not_negative(self) -> None:
        with pytest.raises(ValueError, match=r"^a redemption is not negative$"):
            evaluate(a_program(), a_check(a_line(9000)), a_customer(100), now=NOON, redeem_minor=-1)

    def test_more_than_the_limit_names_the_limit(self) -> None:
        with pytest.raises(RedeemAboveLimit, match=r"^at most 100 minor units may be redeemed$"):
            evaluate(a_program(), a_check(a_line(9000)), a_customer(100), now=NOON, redeem_minor=101)

    @pytest.mark.parametrize("amounts", [{"redeemed_minor": -1}, {"redeemed_minor": 0, "non_money_minor": -1}])
    def test_amounts_of_a_receipt_are_not_negative(self, amounts: dict[str, int]) -> None:
        with pytest.raises(ValueError, match=r"^amounts of a receipt are not negative$"):
            settle(a_program(), a_check(a_line(9000)), a_customer(), now=NOON, **amounts)
