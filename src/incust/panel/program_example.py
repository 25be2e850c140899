"""What a program means for one coffee, reckoned by the engine that registers ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from incust.engine.check import Check, Line
from incust.engine.customer import Customer, CustomerStatus
from incust.engine.evaluate import evaluate, redemption_limit_of_check
from incust.engine.program import Program

from .money_text import bonus_text, digits_of, money_text

COFFEE: dict[str, Decimal] = {
    "UAH": Decimal(60), "PLN": Decimal(14), "EUR": Decimal(3), "USD": Decimal(4), "GBP": Decimal("3.50"),
    "CZK": Decimal(75), "GEL": Decimal(8), "KZT": Decimal(1200), "MDL": Decimal(40), "RON": Decimal(14),
    "AZN": Decimal(5), "AMD": Decimal(1500),
}  # fmt: skip
"""About what a coffee costs, in currency units: an example is read faster with a price that could be true."""
ELSEWHERE = Decimal(10)


@dataclass(frozen=True, kw_only=True)
class Example:
    """Two sentences, the second empty where points cannot be redeemed."""

    earns: str
    pays: str


def example_of(program: Program, currency: str, *, now: datetime) -> Example:
    """What a coffee earns, and how much of it points may pay, in the language that is active."""
    price_minor = int(COFFEE.get(currency, ELSEWHERE).scaleb(digits_of(currency)))
    coffee = Check(
        external_id="example", currency=currency, total_minor=price_minor,
        lines=(Line(line_id="coffee", product_id="coffee", amount_minor=price_minor),),
    )  # fmt: skip
    guest = Customer(status=CustomerStatus.FULL, available_minor=0)
    earned_minor = evaluate(program, coffee, guest, now=now, redeem_minor=0).earn_minor
    limit_minor = redemption_limit_of_check(program, coffee)
    return Example(
        earns=_("A coffee of %(price)s earns %(points)s.")
        % {"price": money_text(price_minor, currency), "points": bonus_text(earned_minor, currency)},
        pays=_("Collected points pay up to %(limit)s of it.") % {"limit": money_text(limit_minor, currency)}
        if limit_minor
        else "",
    )
