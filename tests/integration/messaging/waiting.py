"""Factories of the messaging tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from incust.businesses.create_business import CreateBusiness, create_business
from incust.businesses.models import Business, User
from incust.businesses.tenancy import in_business
from incust.messaging import outbox
from incust.messaging.models import Message
from incust.messaging.relay import relay_once

EMAIL, PHONE = "olena@example.org", "+380501112233"


def make_business(name: str = "Kava", language: str = "en") -> Business:
    owner = User.objects.create(username=f"owner-of-{name}")
    return create_business(CreateBusiness(name=name, owner=owner, language=language))


def code_payload(expires_at: datetime | None = None, **members: Any) -> dict[str, Any]:
    return {
        "customer_id": 41, "code": "482913", "amount_minor": 4000, "currency": "UAH", "contacts": {"email": EMAIL},
        "expires_at": (expires_at or timezone.now() + timedelta(minutes=5)).isoformat(), **members,
    }  # fmt: skip


def receipt_payload(**members: Any) -> dict[str, Any]:
    return {
        "customer_id": 41, "redeemed_minor": 4000, "earned_minor": 250, "balance_minor": 8250, "currency": "UAH",
        "contacts": {"email": EMAIL}, **members,
    }  # fmt: skip


def put(business: Business, topic: str, payload: dict[str, Any]) -> int:
    """Into the outbox and past the relay; gives the event's number."""
    with in_business(business.id):
        number = outbox.enqueue(business.id, topic, payload)
    relay_once()
    return number


def send(business: Business, topic: str, payload: dict[str, Any]) -> Message:
    """Put and handle once; gives the record."""
    outbox.handle(business.id, put(business, topic, payload))
    return the_message(business)


def the_message(business: Business) -> Message:
    with in_business(business.id):
        return Message.objects.get(business=business)
