"""From an event of the outbox to a letter: who gets it, in which language, what it says. One function per topic.

What each topic's payload holds is written in docs/messaging.md.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.dateparse import parse_datetime

from incust.businesses.models import Business
from incust.businesses.tenancy import in_business

from . import texts
from .deliver import Letter, deliver
from .outbox import Event, handles
from .recipients import Recipient, recipient_of

CHEAPEST_FIRST = ("telegram", "push", "email", "sms")
FREE = ("telegram", "push", "email")
GIVE_UP_AFTER = timedelta(hours=24)


@handles("confirmation-code")
def send_confirmation_code(event: Event) -> None:
    """The code is asked for while the guest waits at the till: it is repeated until it expires, and not after."""
    business, recipient = _whom(event)
    language, payload = _language(event, recipient, business), event.payload
    expires_at = _moment(payload["expires_at"])
    with translation.override(language):
        subject, text = texts.confirmation_code(
            business=business.name,
            code=str(payload["code"]),
            amount=texts.points(int(payload["amount_minor"]), payload["currency"], language),
            until=texts.time_of_day(expires_at, business.time_zone, language),
        )
    deliver(_letter(event, business, recipient, subject, text, channels=CHEAPEST_FIRST, expires_at=expires_at))


@handles("check-finalized")
def send_receipt_notice(event: Event) -> None:
    """What the receipt moved. Never twice: a second notice would look like a second receipt."""
    payload = event.payload
    redeemed, earned = int(payload.get("redeemed_minor") or 0), int(payload.get("earned_minor") or 0)
    if not payload.get("customer_id") or not (redeemed or earned):
        return
    business, recipient = _whom(event)
    language, currency = _language(event, recipient, business), payload["currency"]
    with translation.override(language):
        subject, text = texts.check_finalized(
            business=business.name,
            redeemed=texts.points(redeemed, currency, language) if redeemed else "",
            earned=texts.points(earned, currency, language) if earned else "",
            balance=texts.points(int(payload["balance_minor"]), currency, language),
        )
    channels = CHEAPEST_FIRST if settings.RECEIPT_NOTICES_BY_SMS else FREE
    deliver(_letter(event, business, recipient, subject, text, channels=channels, may_come_twice=False))


@handles("check-refunded")
def send_refund_notice(event: Event) -> None:
    """What a refund gave back and took off. Never twice, like the notice of the receipt."""
    payload = event.payload
    returned, taken_back = int(payload["returned_minor"]), int(payload["taken_back_minor"])
    if not (returned or taken_back):
        return
    business, recipient = _whom(event)
    language, currency = _language(event, recipient, business), payload["currency"]
    with translation.override(language):
        subject, text = texts.check_refunded(
            business=business.name,
            returned=texts.points(returned, currency, language) if returned else "",
            taken_back=texts.points(taken_back, currency, language) if taken_back else "",
            balance=texts.points(int(payload["balance_minor"]), currency, language),
        )
    channels = CHEAPEST_FIRST if settings.RECEIPT_NOTICES_BY_SMS else FREE
    deliver(_letter(event, business, recipient, subject, text, channels=channels, may_come_twice=False))


@handles("wallet-link")
def send_wallet_link(event: Event) -> None:
    business, recipient = _whom(event)
    with translation.override(_language(event, recipient, business)):
        subject, text = texts.wallet_link(business=business.name, url=_address(event.payload["url"]))
    deliver(_letter(event, business, recipient, subject, text, channels=CHEAPEST_FIRST))


@handles("registration")
def send_welcome(event: Event) -> None:
    business, recipient = _whom(event)
    with translation.override(_language(event, recipient, business)):
        subject, text = texts.registration(business=business.name, url=_address(event.payload["url"]))
    deliver(_letter(event, business, recipient, subject, text, channels=CHEAPEST_FIRST))


def _letter(
    event: Event, business: Business, recipient: Recipient, subject: str, text: str, *,
    channels: tuple[str, ...], expires_at: datetime | None = None, may_come_twice: bool = True,
) -> Letter:  # fmt: skip
    payload = event.payload
    if payload.get("channel"):
        channels = (payload["channel"],)
    return Letter(
        business_id=event.business_id,
        business_name=business.name,
        customer_id=payload.get("customer_id") and int(payload["customer_id"]),
        check_id=payload.get("check_id") and int(payload["check_id"]),
        topic=event.topic,
        key=payload.get("dedup_key") or f"{event.topic}:{event.id}",
        contacts=recipient.contacts,
        channels=channels,
        language=_language(event, recipient, business),
        subject=subject,
        text=text,
        created_at=event.created_at,
        give_up_at=expires_at or event.created_at + GIVE_UP_AFTER,
        useless_after=expires_at,
        may_come_twice=may_come_twice,
    )


def _whom(event: Event) -> tuple[Business, Recipient]:
    """The business, and the customer's contacts: those of the event where it carries some, else those on file."""
    contacts: dict[str, Any] = event.payload.get("contacts") or {}
    with in_business(event.business_id):
        business = Business.objects.get(id=event.business_id)
        on_file = (
            recipient_of(event.business_id, int(event.payload["customer_id"]))
            if event.payload.get("customer_id")
            else Recipient()
        )
    return business, Recipient(contacts=contacts or on_file.contacts, language=on_file.language)


def _language(event: Event, recipient: Recipient, business: Business) -> str:
    known = {code for code, _name in settings.LANGUAGES}
    wished = (event.payload.get("language"), recipient.language, business.language)
    return next((language for language in wished if language in known), "en")


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is None or moment.tzinfo is None:
        raise ValueError("expires_at is not a time with offset")
    return moment


def _address(url: str) -> str:
    return url if "://" in url else f"{settings.PUBLIC_URL}/{url.lstrip('/')}"
