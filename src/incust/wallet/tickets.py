"""A ticket lets a page listen to its guest's changes for a minute; it stands in the address of the stream, because the
browser's `EventSource` sends no headers and the live process shares no cookies with the web server."""

from __future__ import annotations

from django.core import signing

SALT = "incust.wallet.live"
GOOD_FOR_S = 60


def make_ticket(business_id: int, customer_id: int) -> str:
    return signing.dumps([business_id, customer_id], salt=SALT)


def read_ticket(ticket: str) -> tuple[int, int] | None:
    """``(business_id, customer_id)``, or ``None`` for a ticket that is forged or too old."""
    try:
        business_id, customer_id = signing.loads(ticket, salt=SALT, max_age=GOOD_FOR_S)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return int(business_id), int(customer_id)
