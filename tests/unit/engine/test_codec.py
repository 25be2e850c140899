"""What is stored can be read back, and what cannot be meant is refused by name."""

import json
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from tests.unit.engine.factories import NOON, a_program
from tests.unit.engine.test_evaluate_properties import checks, customers, programs

from incust.engine.check import Check
from incust.engine.codec import outcome_to_dict, program_from_dict, program_to_dict
from incust.engine.customer import Customer
from incust.engine.evaluate import evaluate
from incust.engine.program import CreditPercent, Program, ProgramInvalid


@given(programs())
def test_a_program_survives_storage(program: Program) -> None:
    assert program_from_dict(program_to_dict(program)) == program


@given(programs(), checks(), customers)
def test_an_outcome_is_stored_whole(program: Program, check: Check, customer: Customer) -> None:
    outcome = evaluate(program, check, customer, now=NOON)
    stored = json.loads(json.dumps(outcome_to_dict(outcome)))
    assert stored.pop("format") == 1
    assert stored.pop("evaluated_at") == NOON.isoformat()
    expected = json.loads(json.dumps(asdict(outcome), default=str))
    del expected["evaluated_at"]
    assert stored == expected


def test_a_percent_is_stored_as_text() -> None:
    assert program_to_dict(a_program(earn="2.5"))["rules"][0]["percent"] == "2.5"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"format": 2}, "format"),
        ({"rules": None}, "rules"),
        ({"rules": [{"kind": "gift"}]}, "rules.0.kind"),
        ({"rules": [{"kind": "redeem_percent", "rule_id": "r", "percent": 5}]}, "rules.0.percent"),
        ({"rules": [{"kind": "redeem_percent", "rule_id": "r", "percent": "NaN"}]}, "rules.0.percent"),
        ({"rules": [{"kind": "redeem_percent", "rule_id": "r", "percent": "100.01"}]}, "rules.0.percent"),
        ({"rules": [{"kind": "redeem_percent", "rule_id": "r", "percent": "0.001"}]}, "rules.0.percent"),
        ({"rules": [{"kind": "redeem_percent", "rule_id": "r", "percent": "5", "x": 1}]}, "rules.0.x"),
        ({"rounding": "up"}, "rounding"),
        ({"step_minor": 5}, "step_minor"),
        ({"step_minor": "1"}, "step_minor"),
        ({"promotion_lines_take_part": 1}, "promotion_lines_take_part"),
        ({"debt_limit_minor": -1}, "debt_limit_minor"),
        ({"colour": "violet"}, "colour"),
    ],
)
def test_names_the_faulty_member(change: dict[str, Any], field: str) -> None:
    stored = program_to_dict(a_program()) | change
    with pytest.raises(ProgramInvalid) as refused:
        program_from_dict(stored)
    assert refused.value.field == field


def test_two_rules_of_one_id_are_refused() -> None:
    rule = CreditPercent(rule_id="earn", percent=Decimal(5))
    with pytest.raises(ProgramInvalid, match="same rule_id"):
        Program(rules=(rule, rule))
