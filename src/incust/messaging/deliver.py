"""Send one letter, and keep account of it: at most one record per key, whatever is killed in between.

The order is: record "being sent" and commit, call the channel, record the outcome. Who finds "being sent" came after a
worker that died in the middle; whether its letter went out cannot be known.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from incust.businesses.tenancy import in_business

from .channels import OutcomeUnknown, Parcel, Refused, Unavailable, channel, masked, reachable
from .models import Message
from .outbox import TryLater

PAUSE_FIRST_S = 1.0
PAUSE_MAX_S = 600.0
PAUSE_MAX_WHILE_WAITED_FOR_S = 10.0


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message to one customer. ``useless_after``: not sent any more from then on (a code has expired)."""

    business_id: int
    business_name: str
    customer_id: int | None
    check_id: int | None
    topic: str
    key: str
    contacts: dict[str, str]
    channels: tuple[str, ...]
    language: str
    subject: str
    text: str
    created_at: datetime
    give_up_at: datetime
    useless_after: datetime | None
    may_come_twice: bool


def deliver(letter: Letter) -> Message.State:
    """Send the letter unless that is done or of no use; returns its state. Raises `TryLater` while there is hope."""
    now = timezone.now()
    message = _record(letter, now)
    if message.is_done:
        return Message.State(message.state)
    if letter.useless_after is not None and now >= letter.useless_after:
        return _put(message, Message.State.EXPIRED, error="expired")
    if message.state == Message.State.SENDING and not letter.may_come_twice:
        return _put(message, Message.State.AMBIGUOUS, error="worker-died")
    names = reachable(letter.contacts, letter.channels)
    if not names:
        return _put(message, Message.State.FAILED, error="no-channel")
    return _send(message, letter, names[0])


def _send(message: Message, letter: Letter, channel_name: str) -> Message.State:
    chosen = channel(channel_name)
    if chosen is None:
        return _put(message, Message.State.FAILED, error="no-channel")
    address = letter.contacts[chosen.address_kind]
    message.channel, message.masked_address, message.attempts = channel_name, masked(address), message.attempts + 1
    _put(message, Message.State.SENDING)
    try:
        chosen.send(
            Parcel(
                business_id=letter.business_id, business_name=letter.business_name, address=address,
                subject=letter.subject, text=letter.text, key=f"{letter.business_id}:{letter.key}",
                language=letter.language,
            )
        )  # fmt: skip
    except Refused as refusal:
        return _put(message, Message.State.FAILED, error=str(refusal))
    except OutcomeUnknown as doubt:
        if not letter.may_come_twice:
            return _put(message, Message.State.AMBIGUOUS, error=str(doubt))
        return _wait_or_give_up(message, letter, str(doubt), Message.State.AMBIGUOUS)
    except Unavailable as failure:
        return _wait_or_give_up(message, letter, str(failure), Message.State.FAILED)
    return _put(message, Message.State.SENT)


def _wait_or_give_up(message: Message, letter: Letter, error: str, last_word: Message.State) -> Message.State:
    at = timezone.now() + _pause(message.attempts, waited_for=letter.useless_after is not None)
    if at >= letter.give_up_at:
        return _put(message, last_word, error=error)
    _put(message, Message.State.QUEUED, error=error)
    raise TryLater(error, at=at)


def _pause(attempts: int, *, waited_for: bool) -> timedelta:
    """Doubling, with some chance in it so that a provider that comes back is not run over."""
    longest = PAUSE_MAX_WHILE_WAITED_FOR_S if waited_for else PAUSE_MAX_S
    seconds = min(longest, PAUSE_FIRST_S * 2 ** min(attempts - 1, 16))
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 (no secret)


def _record(letter: Letter, now: datetime) -> Message:
    with in_business(letter.business_id):
        message, _created = Message.objects.get_or_create(
            business_id=letter.business_id,
            dedup_key=letter.key,
            defaults={
                "topic": letter.topic, "customer_id": letter.customer_id, "check_id": letter.check_id,
                "created_at": letter.created_at, "changed_at": now,
            },
        )  # fmt: skip
    return message


def _put(message: Message, state: Message.State, *, error: str = "") -> Message.State:
    message.state, message.error, message.changed_at = state, error, timezone.now()
    with in_business(message.business_id):
        message.save(update_fields=["state", "error", "changed_at", "channel", "masked_address", "attempts"])
    return state
