"""Programs that are ready to be used: what most cafés begin with, and change later."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incust.engine.program import CreditPercent, Program, RedeemPercent

CREDIT_RULE, REDEEM_RULE = "credit", "redeem"
"""A program has one rule of each kind under these names; the panel's form finds them so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgramTemplate:
    """``key`` is stable; ``title`` and ``fits`` are for the owner who chooses, ``rules`` for the engine."""

    key: str
    title: Promise
    fits: Promise
    rules: Program


def _percents(credit: int, redeem: int, *, lifetime_days: int | None = None) -> Program:
    return Program(
        rules=(
            CreditPercent(rule_id=CREDIT_RULE, percent=Decimal(credit), lifetime_days=lifetime_days),
            RedeemPercent(rule_id=REDEEM_RULE, percent=Decimal(redeem)),
        )
    )


PROGRAM_TEMPLATES = (
    ProgramTemplate(
        key="cash-back-5",
        title=_("Cash-back 5 %"),
        fits=_("A careful beginning. Points pay up to 30 % of a receipt and never expire."),
        rules=_percents(5, 30),
    ),
    ProgramTemplate(
        key="half-with-points-10",
        title=_("10 %, pay up to half with points"),
        fits=_("Guests notice it at once. Points pay up to half of a receipt and never expire."),
        rules=_percents(10, 50),
    ),
    ProgramTemplate(
        key="come-back-7",
        title=_("7 % that expire after 60 days"),
        fits=_("Brings guests back soon. Points pay up to half of a receipt within 60 days."),
        rules=_percents(7, 50, lifetime_days=60),
    ),
)


def template_named(key: str) -> ProgramTemplate | None:
    """The template of this key, if there is one."""
    return next((template for template in PROGRAM_TEMPLATES if template.key == key), None)
