"""The ways a message reaches a customer. A channel registers itself; other rooms add theirs (Poster's SMS, a bot)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What a channel is given. ``key`` is the same at each try: channels pass it on so that doubles can be told."""

    business_id: int
    business_name: str
    address: str
    subject: str
    text: str
    key: str
    language: str


class Channel(Protocol):
    name: str
    address_kind: str
    """The customer's contact it needs: ``email``, ``phone``, …"""

    def send(self, parcel: Parcel) -> None:
        """Hand the parcel over within ten seconds or so, or raise one of the exceptions below."""


class NotDelivered(Exception):
    """Base. The argument is a short code for the log and the panel: never an address or a text."""


class Unavailable(NotDelivered):
    """Surely not delivered, for now: try again."""


class Refused(NotDelivered):
    """Surely not delivered, and trying again is no use (the address does not exist)."""


class OutcomeUnknown(NotDelivered):
    """Handed over, but no answer came: delivered or not."""


_channels: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    """Make the channel known under its name; a later one of the same name takes its place."""
    _channels[channel.name] = channel


def unregister(name: str) -> None:
    _channels.pop(name, None)


def channel(name: str) -> Channel | None:
    return _channels.get(name)


def reachable(contacts: dict[str, str], preference: tuple[str, ...]) -> list[str]:
    """Names of the channels, in the order of ``preference``, that can reach a customer with these contacts.

    ``contacts`` maps kinds of address to addresses, as ``{"email": "o@example.org", "phone": "+380…"}``.
    """
    return [n for n in preference if n in _channels and contacts.get(_channels[n].address_kind)]


def masked(address: str) -> str:
    """The address as it may be shown: ``o•••@example.org``, ``+380•••2233``."""
    name, at, domain = address.partition("@")
    if at:
        return f"{name[:1]}•••@{domain}"
    return f"{address[:4]}•••{address[-4:]}" if len(address) > 8 else "•••"
