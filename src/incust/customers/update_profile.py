"""What a guest tells about himself, at the till or in his wallet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from incust.businesses.terminal_access import Caller
from incust.messaging.outbox import enqueue

from .at_terminal import CallingTerminal
from .models import Consent, Customer, CustomerIdentifier
from .profiles import locked_customer, profile_at
from .stored_answers import Answer, done_once

CHANGED = "customer-changed"
"""Topic: ``customer_id``, and the ``fields`` that are other than they were. For rooms that keep guests elsewhere."""
TOLD_TO_OTHERS = ("name", "birthday", "gender")


@dataclass(frozen=True, kw_only=True)
class ProfileChange:
    """``None`` leaves a member as it is; ``clear`` names those to be emptied (``birthday``, ``gender``).

    ``consent`` can be given here, not taken back. ``status_with_consent`` is the program's *new customer status*.
    """

    name: str | None = None
    birthday: date | None = None
    gender: str | None = None
    consent: Literal[True] | None = None
    clear: frozenset[str] = frozenset()
    status_with_consent: str = Customer.Status.FULL


@dataclass(frozen=True, kw_only=True)
class UpdateProfile:
    """``new_customer_status`` tells the program's, by the business."""

    caller: Caller
    customer_id: int
    change: ProfileChange
    new_customer_status: Callable[[int], str]


def update_profile(request: UpdateProfile, *, now: datetime) -> Answer:
    """Change the profile from a till; answers ``{"customer": …}``. Raises `CustomerUnknown`, `IdempotencyMismatch`."""

    def act(terminal: CallingTerminal) -> dict[str, Any]:
        status = request.new_customer_status(terminal.business_id)
        change = replace(request.change, status_with_consent=status)
        change_profile(
            terminal.business_id, request.customer_id, change, source="till", now=now,
            terminal_id=terminal.terminal_id,
        )  # fmt: skip
        return {"customer": profile_at(terminal, request.customer_id, now=now)}

    return done_once(request.caller, f"customers/{request.customer_id}/profile", _input(request.change), act, now=now)


def change_profile(
    business_id: int, customer_id: int, change: ProfileChange, *, source: Literal["till", "wallet"], now: datetime,
    terminal_id: int | None = None,
) -> Customer:  # fmt: skip
    """Change the profile inside the transaction of its business. Consent lifts *limited* to the program's status and is
    logged, once. Raises `CustomerUnknown`."""
    customer = locked_customer(business_id, customer_id)
    before = {field: getattr(customer, field) for field in TOLD_TO_OTHERS}
    for field in ("name", "birthday", "gender"):
        value = getattr(change, field)
        if value is not None:
            setattr(customer, field, value)
    if "birthday" in change.clear:
        customer.birthday = None
    if "gender" in change.clear:
        customer.gender = ""
    if change.consent and customer.status != Customer.Status.FULL and not _has_consented(customer):
        customer.status = change.status_with_consent
        Consent.objects.create(
            business_id=business_id,
            customer=customer,
            given=True,
            source=source,
            terminal_id=terminal_id,
            happened_at=now,
        )
    customer.save()
    _tell_others(customer, [field for field in TOLD_TO_OTHERS if getattr(customer, field) != before[field]])
    return customer


def _tell_others(customer: Customer, fields: list[str]) -> None:
    """Only of somebody whom a till keeps as a client of its own."""
    linked = CustomerIdentifier.objects.filter(
        business_id=customer.business_id, customer=customer, kind=CustomerIdentifier.Kind.POSTER_CLIENT
    )
    if fields and linked.exists():
        enqueue(customer.business_id, CHANGED, {"customer_id": customer.pk, "fields": fields})


def _has_consented(customer: Customer) -> bool:
    last = Consent.objects.filter(business_id=customer.business_id, customer=customer).order_by("-id").first()
    return last is not None and last.given


def _input(change: ProfileChange) -> dict[str, Any]:
    return {
        "name": change.name, "birthday": change.birthday, "gender": change.gender, "consent": change.consent,
        "clear": sorted(change.clear),
    }  # fmt: skip
