"""When a redemption needs a code."""

import pytest
from tests.unit.engine.factories import a_program

from incust.engine.confirmation import needs_confirmation
from incust.engine.customer import Strength
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
