"""The one-time code that a redemption needs: six digits, bound to customer, check and amount.

Five tries in five minutes; a new code for the same check at the earliest after thirty seconds. Over all checks six
codes and fifteen wrong tries an hour for one guest, and a bound for a terminal (sql/09_confirmation_limits.sql): who
types numbers is right with a chance of fifteen in a million per hour, and a guest's phone does not fill up. A hash with
the server's key is kept, for a million codes could be tried on an open one.

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
from incust.messaging.outbox import sealed

from .keyed_hash import keyed_hash
from .models import ConfirmationCode
from .problems import IdentificationMissing, NoConfirmationChannel, ResendTooSoon
from .profiles import contacts_of, locked_customer

LIFETIME = timedelta(minutes=5)
RESEND_AFTER = timedelta(seconds=30)
TRIES = 5
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
    terminal_id: int | None, resend: bool = False,
) -> Confirmation:  # fmt: skip
    """Send a code for redeeming ``amount_minor`` on this check, unless a live one for just that is on its way.

    ``terminal_id``: which till asks. ``resend``: the cashier asks for another one. Raises `ResendTooSoon` (member
    ``retry_after_s``) within thirty seconds or beyond the limits of an hour; `NoConfirmationChannel`,
    `CustomerUnknown`. A transaction of its own: it must not be undone by the refusal that tells the cashier about it.
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
        _require_patience(sent, business_id, customer_id, terminal_id, amount_minor, now)
        sent, code = _renew(business_id, customer_id, external_id, amount_minor, now)
        payload = {
            "customer_id": customer.pk, "channel": channel.name, "code": sealed(code), "amount_minor": amount_minor,
            "currency": currency, "expires_at": sent.expires_at.isoformat(), "language": customer.language,
            "dedup_key": f"confirmation-code:{sent.pk}:{int(now.timestamp() * 1000)}",
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT customers.note_confirmation(%s, %s, %s, 'sent', %s)",
                [business_id, customer_id, terminal_id, now],
            )
            cursor.execute("SELECT messaging.enqueue(%s, 'confirmation-code', %s)", [business_id, Jsonb(payload)])
    return _confirmation(channel, sent, now)


def _still_good(sent: ConfirmationCode, amount_minor: int, now: datetime) -> bool:
    return (
        sent.amount_minor == amount_minor and sent.consumed_at is None and sent.expires_at > now and sent.tries_left > 0
    )


def _require_patience(
    sent: ConfirmationCode | None, business_id: int, customer_id: int, terminal_id: int | None, amount_minor: int,
    now: datetime,
) -> None:  # fmt: skip
    """Thirty seconds between codes for one amount; a changed amount needs its own at once, within the limits."""
    wait_s = 0
    if sent is not None and sent.amount_minor == amount_minor and sent.consumed_at is None:
        wait_s = _seconds(sent.sent_at + RESEND_AFTER - now)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customers.confirmation_wait(%s, %s, %s, %s)", [business_id, customer_id, terminal_id, now]
        )
        wait_s = max(wait_s, cursor.fetchone()[0])
    if wait_s > 0:
        raise ResendTooSoon(retry_after_s=wait_s)


def _renew(
    business_id: int, customer_id: int, external_id: str, amount_minor: int, now: datetime
) -> tuple[ConfirmationCode, str]:
    code = f"{secrets.randbelow(10**6):06}"
    row, _created = ConfirmationCode.objects.update_or_create(
        business_id=business_id, customer_id=customer_id, external_id=external_id,
        defaults={
            "amount_minor": amount_minor, "sent_at": now, "expires_at": now + LIFETIME, "tries_left": TRIES,
            "consumed_at": None,
            "code_hash": confirmation_hash(
                business_id=business_id, customer_id=customer_id, external_id=external_id, amount_minor=amount_minor,
                code=code,
            ),
        },
    )  # fmt: skip
    return row, code


def require_seen_lately(business_id: int, customer_id: int, point_of_sale_id: int, *, now: datetime) -> None:
    """Raises `IdentificationMissing` unless a till of the point of sale recognised the customer within twelve hours."""
    with in_business(business_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT customers.was_here_lately(%s, %s, %s, %s)", [business_id, customer_id, point_of_sale_id, now]
        )
        if not cursor.fetchone()[0]:
            raise IdentificationMissing


def _confirmation(channel: Channel, sent: ConfirmationCode, now: datetime) -> Confirmation:
    resend_after = max(timedelta(0), sent.sent_at + RESEND_AFTER - now)
    return Confirmation(channel=channel, expires_at=sent.expires_at, resend_after_s=_seconds(resend_after))


def _seconds(wait: timedelta) -> int:
    return -int(-wait.total_seconds() // 1)
