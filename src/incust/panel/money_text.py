"""Amounts for people, in the language that is active."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision
from django.utils.translation import get_language


def digits_of(currency: str) -> int:
    """How many minor digits the currency has."""
    return get_currency_precision(currency)


def money_text(amount_minor: int, currency: str) -> str:
    """``12050, "UAH"`` → ``120.50 UAH``, with the separators and the sign of the reader's language."""
    amount = Decimal(amount_minor).scaleb(-digits_of(currency))
    return str(format_currency(amount, currency, "#,##0.00 ¤", locale=(get_language() or "en")[:2]))


def bonus_text(amount_minor: int, currency: str) -> str:
    """Bonus points have the size of the currency unit but are not money: digits without a symbol."""
    amount = Decimal(amount_minor).scaleb(-digits_of(currency))
    return str(format_currency(amount, currency, "#,##0.00", locale=(get_language() or "en")[:2]))
