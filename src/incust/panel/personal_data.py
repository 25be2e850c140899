"""Personal data of guests is shown in full to who runs the program, and masked to salespeople."""

from __future__ import annotations

from .seats import Seat

SHOWN_AT_END = 2


def shown_to(seat: Seat, value: str) -> str:
    """The value, or as little of it as tells two guests apart."""
    if seat.may_edit or not value:
        return value
    if "@" in value:
        name, _at, domain = value.partition("@")
        return f"{name[:1]}•••@{domain}"
    return f"{value[:3]}•••{value[-SHOWN_AT_END:]}" if len(value) > 3 + SHOWN_AT_END else "•••"
