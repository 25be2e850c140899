"""What the specification takes for granted: a program's numbers, what is on a receipt, and how an amount is spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """`earn`: percents of what is paid with money, with the days that these points are good for (None: for ever).

    `below_zero`: `absorb`, `block`, or `debt` down to `debt` units.
    """

    earn: tuple[tuple[int, int | None], ...]
    redeem: int
    below_zero: str = "absorb"
    debt: int = 0


@dataclass(frozen=True)
class Line:
    """Quantities are in thousandths."""

    amount: int
    takes_part: bool = True
    quantity: int = 1000


@dataclass(frozen=True)
class Basket:
    """Amounts are in minor units."""

    lines: tuple[Line, ...]
    service: int = 0

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines) + self.service

    @property
    def goods(self) -> int:
        """What earns, and may be paid with points."""
        return sum(self._amounts(takes_part=True).values())

    def credits(self, program: Program, redeemed: int) -> list[tuple[int, int | None]]:
        """Each credit with its days."""
        money = max(0, self.goods - redeemed)
        earned = [(money * percent // 100, days) for percent, days in program.earn]
        return [(amount, days) for amount, days in earned if amount]

    def shares(self, program: Program, redeemed: int) -> list[tuple[int, int]]:
        """(redeemed, earned) of each line. What is redeemed beyond all goods lies on no line."""
        goods, others = self._amounts(takes_part=True), self._amounts(takes_part=False)
        on_goods = min(redeemed, self.goods)
        on_others = min(redeemed - on_goods, sum(others.values()))
        took = {**spread(on_goods, goods), **spread(on_others, others)}
        gave = [spread(amount, goods) for amount, _days in self.credits(program, redeemed)]
        return [(took[n], sum(credit.get(n, 0) for credit in gave)) for n in range(len(self.lines))]

    def _amounts(self, *, takes_part: bool) -> dict[int, int]:
        return {n: line.amount for n, line in enumerate(self.lines) if line.takes_part == takes_part}


def spread(total: int, weights: Mapping[int, int]) -> dict[int, int]:
    """By largest remainder; of equal ones the heavier comes first, then the earlier."""
    if not total:
        return dict.fromkeys(weights, 0)
    whole = sum(weights.values())
    shares = {n: total * weight // whole for n, weight in weights.items()}
    order = sorted(weights, key=lambda n: (-(total * weights[n] % whole), -weights[n], n))
    for n in order[: total - sum(shares.values())]:
        shares[n] += 1
    return shares
