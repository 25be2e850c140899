"""A guest's points, as a café owner would tell it: what expires, what is set aside, and which points go first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

Order = tuple[str, int]
"""The till, and the order's number there."""


@dataclass(eq=False)
class Lot:
    """Points of one order that are good until an instant."""

    left: int
    until: datetime
    of: Order
    number: int = field(default_factory=count().__next__)


@dataclass
class Account:
    """`lots` is the part of the balance that expires; `holds` is set aside: order → (amount, until)."""

    balance: int = 0
    lots: list[Lot] = field(default_factory=list)
    holds: dict[Order, tuple[int, datetime]] = field(default_factory=dict)
    expired: Counter[Order] = field(default_factory=Counter)

    def held(self, besides: Order | None = None) -> int:
        return sum(amount for order, (amount, _until) in self.holds.items() if order != besides)

    def good(self, now: datetime) -> list[tuple[int, datetime]]:
        """What expires after that instant, and when, soonest first."""
        lots = sorted(self.lots, key=lambda lot: (lot.until, lot.number))
        return [(lot.left, lot.until) for lot in lots if lot.left and lot.until > now]

    def ends(self) -> list[datetime]:
        """The instants at which something of it ends by itself."""
        return [lot.until for lot in self.lots if lot.left] + [until for _amount, until in self.holds.values()]

    def let_pass(self, now: datetime) -> None:
        """Holds lapse; points expire, but not those that were promised to a cashier while they were good."""
        self.holds = {order: hold for order, hold in self.holds.items() if hold[1] > now}
        overdue = sum(lot.left for lot in self.lots if lot.until <= now)
        for lot, amount in self.take(max(0, overdue - self.held())):
            self.expired[lot.of] += amount

    def take(self, amount: int, first_of: Order | None = None) -> list[tuple[Lot, int]]:
        """The soonest-expiring points first, those that never expire last. Says what came from which lot."""
        self.balance -= amount
        taken = []
        for lot in sorted(self.lots, key=lambda lot: (lot.of != first_of, lot.until, lot.number)):
            part = min(lot.left, amount)
            lot.left, amount = lot.left - part, amount - part
            taken += [(lot, part)] if part else []
        return taken

    def credit(self, amount: int, until: datetime | None, order: Order) -> None:
        """A debt is repaid first: only what is above it can expire."""
        self.balance += amount
        if until is not None and self.balance > 0:
            self.lots.append(Lot(min(amount, self.balance), until, order))

    def put_back(self, amount: int, captured: int, taken: list[tuple[Lot, int]], before: int) -> None:
        """Undo a part of what was captured, in reverse, after the part `before`; lots keep their dates.

        A debt is repaid with what would expire soonest of it.
        """
        self.balance += amount
        end = before + max(0, min(amount, self.balance))
        place = captured - sum(part for _lot, part in taken)
        for lot, part in reversed(taken):
            lot.left += max(0, min(place + part, end) - max(place, before))
            place += part
