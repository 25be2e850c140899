"""A guest invited from the panel: he gets a link into his wallet, and is registered first if he is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from incust.businesses.tenancy import in_business
from incust.messaging.outbox import enqueue, sealed

from .identifiers import email_of, phone_of
from .models import Consent, Customer, CustomerIdentifier, WalletLink
from .wallet_links import create_wallet_link

PAUSE = timedelta(minutes=2)
"""Links are messages, and messages cost: pressing a button twice sends one."""


@dataclass(frozen=True, kw_only=True)
class InviteCustomer:
    """``address`` is his phone or email as typed; ``country`` completes phones without a calling code.

    He agreed to the processing of his data, so ``status`` is what the program gives to those who did.
    """

    business_id: int
    address: str
    country: str
    language: str
    status: str


@dataclass(frozen=True, kw_only=True)
class InvitedCustomer:
    """``address`` is normalised: where the link goes, and nowhere else. ``sent``: not if one went out just now."""

    customer_id: int
    address: str
    is_new: bool
    sent: bool


def invite_customer(request: InviteCustomer, *, now: datetime) -> InvitedCustomer:
    """Register the guest unless he is known, and send him the link into his wallet; a known guest is not changed.

    Raises `PhoneInvalid`, `EmailInvalid`.
    """
    kind, value = _identifier(request)
    with in_business(request.business_id):
        _lock_identifier(request.business_id, kind, value)
        known = (
            CustomerIdentifier.objects.select_related("customer")
            .filter(business_id=request.business_id, kind=kind, value=value)
            .first()
        )
        customer = known.customer if known else _create(request, kind, value, now)
        sent = not WalletLink.objects.filter(
            business_id=request.business_id, customer=customer, created_at__gt=now - PAUSE
        ).exists()
        if sent:
            _send(customer, kind, is_new=known is None, now=now)
    return InvitedCustomer(customer_id=customer.pk, address=value, is_new=known is None, sent=sent)


def _identifier(request: InviteCustomer) -> tuple[str, str]:
    if "@" in request.address:
        return CustomerIdentifier.Kind.EMAIL, email_of(request.address)
    return CustomerIdentifier.Kind.PHONE, phone_of(request.address, country=request.country)


def _lock_identifier(business_id: int, kind: str, value: str) -> None:
    """The same lock as at the till's registration: nobody else registers this address before we end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"register {business_id} {kind} {value}"]
        )


def _create(request: InviteCustomer, kind: str, value: str, now: datetime) -> Customer:
    customer = Customer.objects.create(
        business_id=request.business_id, language=request.language, status=request.status, created_at=now
    )
    CustomerIdentifier.objects.create(
        business_id=request.business_id, customer=customer, kind=kind, value=value, added_at=now
    )
    Consent.objects.create(
        business_id=request.business_id, customer=customer, given=True, source="panel", happened_at=now
    )
    return customer


def _send(customer: Customer, kind: str, *, is_new: bool, now: datetime) -> None:
    payload = {
        "customer_id": customer.pk, "url": sealed(create_wallet_link(customer, now)), "language": customer.language,
    }  # fmt: skip
    if is_new:
        enqueue(customer.business_id, "registration", payload)
        return
    channel = "email" if kind == CustomerIdentifier.Kind.EMAIL else "sms"
    enqueue(customer.business_id, "wallet-link", {**payload, "channel": channel})
