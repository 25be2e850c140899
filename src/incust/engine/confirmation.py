"""Whether a redemption needs a code that is sent to the customer."""

from __future__ import annotations

from incust.engine.customer import Strength
from incust.engine.program import Confirmation, Program


def needs_confirmation(program: Program, *, strength: Strength, redeem_minor: int) -> bool:
    """Redeeming nothing never needs a code; otherwise the program's setting decides."""
    if redeem_minor <= 0:
        return False
    match program.confirmation:
        case Confirmation.NEVER:
            return False
        case Confirmation.ALWAYS:
            return True
        case Confirmation.ABOVE_LIMIT:
            return redeem_minor > program.confirmation_limit_minor
        case Confirmation.BY_STRENGTH:
            return strength is Strength.WEAK


def most_without_confirmation(program: Program, *, strength: Strength) -> int | None:
    """How much may be redeemed without a code; `None`: any amount."""
    if program.confirmation is Confirmation.ABOVE_LIMIT:
        return program.confirmation_limit_minor
    return 0 if needs_confirmation(program, strength=strength, redeem_minor=1) else None
