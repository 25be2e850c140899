"""Our identifiers are opaque texts outside and numbers inside."""

from __future__ import annotations

import re

from incust.customers.problems import CustomerUnknown

NUMBER = re.compile("[1-9][0-9]{0,17}")


def number_of(identifier: str | None) -> int | None:
    """The number inside, or ``None`` for what cannot be one of ours."""
    return int(identifier) if identifier and NUMBER.fullmatch(identifier) else None


def customer_number(identifier: str) -> int:
    """The customer's number. What cannot be one of ours is an unknown customer."""
    number = number_of(identifier)
    if number is None:
        raise CustomerUnknown
    return number
