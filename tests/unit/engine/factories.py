"""Programs, checks and customers for the engine's tests: short to say, with the guide's own numbers."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from incust.engine.check import Check, Line
from incust.engine.customer import Customer, CustomerStatus
from incust.engine.program import CreditPercent, Program, RedeemPercent, Rule

NOON = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


def a_program(earn: str | None = "5", redeem: str | None = "50", **settings: Any) -> Program:
    """A program that credits `earn` % and lets `redeem` % be redeemed; `None` leaves the rule out."""
    rules: list[Rule] = []
    if earn is not None:
        rules.append(CreditPercent(rule_id="earn", percent=Decimal(earn)))
    if redeem is not None:
        rules.append(RedeemPercent(rule_id="redeem", percent=Decimal(redeem)))
    return Program(rules=tuple(rules), **settings)


def a_line(amount_minor: int, line_id: str = "0", **members: Any) -> Line:
    return Line(line_id=line_id, product_id="12", amount_minor=amount_minor, **members)


def a_check(*lines: Line, total_minor: int | None = None, **members: Any) -> Check:
    """A check over the given lines; its total is their sum unless given."""
    total = sum(line.amount_minor for line in lines) if total_minor is None else total_minor
    return Check(external_id="1506511064579", currency="UAH", lines=lines, total_minor=total, **members)


def a_customer(available_minor: int = 0, status: CustomerStatus = CustomerStatus.FULL) -> Customer:
    return Customer(status=status, available_minor=available_minor)
