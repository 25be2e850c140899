"""What the messages say. Short enough for one SMS where it can go by SMS."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_time
from babel.numbers import format_currency, format_decimal, get_currency_precision
from django.utils.translation import gettext as _


def confirmation_code(*, business: str, code: str, amount: str, until: str) -> tuple[str, str]:
    """Subject and text, in the active language."""
    subject = _("%(code)s is your code for %(business)s") % {"code": code, "business": business}
    text = _("%(business)s: your code is %(code)s, to pay %(amount)s with bonus points. Good until %(until)s.") % {
        "business": business, "code": code, "amount": amount, "until": until,
    }  # fmt: skip
    return subject, text


def check_finalized(*, business: str, redeemed: str, earned: str, balance: str) -> tuple[str, str]:
    subject = _("%(business)s: your bonus points") % {"business": business}
    moved = [f"−{redeemed}"] if redeemed else []
    moved += [f"+{earned}"] if earned else []
    text = _("%(business)s: %(moved)s. Balance: %(balance)s.") % {
        "business": business, "moved": ", ".join(moved), "balance": balance,
    }  # fmt: skip
    return subject, text


def check_refunded(*, business: str, returned: str, taken_back: str, balance: str) -> tuple[str, str]:
    """At least one of the two amounts is not empty."""
    subject = _("%(business)s: your bonus points") % {"business": business}
    if returned and taken_back:
        text = _("%(business)s, refund: %(returned)s came back, %(taken_back)s were taken off. Balance: %(balance)s.")
    elif returned:
        text = _("%(business)s, refund: %(returned)s came back. Balance: %(balance)s.")
    else:
        text = _("%(business)s, refund: %(taken_back)s were taken off. Balance: %(balance)s.")
    return subject, text % {
        "business": business, "returned": returned, "taken_back": taken_back, "balance": balance,
    }  # fmt: skip


def wallet_link(*, business: str, url: str) -> tuple[str, str]:
    subject = _("Your wallet at %(business)s") % {"business": business}
    text = _("%(business)s: your bonus card is here: %(url)s") % {"business": business, "url": url}
    return subject, text


def registration(*, business: str, url: str) -> tuple[str, str]:
    subject = _("Welcome to %(business)s") % {"business": business}
    text = _("%(business)s: welcome! Open your bonus card and finish your profile: %(url)s") % {
        "business": business, "url": url,
    }  # fmt: skip
    return subject, text


def points(amount_minor: int, currency: str, language: str) -> str:
    """Bonus points as a person reads them: ``1,234.50`` without the currency's sign."""
    digits = get_currency_precision(currency)
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    return format_decimal(Decimal(amount_minor).scaleb(-digits), format=pattern, locale=language)


def money(amount_minor: int, currency: str, language: str) -> str:
    digits = get_currency_precision(currency)
    return format_currency(Decimal(amount_minor).scaleb(-digits), currency, locale=language)


def time_of_day(moment: datetime, time_zone: str, language: str) -> str:
    return format_time(moment, format="short", tzinfo=ZoneInfo(time_zone), locale=language)
