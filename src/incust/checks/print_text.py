"""The guest's line on the printed receipt."""

from __future__ import annotations

from django.utils.translation import gettext as _

MINOR_DIGITS = 2


def print_text(*, redeemed_minor: int, earned_minor: int, balance_minor: int) -> str:
    """Say what this receipt took and gave and what is left, in the language that is active now.

    One bonus point is one currency unit. Only what moved is mentioned: "Bonuses: −40.00, +2.50. Balance: 82.50".
    """
    moved = [
        sign + amount_text(amount_minor)
        for sign, amount_minor in (("−", redeemed_minor), ("+", earned_minor))
        if amount_minor
    ]
    balance = amount_text(balance_minor)
    if not moved:
        return _("Bonus balance: %(balance)s") % {"balance": balance}
    return _("Bonuses: %(moved)s. Balance: %(balance)s") % {"moved": ", ".join(moved), "balance": balance}


def amount_text(amount_minor: int) -> str:
    """A plain decimal that every receipt printer knows: `-0.05`, `82.50`."""
    sign = "-" if amount_minor < 0 else ""
    units, rest = divmod(abs(amount_minor), 10**MINOR_DIGITS)
    return f"{sign}{units}.{rest:0{MINOR_DIGITS}d}"
