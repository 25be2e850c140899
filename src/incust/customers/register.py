"""A new guest at the till: phone or email, and what he cares to tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg.types.json import Jsonb

from incust.businesses.terminal_access import Caller
from incust.messaging.outbox import sealed

from .at_terminal import CallingTerminal
from .identifiers import email_of, phone_of
from .identify import country_of
from .models import Consent, Customer, CustomerIdentifier
from .problems import CustomerExists
from .profiles import note_identification
from .stored_answers import Answer, done_once
from .wallet_links import create_wallet_link


@dataclass(frozen=True, kw_only=True)
class RegisterCustomer:
    """Exactly one of ``phone`` and ``email``. ``new_customer_status`` tells the program's, by the business.

    The customer is written to in the terminal's message language until he chooses another in his wallet.
    """

    caller: Caller
    new_customer_status: Callable[[int], str]
    phone: str = ""
    email: str = ""
    name: str = ""
    birthday: date | None = None
    gender: str = ""
    consent: bool = False


def register_customer(request: RegisterCustomer, *, now: datetime) -> Answer:
    """Create the customer, recognise him at this terminal, and send him the link to his wallet.

    The answer is that of ``identify`` with ``is_new`` and ``profile_link``. Without consent the status is *limited*.
    Raises `PhoneInvalid`, `EmailInvalid`, `CustomerExists` (members ``customer``, ``identification``) and
    `IdempotencyMismatch`.
    """
    kind, value = _identifier(request, country_of(request.caller, now=now))

    def act(terminal: CallingTerminal) -> dict[str, Any] | CustomerExists:
        known = _customer_with(terminal, kind, value)
        if known is not None:
            return CustomerExists(**note_identification(terminal, known, kind=kind, now=now))
        customer = _create(terminal, request, kind, value, now)
        link = create_wallet_link(customer, now)
        _enqueue_welcome(terminal, customer, link)
        answer = note_identification(terminal, customer.pk, kind=kind, now=now)
        answer["customer"]["is_new"] = True
        return {**answer, "profile_link": f"{settings.PUBLIC_URL}{link}"}

    return done_once(request.caller, "customers", _input(request), act, now=now)


def _identifier(request: RegisterCustomer, country: str) -> tuple[str, str]:
    if request.email:
        return CustomerIdentifier.Kind.EMAIL, email_of(request.email)
    return CustomerIdentifier.Kind.PHONE, phone_of(request.phone, country=country)


def _customer_with(terminal: CallingTerminal, kind: str, value: str) -> int | None:
    """The customer who has this identifier; from here on nobody else registers it before this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"register {terminal.business_id} {kind} {value}"]
        )
    return (
        CustomerIdentifier.objects.filter(business_id=terminal.business_id, kind=kind, value=value)
        .values_list("customer_id", flat=True)
        .first()
    )


def _create(terminal: CallingTerminal, request: RegisterCustomer, kind: str, value: str, now: datetime) -> Customer:
    customer = Customer.objects.create(
        business_id=terminal.business_id, name=request.name, birthday=request.birthday, gender=request.gender,
        language=terminal.language, created_at=now, created_at_terminal_id=terminal.terminal_id,
        status=request.new_customer_status(terminal.business_id) if request.consent else Customer.Status.LIMITED,
    )  # fmt: skip
    CustomerIdentifier.objects.create(
        business_id=terminal.business_id, customer=customer, kind=kind, value=value, added_at=now
    )
    if request.consent:
        Consent.objects.create(
            business_id=terminal.business_id, customer=customer, given=True, source="till",
            terminal_id=terminal.terminal_id, happened_at=now,
        )  # fmt: skip
    return customer


def _enqueue_welcome(terminal: CallingTerminal, customer: Customer, link: str) -> None:
    payload = {"customer_id": customer.pk, "url": sealed(link), "language": customer.language}
    with connection.cursor() as cursor:
        cursor.execute("SELECT messaging.enqueue(%s, 'registration', %s)", [terminal.business_id, Jsonb(payload)])


def _input(request: RegisterCustomer) -> dict[str, Any]:
    return {
        "phone": request.phone, "email": request.email, "name": request.name, "birthday": request.birthday,
        "gender": request.gender, "consent": request.consent,
    }  # fmt: skip
