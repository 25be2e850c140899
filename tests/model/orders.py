"""What both cafés are told: a program's numbers, and what a till sends.

Amounts are in minor units, quantities in thousandths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Program:
    """`earn`: percents of what money pays, with the days that they are good for (None: for ever). `redeem`: the percent
    of the goods that points may pay. `below_zero`: `absorb`, `block`, or `debt` as deep as `debt`.
    """

    earn: tuple[tuple[int, int | None], ...]
    redeem: int
    below_zero: str = "absorb"
    debt: int = 0


@dataclass(frozen=True)
class Line:
    """`excluded` is the price of what takes no part: it earns nothing, and points may not pay it."""

    amount: int = 0
    excluded: int = 0
    quantity: int = 1000


@dataclass(frozen=True)
class Basket:
    """The total is more than the lines where service is charged."""

    total: int
    lines: tuple[Line, ...]


class Order(NamedTuple):
    """Orders of a till are numbered."""

    till: str
    number: int


@dataclass(frozen=True)
class Receipt:
    """`redeemed`: what a guest pays with points, or, once it is closed, what the till took off."""

    guest: int
    order: Order
    basket: Basket
    redeemed: int = 0
