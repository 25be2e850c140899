"""The guest's line on the printed receipt."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _


def print_text(*, redeemed_minor: int, earned_minor: int, balance_minor: int, currency: str) -> str:
    """Say what this receipt took and gave and what is left, in the language that is active now.

    One bonus point is one currency unit. Only what moved is mentioned: "Bonuses: −40.00, +2.50. Balance: 82.50".
    """
    moved = [
        sign + amount_text(amount_minor, currency)
        for sign, amount_minor in (("−", redeemed_minor), ("+", earned_minor))
        if amount_minor
    ]
    balance = amount_text(balance_minor, currency)
    if not moved:
        return _("Bonus balance: %(balance)s") % {"balance": balance}
    return _("Bonuses: %(moved)s. Balance: %(balance)s") % {"moved": ", ".join(moved), "balance": balance}


def amount_text(amount_minor: int, currency: str) -> str:
    """A plain decimal that every receipt printer knows, with the currency's digits: `-0.05`, `82.50`; `12000` CLP."""
    return f"{Decimal(amount_minor).scaleb(-_digits(currency)):f}"


@lru_cache(maxsize=256)
def _digits(currency: str) -> int:
    return get_currency_precision(currency)
