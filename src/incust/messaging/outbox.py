"""Work for after the transaction: put in within it, handled by the worker at least once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from psycopg.types.json import Jsonb

from incust.businesses.encryption import decrypt, encrypt
from incust.businesses.tenancy import in_business


@dataclass(frozen=True, kw_only=True)
class Event:
    """One row of the outbox."""

    id: int
    business_id: int
    topic: str
    payload: dict[str, Any]
    created_at: datetime


SEALED = "sealed"

Handler = Callable[[Event], None]
_handlers: dict[str, Handler] = {}
_long_topics: set[str] = set()


def handles(topic: str, *, long: bool = False) -> Callable[[Handler], Handler]:
    """Decorator: this function handles the topic's events. Register from the room's ``AppConfig.ready``.

    It is called outside of any transaction, in a thread of the worker. It must bear being called twice for one event (a
    killed worker), may raise `TryLater`, and is retried with a growing pause after any other exception, eight times.
    ``long``: it takes many seconds and nobody waits for it; such events have few places and never take the others'.
    """

    def register(handler: Handler) -> Handler:
        _handlers[topic] = handler
        if long:
            _long_topics.add(topic)
        return handler

    return register


def long_topics() -> list[str]:
    """Topics whose handlers said that they take long."""
    return sorted(_long_topics)


class TryLater(Exception):
    """The event could not be handled now. ``reason`` is a short code for logs, never an address or a text."""

    def __init__(self, reason: str, *, at: datetime) -> None:
        super().__init__(reason)
        self.at = at


class TopicUnknown(Exception):
    """No room handles this topic."""


def sealed(secret: str) -> dict[str, str]:
    """A member of a payload that opens doors (a code, a link): encrypted in the table, plain again for the handler."""
    return {SEALED: encrypt(secret).decode()}


def unsealed(member: Any) -> Any:
    """The member as its handler gets it. Raises `SecretUnreadable` where the key it was sealed with is gone."""
    return decrypt(member[SEALED].encode()) if isinstance(member, dict) and member.keys() == {SEALED} else member


def enqueue(business_id: int, topic: str, payload: dict[str, Any]) -> int:
    """Put an event into the outbox. Call it inside ``in_business(business_id)``; it happens if that commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT messaging.enqueue(%s, %s, %s)", [business_id, topic, Jsonb(payload)])
        return int(cursor.fetchone()[0])


def handle(business_id: int, event_id: int) -> None:
    """Handle the event and remove it. An event that is no longer there has been handled."""
    event = _load(business_id, event_id)
    if event is None:
        return
    handler = _handlers.get(event.topic)
    if handler is None:
        raise TopicUnknown(event.topic)
    handler(event)
    with in_business(business_id), connection.cursor() as cursor:
        cursor.execute("DELETE FROM messaging.outbox WHERE business_id = %s AND id = %s", [business_id, event_id])


def note_failure(business_id: int, event_id: int) -> int:
    """Count a failure of the event's handler; returns how many there were. Putting off (`TryLater`) is none."""
    with in_business(business_id), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messaging.outbox SET failures = failures + 1 WHERE business_id = %s AND id = %s RETURNING failures",
            [business_id, event_id],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def give_up(business_id: int, event_id: int) -> None:
    """The last try failed: keep the event aside for whoever looks into it."""
    with in_business(business_id), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messaging.outbox SET failed_at = %s WHERE business_id = %s AND id = %s",
            [timezone.now(), business_id, event_id],
        )


def _load(business_id: int, event_id: int) -> Event | None:
    with in_business(business_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT topic, payload::text, created_at FROM messaging.outbox WHERE business_id = %s AND id = %s",
            [business_id, event_id],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    payload = {name: unsealed(member) for name, member in json.loads(row[1]).items()}
    return Event(id=event_id, business_id=business_id, topic=row[0], payload=payload, created_at=row[2])
