"""What may this customer redeem on this check, and what will he earn? Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incust.businesses.terminal_access import Caller
from incust.businesses.till_call import call, digest
from incust.customers.confirmation import Channel, confirmation_channel
from incust.engine.check import Check, content_hash
from incust.engine.confirmation import most_without_confirmation, needs_confirmation
from incust.engine.customer import Customer, CustomerStatus, Strength
from incust.engine.evaluate import RedeemAboveLimit as AboveLimit
from incust.engine.evaluate import evaluate
from incust.engine.outcome import Outcome, RedeemBlocked
from incust.programs.current_program import CurrentProgram, program_version
from incust.programs.problems import ProgramMissing

from .problems import QuoteChanged, RedeemAboveLimit
from .quoted import remember_quote

BLOCKED_SENTENCES: dict[str, str | Promise] = {
    RedeemBlocked.REDEMPTION_OFF: _("The program does not redeem bonuses."),
    RedeemBlocked.LIMITED_STATUS: _("The guest can redeem once he has given his consent."),
    RedeemBlocked.NOTHING_ELIGIBLE: _("Nothing on this check can be paid with bonuses."),
    RedeemBlocked.NO_BALANCE: _("The guest has no bonuses to redeem."),
    RedeemBlocked.NO_CONFIRMATION_CHANNEL: _("The guest has no email address or phone that a code could be sent to."),
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
    """The engine's outcome with what it was computed from.

    `quote_hash` is the `check_hash` of the terminal API: it changes with check, program, status and available balance.
    `confirmation_channel` is how a code would reach the customer; None where none is needed.
    """

    outcome: Outcome
    program: CurrentProgram
    business_id: int
    terminal_id: int
    quote_hash: str
    balance_minor: int
    strong: bool
    confirmation_required: bool
    confirmation_channel: Channel | None

    @property
    def blocked_sentence(self) -> str:
        """Why nothing can be redeemed, for the cashier; empty where something can."""
        blocked = self.outcome.redeem_blocked
        return str(BLOCKED_SENTENCES[blocked]) if blocked else ""


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
    context = call("checks.load", request.caller.as_json(), ask)
    quote = quote_from(context, check, redeem_minor=request.redeem_minor, now=now)
    remember_quote(request.caller, request.customer_id, request.identification_id, quote.quote_hash, context)
    return quote


def quote_from(
    context: dict[str, Any], check: Check, *, now: datetime, redeem_minor: int | None, seen_hash: str | None = None
) -> Quote:
    """Evaluate a check by what `checks.load` answered. Reserve does the same, so its numbers are the quote's.

    `seen_hash`: what the cashier decided on; raises `QuoteChanged` where it is not so any more.
    """
    if context["program_version_id"] is None:
        raise ProgramMissing
    program = program_version(context["business_id"], context["program_version_id"])
    quote_hash = digest(
        content_hash(check),
        check.external_id,
        program.version_id,
        context["customer_status"],
        context["available_minor"],
    )
    if seen_hash is not None and seen_hash != quote_hash:
        raise QuoteChanged
    strength, confirmed_minor = Strength(context["strength"]), context["confirmed_minor"]
    channel = confirmation_channel(context["contacts"])
    cap_minor = most_without_confirmation(program.rules, strength=strength) if channel is None else None
    customer = Customer(
        status=CustomerStatus(context["customer_status"]),
        available_minor=context["available_minor"],
        redeem_cap_minor=None if cap_minor is None else max(cap_minor, confirmed_minor),
    )
    try:
        outcome = evaluate(program.rules, check, customer, now=now, redeem_minor=redeem_minor)
    except AboveLimit as refused:
        raise RedeemAboveLimit(redeem_max_minor=refused.redeem_max_minor) from refused
    # What the guest has confirmed for this check is not asked for again when the cashier goes back and pays anew.
    required = outcome.redeem_minor > confirmed_minor and needs_confirmation(
        program.rules, strength=strength, redeem_minor=outcome.redeem_minor
    )
    return Quote(
        outcome=outcome,
        program=program,
        business_id=context["business_id"],
        terminal_id=context["terminal_id"],
        quote_hash=quote_hash,
        balance_minor=context["balance_minor"],
        strong=strength is Strength.STRONG,
        confirmation_required=required,
        confirmation_channel=channel if required else None,
    )
