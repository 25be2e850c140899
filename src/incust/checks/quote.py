"""What may this customer redeem on this check, and what will he earn? Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.functional import Promise

from incust.businesses.terminal_access import Caller
from incust.engine.check import Check, content_hash
from incust.engine.confirmation import needs_confirmation
from incust.engine.customer import Customer, CustomerStatus, Strength
from incust.engine.evaluate import RedeemAboveLimit as AboveLimit
from incust.engine.evaluate import evaluate
from incust.engine.outcome import Outcome, RedeemBlocked
from incust.programs.current_program import CurrentProgram, program_version
from incust.programs.problems import ProgramMissing

from .problems import RedeemAboveLimit
from .till_call import call, digest

BLOCKED_SENTENCES: dict[str, str | Promise] = {
    RedeemBlocked.REDEMPTION_OFF: _("The program does not redeem bonuses."),
    RedeemBlocked.LIMITED_STATUS: _("The guest can redeem once he has given his consent."),
    RedeemBlocked.NOTHING_ELIGIBLE: _("Nothing on this check can be paid with bonuses."),
    RedeemBlocked.NO_BALANCE: _("The guest has no bonuses to redeem."),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class QuoteCheck:
    """`redeem_minor` None asks for the most that may be redeemed."""

    caller: Caller
    check: Check
    customer_id: int
    identification_id: int | None
    redeem_minor: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """The engine's outcome with all that it was computed from. `quote_hash` is the `check_hash` of the terminal API."""

    outcome: Outcome
    program: CurrentProgram
    business_id: int
    total_minor: int
    quote_hash: str
    balance_minor: int
    confirmation_required: bool
    confirmed_minor: int
    check_status: str | None


def quote_check(request: QuoteCheck, *, now: datetime) -> Quote:
    """Evaluate the check as it stands.

    Raises `CustomerUnknown`, `ProgramMissing`, `CurrencyMismatch`, `RedeemAboveLimit`, and the errors of the doors.
    """
    check = request.check
    ask: dict[str, Any] = {
        "customer_id": request.customer_id,
        "identification_id": request.identification_id,
        "external_id": check.external_id,
        "currency": check.currency,
        "now": now.isoformat(),
    }
    if request.caller.door == "poster":
        ask["read_id"] = request.caller.request_id
    return quote_from(call("checks.load", request.caller.as_json(), ask), check, request.redeem_minor, now=now)


def quote_from(context: dict[str, Any], check: Check, redeem_minor: int | None, *, now: datetime) -> Quote:
    """Evaluate a check by what `checks.load` answered; `reserve` does the same, so that its numbers are the quote's."""
    if context["program_version_id"] is None:
        raise ProgramMissing
    program = program_version(context["business_id"], context["program_version_id"])
    customer = Customer(
        status=CustomerStatus(context["customer_status"]), available_minor=context["available_minor"]
    )
    try:
        outcome = evaluate(program.rules, check, customer, now=now, redeem_minor=redeem_minor)
    except AboveLimit as refused:
        raise RedeemAboveLimit(redeem_max_minor=refused.redeem_max_minor) from refused
    already_confirmed = outcome.redeem_minor <= context["confirmed_minor"]
    return Quote(
        outcome=outcome,
        program=program,
        business_id=context["business_id"],
        total_minor=check.total_minor,
        quote_hash=digest(
            content_hash(check), program.version_id, customer.status, customer.available_minor, check.external_id
        ),
        balance_minor=context["balance_minor"],
        confirmation_required=not already_confirmed
        and needs_confirmation(
            program.rules, strength=Strength(context["strength"]), redeem_minor=outcome.redeem_minor
        ),
        confirmed_minor=context["confirmed_minor"],
        check_status=context["check_status"],
    )
