"""The cashier has chosen: hold the bonuses for this check until it is paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

from django.core.exceptions import ObjectDoesNotExist

from incust.businesses.problems import Problem
from incust.businesses.terminal_access import Caller
from incust.businesses.till_call import call, digest, patience
from incust.customers.confirmation import confirmation_hash, request_confirmation
from incust.customers.problems import (
    ConfirmationExhausted,
    ConfirmationExpired,
    ConfirmationRequired,
    ConfirmationWrong,
)
from incust.engine.check import Check
from incust.engine.codec import outcome_to_dict

from .problems import CheckFinalized
from .quote import Quote, quote_from
from .quoted import remembered_context
from .receipt import receipt_to_json

HOLD_LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReserveCheck:
    """`seen_hash`: the `check_hash` of the quote the cashier decided on; `confirmation_code`: what the guest said."""

    caller: Caller
    check: Check
    customer_id: int
    identification_id: int | None
    redeem_minor: int
    seen_hash: str
    confirmation_code: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReservedCheck:
    """What finalize will post if the receipt closes like this. `balance_minor` is the balance before it."""

    check_id: int
    redeem_minor: int
    due_minor: int
    earn_minor: int
    program_version: int
    balance_minor: int
    hold_expires_at: datetime
    replayed: bool

    @property
    def balance_after_minor(self) -> int:
        """The balance once the receipt is paid."""
        return self.balance_minor - self.redeem_minor + self.earn_minor


def reserve_check(request: ReserveCheck, *, now: datetime) -> ReservedCheck:
    """Take a hold of 30 minutes and store what the check was evaluated to; a later reserve of the receipt replaces it.

    One call where this process answered the quote that the cashier decided on, and nothing changed since; otherwise one
    to evaluate on and one to write.

    Raises the errors of `quote_check`; `QuoteChanged`, `CheckFinalized`, `IdempotencyMismatch`, `Busy`; where the
    program asks for a code `ConfirmationRequired` (it has been sent), `ConfirmationWrong`, `ConfirmationExpired`,
    `ConfirmationExhausted`.
    """
    caller = request.caller.as_json()
    key = _key(request, now)
    until = patience()
    if assumed := _assumed(request, now):
        reply = call("checks.reserve", caller, {**key, **assumed}, until=until)
        if "answer" in reply:
            return _reserved(reply["answer"], replayed=reply["replayed"])
    context = call("checks.load", caller, key, until=until)
    if "answer" in context:
        return _reserved(context["answer"], replayed=True)
    if context["check_status"] in ("finalized", "released"):
        raise CheckFinalized
    quote = quote_from(context, request.check, now=now, redeem_minor=request.redeem_minor, seen_hash=request.seen_hash)
    if quote.confirmation_required and not request.confirmation_code:
        _ask_customer(request, quote, now)
    reply = call("checks.reserve", caller, {**key, **_reservation(request, quote, now)}, until=until)
    if "answer" not in reply:
        _refuse_code(request, quote, reply, now)
    return _reserved(reply["answer"], replayed=reply["replayed"])


def _assumed(request: ReserveCheck, now: datetime) -> dict[str, Any] | None:
    """The reservation as evaluated on the quote's own context; None where that is not known or does not do."""
    context = remembered_context(request.caller, request.customer_id, request.identification_id, request.seen_hash)
    if context is None:
        return None
    try:
        quote = quote_from(
            context, request.check, now=now, redeem_minor=request.redeem_minor, seen_hash=request.seen_hash
        )
    except (Problem, ObjectDoesNotExist):  # an answer that says no is given on what is true now
        return None
    if quote.confirmation_required:
        return None
    assumed = {name: context[name] for name in ("customer_status", "available_minor", "confirmed_minor")}
    return {**_reservation(request, quote, now), "assumed": assumed}


def _key(request: ReserveCheck, now: datetime) -> dict[str, Any]:
    """Which request this is. The code is left out: another try at it is the same request."""
    asked = {
        **receipt_to_json(request.check),
        "customer_id": request.customer_id,
        "identification_id": request.identification_id,
        "redeem_minor": request.redeem_minor,
    }
    return {
        **asked,
        "key": request.caller.request_id,
        "input_hash": digest("reserve", asked, request.seen_hash),
        "now": now.isoformat(),
    }


def _reservation(request: ReserveCheck, quote: Quote, now: datetime) -> dict[str, Any]:
    return {
        "hold_until": (now + HOLD_LIFETIME).isoformat(),
        "program_version_id": quote.program.version_id,
        "outcome": outcome_to_dict(quote.outcome),
        "strong": quote.strong,
        "promised": {
            "redeem_minor": quote.outcome.redeem_minor,
            "due_minor": quote.outcome.due_minor,
            "earn_minor": quote.outcome.earn_minor,
            "program_version": quote.program.number,
        },
        "confirmation": _confirmation(request, quote),
    }


def _confirmation(request: ReserveCheck, quote: Quote) -> dict[str, str] | None:
    # A code that the program does not ask for is not looked at.
    if not quote.confirmation_required or not request.confirmation_code:
        return None
    code_hash = confirmation_hash(
        business_id=quote.business_id,
        customer_id=request.customer_id,
        external_id=request.check.external_id,
        amount_minor=request.redeem_minor,
        code=request.confirmation_code,
    )
    return {"code_hash": code_hash.hex()}


def _reserved(answer: dict[str, Any], *, replayed: bool) -> ReservedCheck:
    hold_expires_at = datetime.fromisoformat(answer["hold_expires_at"])
    return ReservedCheck(**{**answer, "hold_expires_at": hold_expires_at}, replayed=replayed)


def _ask_customer(request: ReserveCheck, quote: Quote, now: datetime) -> NoReturn:
    """Send a code, in a transaction of its own, and tell the cashier to ask for it."""
    confirmation = request_confirmation(
        quote.business_id,
        request.customer_id,
        request.check.external_id,
        request.redeem_minor,
        request.check.currency,
        terminal_id=quote.terminal_id,
        now=now,
    )
    raise ConfirmationRequired(confirmation=confirmation.as_json())


def _refuse_code(request: ReserveCheck, quote: Quote, reply: dict[str, Any], now: datetime) -> NoReturn:
    match reply["confirmation"]:
        case "wrong":
            raise ConfirmationWrong(tries_left=reply["tries_left"])
        case "expired":
            raise ConfirmationExpired
        case "exhausted":
            raise ConfirmationExhausted
        case _:  # missing: none was sent for this check and amount
            _ask_customer(request, quote, now)
