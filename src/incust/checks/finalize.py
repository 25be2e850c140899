"""A receipt is paid: take what it was reduced by, credit what it earned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incust.businesses.terminal_access import Busy, Caller
from incust.businesses.till_call import TRIES_MAX, call, digest, patience
from incust.engine.check import Check
from incust.engine.codec import outcome_to_dict
from incust.engine.confirmation import needs_confirmation
from incust.engine.customer import Customer, CustomerStatus, Strength
from incust.engine.evaluate import redemption_limit_of_check, settle

from .assumption import assumed_context, remember, rules_of
from .receipt import lines_to_json, receipt_to_json


@dataclass(frozen=True, kw_only=True, slots=True)
class Payment:
    """How the receipt was paid. The till's own bonuses are no money: what they pay earns nothing."""

    cash_minor: int = 0
    card_minor: int = 0
    other_minor: int = 0
    poster_bonus_minor: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class SalespersonAtTill:
    """Who stood at the till, by the till's own number."""

    external_id: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FinalizeCheck:
    """The till's truth.

    `check_id` is None for a receipt that was never reserved; `redeemed_minor` is what it was really reduced by.
    """

    caller: Caller
    check: Check
    customer_id: int
    identification_id: int | None
    check_id: int | None
    redeemed_minor: int
    payment: Payment
    closed_without_payment: bool
    closed_at: datetime
    salesperson: SalespersonAtTill | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FinalizedCheck:
    """What was posted. `unbacked_minor` is the part of the redemption that no balance covered; `balance_minor` is the
    customer's balance right after this receipt; `replayed` says that an earlier report had posted it already."""

    check_id: int
    status: str
    redeemed_minor: int
    earned_minor: int
    unbacked_minor: int
    balance_minor: int
    replayed: bool


def finalize_check(request: FinalizeCheck, *, now: datetime) -> FinalizedCheck:
    """Post the receipt once, however often and by whomever it is reported: a repeat gives the same answer.

    A receipt closed as it was reserved posts the stored outcome in one call; so does one that only collects, where what
    this process assumes of the guest and the program holds. Any other is evaluated on what the first call answered and
    posted by a second, unless the program changed between the two; then again, three times at most.

    Raises `CustomerUnknown`, `CurrencyMismatch`, `CheckMismatch`, `IdempotencyMismatch`, `Busy`, and the errors of the
    doors.
    """
    caller = request.caller.as_json()
    ask = _ask(request, now)
    evaluated = _assumed(request, now)
    until = patience()
    for _attempt in range(TRIES_MAX + 1):
        reply = call("checks.finalize", caller, ask, evaluated, until=until)
        if "answer" in reply:
            return FinalizedCheck(**reply["answer"], replayed=reply["replayed"])
        remember(request.caller, reply["evaluate"])
        evaluated = _evaluated(request, reply["evaluate"], now)
    raise Busy


def _ask(request: FinalizeCheck, now: datetime) -> dict[str, Any]:
    check, payment = request.check, request.payment
    non_money_minor = payment.poster_bonus_minor
    receipt = receipt_to_json(check)
    report = {
        **receipt,
        "check_id": request.check_id,
        "customer_id": request.customer_id,
        "identification_id": request.identification_id,
        "redeemed_minor": request.redeemed_minor,
        "non_money_minor": non_money_minor,
        "payment": {
            "cash_minor": payment.cash_minor,
            "card_minor": payment.card_minor,
            "other_minor": payment.other_minor,
            "poster_bonus_minor": payment.poster_bonus_minor,
        },
        "closed_without_payment": request.closed_without_payment,
        "closed_at": request.closed_at.isoformat(),
        "salesperson": request.salesperson
        and {"external_id": request.salesperson.external_id, "name": request.salesperson.name},
    }
    return {
        **report,
        "key": request.caller.request_id,
        "input_hash": digest("finalize", report),
        # All that decides about money. Two sources may disagree about when a receipt was closed, or by whom.
        "fingerprint": digest(
            receipt["content_hash"],
            request.customer_id,
            request.redeemed_minor,
            non_money_minor,
            request.closed_without_payment,
        ),
        "lines": lines_to_json(check),
        "now": now.isoformat(),
    }


def _assumed(request: FinalizeCheck, now: datetime) -> dict[str, Any] | None:
    # As a rule, who redeems or knows the check's number has reserved it. What was closed without payment earns nothing.
    if request.redeemed_minor or request.check_id is not None or request.closed_without_payment:
        return None
    context = assumed_context(request.caller, request.check)
    return context and {**_evaluated(request, context, now), "assumed": context["assumed"]}


def _evaluated(request: FinalizeCheck, context: dict[str, Any], now: datetime) -> dict[str, Any]:
    version_id = context["program_version_id"]
    rules = rules_of(context["business_id"], version_id)
    customer = Customer(status=CustomerStatus(context["customer_status"]), available_minor=context["available_minor"])
    strength = Strength(context["strength"])
    outcome = settle(
        rules,
        request.check,
        customer,
        now=now,
        redeemed_minor=request.redeemed_minor,
        non_money_minor=request.payment.poster_bonus_minor,
    )
    return {
        "outcome": outcome_to_dict(outcome),
        "program_version_id": version_id,
        # What the till's truth is compared with, for the owner; it limits nothing.
        "limit_minor": redemption_limit_of_check(rules, request.check),
        "may_redeem": customer.status.may_redeem,
        "confirmation_missing": request.redeemed_minor > context["confirmed_minor"]
        and needs_confirmation(rules, strength=strength, redeem_minor=request.redeemed_minor),
    }
