"""When a redemption needs a code."""

import pytest
from tests.unit.engine.factories import NOON, a_check, a_line, a_program

from incust.engine.confirmation import most_without_confirmation, needs_confirmation
from incust.engine.customer import Customer, CustomerStatus, Strength
from incust.engine.evaluate import evaluate
from incust.engine.outcome import RedeemBlocked
from incust.engine.program import Confirmation


@pytest.mark.parametrize(
    ("setting", "strength", "redeem_minor", "needed"),
    [
        (Confirmation.BY_STRENGTH, Strength.WEAK, 1, True),
        (Confirmation.BY_STRENGTH, Strength.STRONG, 1, False),
        (Confirmation.ABOVE_LIMIT, Strength.STRONG, 1000, False),
        (Confirmation.ABOVE_LIMIT, Strength.STRONG, 1001, True),
        (Confirmation.ALWAYS, Strength.STRONG, 1, True),
        (Confirmation.ALWAYS, Strength.WEAK, 0, False),
        (Confirmation.NEVER, Strength.WEAK, 100_000, False),
    ],
)
def test_the_program_decides(setting: Confirmation, strength: Strength, redeem_minor: int, needed: bool) -> None:
    program = a_program(confirmation=setting, confirmation_limit_minor=1000)
    assert needs_confirmation(program, strength=strength, redeem_minor=redeem_minor) is needed


@pytest.mark.parametrize(
    ("setting", "strength", "most_minor"),
    [
        (Confirmation.BY_STRENGTH, Strength.WEAK, 0),
        (Confirmation.BY_STRENGTH, Strength.STRONG, None),
        (Confirmation.ABOVE_LIMIT, Strength.WEAK, 1000),
        (Confirmation.ALWAYS, Strength.STRONG, 0),
        (Confirmation.NEVER, Strength.WEAK, None),
    ],
)
def test_says_how_much_needs_no_code(setting: Confirmation, strength: Strength, most_minor: int | None) -> None:
    program = a_program(confirmation=setting, confirmation_limit_minor=1000)
    assert most_without_confirmation(program, strength=strength) == most_minor


@pytest.mark.parametrize(
    ("cap_minor", "most_minor", "blocked"), [(0, 0, RedeemBlocked.NO_CONFIRMATION_CHANNEL), (1000, 1000, None)]
)
def test_who_cannot_be_asked_redeems_what_needs_no_code(
    cap_minor: int, most_minor: int, blocked: RedeemBlocked | None
) -> None:
    customer = Customer(status=CustomerStatus.FULL, available_minor=4000, redeem_cap_minor=cap_minor)
    outcome = evaluate(a_program(), a_check(a_line(9000)), customer, now=NOON)
    assert (outcome.redeem_max_minor, outcome.redeem_blocked) == (most_minor, blocked)
