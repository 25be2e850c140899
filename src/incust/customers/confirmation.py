"""The one-time code that a redemption needs: six digits, bound to customer, check and amount.

Five tries in five minutes; a new code for the same check at the earliest after thirty seconds, and six of them at
most: who types numbers is right with a chance of thirty in a million per check, and a guest's phone does not fill up.
A hash with the server's key is kept, for a million codes could be tried on an open one.

Trying a code is ``customers.consume_confirmation`` (sql/10_consume_confirmation.sql), which `checks.reserve` calls in
its own transaction with `confirmation_hash`.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from incust.businesses.tenancy import in_business
from incust.messaging.channels import masked, reachable

from .keyed_hash import keyed_hash
from .models import ConfirmationCode
from .problems import NoConfirmationChannel, ResendTooSoon
from .profiles import contacts_of, locked_customer

LIFETIME = timedelta(minutes=5)
RESEND_AFTER = timedelta(seconds=30)
TRIES = 5
SENDS_MAX = 6
SENDS_FORGOTTEN_AFTER = timedelta(minutes=30)
CHANNELS = ("telegram", "push", "email", "sms")
"""Cheapest first."""
ADDRESS_OF_CHANNEL = {"telegram": "telegram", "push": "push", "email": "email", "sms": "phone"}


@dataclass(frozen=True, kw_only=True)
class Channel:
    """How the code reaches the guest, with the address masked for the cashier's eyes."""

    name: str
    masked: str


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    """A code is on its way. ``as_json`` is the member ``confirmation`` of docs/terminal-api.md."""

    channel: Channel
    expires_at: datetime
    resend_after_s: int

    def as_json(self) -> dict[str, Any]:
        return {
            "channel": self.channel.name, "masked": self.channel.masked, "expires_at": self.expires_at.isoformat(),
            "resend_after_s": self.resend_after_s,
        }  # fmt: skip


def confirmation_channel(contacts: dict[str, str]) -> Channel | None:
    """The cheapest channel that reaches a customer with these contacts (``email``, ``phone``, …), if any does."""
    name = next(iter(reachable(contacts, CHANNELS)), None)
    return Channel(name=name, masked=masked(contacts[ADDRESS_OF_CHANNEL[name]])) if name else None


def confirmation_hash(*, business_id: int, customer_id: int, external_id: str, amount_minor: int, code: str) -> bytes:
    """What the database compares: bound to all that the guest agreed to."""
    return keyed_hash("confirmation code", business_id, customer_id, external_id, amount_minor, code.strip())


def request_confirmation(
    business_id: int, customer_id: int, external_id: str, amount_minor: int, currency: str, *, now: datetime,
    resend: bool = False,
) -> Confirmation:  # fmt: skip
    """Send a code for redeeming ``amount_minor`` on this check, unless a live one for just that is on its way.

    ``resend``: the cashier asks for another one; raises `ResendTooSoon` (member ``retry_after_s``) within thirty
    seconds or after the sixth. Raises `NoConfirmationChannel`, `CustomerUnknown`. A transaction of its own: it must not
    be undone by the refusal that tells the cashier about it.
    """
    with in_business(business_id):
        # The customer's row is the lock: two tills do not send him two codes at once.
        customer = locked_customer(business_id, customer_id)
        channel = confirmation_channel(contacts_of(business_id, customer_id))
        if channel is None:
            raise NoConfirmationChannel
        sent = ConfirmationCode.objects.filter(
            business_id=business_id, customer_id=customer_id, external_id=external_id
        ).first()
        if sent is not None and not resend and _still_good(sent, amount_minor, now):
            return _confirmation(channel, sent, now)
        if sent is not None:
            _require_patience(sent, amount_minor, now)
        sent, code = _renew(sent, business_id, customer_id, external_id, amount_minor, now)
        payload = {
            "customer_id": customer.pk, "channel": channel.name, "code": code, "amount_minor": amount_minor,
            "currency": currency, "expires_at": sent.expires_at.isoformat(), "language": customer.language,
            "dedup_key": f"confirmation-code:{sent.pk}:{int(now.timestamp() * 1000)}",
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("SELECT messaging.enqueue(%s, 'confirmation-code', %s)", [business_id, Jsonb(payload)])
    return _confirmation(channel, sent, now)


def _still_good(sent: ConfirmationCode, amount_minor: int, now: datetime) -> bool:
    return (
        sent.amount_minor == amount_minor and sent.consumed_at is None and sent.expires_at > now and sent.tries_left > 0
    )


def _require_patience(sent: ConfirmationCode, amount_minor: int, now: datetime) -> None:
    """Thirty seconds between codes for one amount; a changed amount needs its own at once, within the bound."""
    wait = sent.sent_at + RESEND_AFTER - now if sent.amount_minor == amount_minor else timedelta(0)
    if sent.times_sent >= SENDS_MAX:
        wait = max(wait, sent.sent_at + SENDS_FORGOTTEN_AFTER - now)
    if wait > timedelta(0) and sent.consumed_at is None:
        raise ResendTooSoon(retry_after_s=_seconds(wait))


def _renew(
    sent: ConfirmationCode | None,
    business_id: int,
    customer_id: int,
    external_id: str,
    amount_minor: int,
    now: datetime,
) -> tuple[ConfirmationCode, str]:
    code = f"{secrets.randbelow(10**6):06}"
    forgotten = sent is None or now - sent.sent_at >= SENDS_FORGOTTEN_AFTER
    row, _created = ConfirmationCode.objects.update_or_create(
        business_id=business_id, customer_id=customer_id, external_id=external_id,
        defaults={
            "amount_minor": amount_minor, "sent_at": now, "expires_at": now + LIFETIME, "tries_left": TRIES,
            "times_sent": 1 if sent is None or forgotten else sent.times_sent + 1, "consumed_at": None,
            "code_hash": confirmation_hash(
                business_id=business_id, customer_id=customer_id, external_id=external_id, amount_minor=amount_minor,
                code=code,
            ),
        },
    )  # fmt: skip
    return row, code


def _confirmation(channel: Channel, sent: ConfirmationCode, now: datetime) -> Confirmation:
    resend_after = max(timedelta(0), sent.sent_at + RESEND_AFTER - now)
    return Confirmation(channel=channel, expires_at=sent.expires_at, resend_after_s=_seconds(resend_after))


def _seconds(wait: timedelta) -> int:
    return -int(-wait.total_seconds() // 1)
