"""A loyalty program: its rules and the settings that the whole program shares."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from incust.engine.customer import CustomerStatus
from incust.engine.invalid import Invalid
from incust.engine.money import STEPS_MINOR, Rounding

LIFETIME_DAYS_MAX = 3650
RULES_MAX = 50


class ProgramInvalid(Invalid):
    """The program cannot be applied."""


class Basis(StrEnum):
    """On which part of the check bonus points are credited."""

    PAID_WITH_MONEY = "paid_with_money"
    WHOLE_CHECK = "whole_check"  # the redeemed part earns as well


class Confirmation(StrEnum):
    """When a redemption needs a code that is sent to the customer."""

    BY_STRENGTH = "by_strength"  # after weak identification
    ABOVE_LIMIT = "above_limit"
    ALWAYS = "always"
    NEVER = "never"


class BelowZero(StrEnum):
    """What happens when a refund takes back points that were spent already."""

    DEBT = "debt"
    ABSORB = "absorb"
    BLOCK = "block"


@dataclass(frozen=True, kw_only=True, slots=True)
class CreditPercent:
    """Credit `percent` % of the check as bonus points; promotional (they expire) when `lifetime_days` is given."""

    rule_id: str
    percent: Decimal
    basis: Basis = Basis.PAID_WITH_MONEY
    lifetime_days: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RedeemPercent:
    """Let bonus points pay up to `percent` % of the eligible part of the check."""

    rule_id: str
    percent: Decimal


Rule = CreditPercent | RedeemPercent


@dataclass(frozen=True, kw_only=True, slots=True)
class Program:
    """Everything that decides about a check. Raises `ProgramInvalid` when it contradicts itself.

    `promotion_lines_take_part`: whether lines under a promotion of the till's own earn and may be redeemed on.
    `confirmation_limit_minor` counts with `Confirmation.ABOVE_LIMIT`, `debt_limit_minor` with `BelowZero.DEBT`.
    `new_customer_status` is what a guest gets who registers with his consent.
    """

    rules: tuple[Rule, ...]
    rounding: Rounding = Rounding.DOWN
    step_minor: int = 1
    promotion_lines_take_part: bool = True
    new_customer_status: CustomerStatus = CustomerStatus.FULL
    confirmation: Confirmation = Confirmation.BY_STRENGTH
    confirmation_limit_minor: int = 0
    below_zero: BelowZero = BelowZero.ABSORB
    debt_limit_minor: int = 0

    def __post_init__(self) -> None:
        """Check what types cannot say."""
        if len(self.rules) > RULES_MAX:
            raise ProgramInvalid("rules", "There are more than %(number)s rules.", number=RULES_MAX)
        for position, rule in enumerate(self.rules):
            _check_rule(f"rules.{position}", rule)
        if len({rule.rule_id for rule in self.rules}) != len(self.rules):
            raise ProgramInvalid("rules", "Two rules have the same rule_id.")
        if sum(isinstance(rule, RedeemPercent) for rule in self.rules) > 1:
            raise ProgramInvalid("rules", "A program has one redemption limit.")
        if self.step_minor not in STEPS_MINOR:
            raise ProgramInvalid("step_minor", "The step is 1, 10 or 100 minor units.")
        for field in ("confirmation_limit_minor", "debt_limit_minor"):
            if getattr(self, field) < 0:
                raise ProgramInvalid(field, "A limit is not negative.")

    @property
    def redeem_rule(self) -> RedeemPercent | None:
        """The rule that allows redemption, if any."""
        return next((rule for rule in self.rules if isinstance(rule, RedeemPercent)), None)

    @property
    def credit_rules(self) -> tuple[CreditPercent, ...]:
        """The rules that credit bonus points, in the program's order."""
        return tuple(rule for rule in self.rules if isinstance(rule, CreditPercent))


def _check_rule(path: str, rule: Rule) -> None:
    if not rule.rule_id:
        raise ProgramInvalid(f"{path}.rule_id", "A rule has an id.")
    if not 0 < rule.percent <= 100 or rule.percent != round(rule.percent, 2):
        raise ProgramInvalid(f"{path}.percent", "A percent is above 0, at most 100, with at most two places.")
    lifetime_days = rule.lifetime_days if isinstance(rule, CreditPercent) else None
    if lifetime_days is not None and not 1 <= lifetime_days <= LIFETIME_DAYS_MAX:
        raise ProgramInvalid(f"{path}.lifetime_days", "A lifetime is 1 to %(days)s days.", days=LIFETIME_DAYS_MAX)
