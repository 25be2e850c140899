"""The life of checks and of bonus points, as a café owner would tell it. What the program does has to agree with this.

No rows, keys or locks: a guest has an account per currency, an order a receipt per till, and time passes exactly. All
amounts are in minor units. Whatever is refused raises `Refused` with the code that a till is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

HOLD_LIFETIME = timedelta(minutes=30)


class Refused(Exception):
    """The till is told no; nothing has changed."""


@dataclass(frozen=True)
class Program:
    """`earn`: percents of what is paid with money, with the days that these points are good for (None: for ever)."""

    earn: tuple[tuple[int, int | None], ...]
    redeem: int


@dataclass(frozen=True)
class Line:
    amount: int
    takes_part: bool = True


@dataclass(frozen=True)
class Basket:
    lines: tuple[Line, ...]
    service: int = 0

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines) + self.service

    @property
    def goods(self) -> int:
        """What earns, and may be paid with points."""
        return sum(line.amount for line in self.lines if line.takes_part)

    def credits(self, program: Program, redeemed: int) -> list[tuple[int, int | None]]:
        money = max(0, self.goods - redeemed)
        earned = [(money * percent // 100, days) for percent, days in program.earn]
        return [(amount, days) for amount, days in earned if amount]


@dataclass
class Lot:
    """Points that are good until an instant."""

    left: int
    until: datetime


@dataclass
class Account:
    """`lots` is the part of the balance that expires, soonest first; `holds` is set aside: order → (amount, until)."""

    balance: int = 0
    lots: list[Lot] = field(default_factory=list)
    holds: dict[object, tuple[int, datetime]] = field(default_factory=dict)
    expired: int = 0

    def held(self, besides: object = None) -> int:
        return sum(amount for order, (amount, _until) in self.holds.items() if order != besides)

    def let_pass(self, now: datetime) -> None:
        """Holds lapse; points expire, but not those that were promised to a cashier while they were good."""
        self.holds = {order: hold for order, hold in self.holds.items() if hold[1] > now}
        gone = max(0, sum(lot.left for lot in self.lots if lot.until <= now) - self.held())
        self.take(gone)
        self.expired += gone

    def take(self, amount: int) -> None:
        """The soonest-expiring points first, those that never expire last."""
        self.balance -= amount
        for lot in self.lots:
            taken = min(lot.left, amount)
            lot.left, amount = lot.left - taken, amount - taken
        self.lots = [lot for lot in self.lots if lot.left]

    def credit(self, amount: int, until: datetime | None) -> None:
        """A debt is repaid first: only what is above it can expire."""
        self.balance += amount
        if until is not None and self.balance > 0:
            self.lots = sorted([*self.lots, Lot(min(amount, self.balance), until)], key=lambda lot: lot.until)


@dataclass
class Receipt:
    status: str
    guest: int
    basket: Basket
    redeemed: int  # reserved, until it is paid
    program: Program
    answer: tuple[str, int, int, int, int] | None = None


@dataclass
class Loyalty:
    """One business. An order is (till, number at the till); a till works in one currency."""

    zone: ZoneInfo
    program: Program
    currency_of: dict[str, str]
    accounts: dict[tuple[int, str], Account] = field(default_factory=dict)
    receipts: dict[tuple[str, int], Receipt] = field(default_factory=dict)
    sums: dict[str, int] = field(default_factory=lambda: {"issued": 0, "redeemed": 0, "unbacked": 0})

    def account(self, guest: int, order: tuple[str, int], now: datetime) -> Account:
        found = self.accounts.setdefault((guest, self.currency_of[order[0]]), Account())
        found.let_pass(now)
        return found

    def quote(self, guest: int, order: tuple[str, int], basket: Basket, now: datetime) -> int:
        """The most that may be redeemed. What the order holds itself is free for it."""
        account = self.account(guest, order, now)
        return max(0, min(account.balance - account.held(besides=order), basket.goods * self.program.redeem // 100))

    def reserve(
        self, guest: int, order: tuple[str, int], basket: Basket, redeem: int, now: datetime
    ) -> tuple[int, int, int, int]:
        """(redeem, due, earn, balance before it). A later reservation of the order replaces this one."""
        if order in self.receipts and self.receipts[order].answer:
            raise Refused("check-finalized")
        if redeem > self.quote(guest, order, basket, now):
            raise Refused("redeem-above-limit")
        account = self.account(guest, order, now)
        self.release(order, now)
        if redeem:
            account.holds[order] = redeem, now + HOLD_LIFETIME
        self.receipts[order] = Receipt("reserved", guest, basket, redeem, self.program)
        earn = sum(amount for amount, _days in basket.credits(self.program, redeem))
        return redeem, basket.total - redeem, earn, account.balance

    def finalize(
        self, guest: int, order: tuple[str, int], basket: Basket, redeemed: int, now: datetime,
        closed_at: datetime, paid: bool = True,
    ) -> tuple[str, int, int, int, int]:  # fmt: skip
        """(status, redeemed, earned, unbacked, balance after it). The till's truth: what it took is posted, once."""
        receipt = self.receipts.get(order)
        if receipt and receipt.answer and not (receipt.status == "released" and paid):
            if (receipt.guest, receipt.basket, receipt.status == "finalized") != (guest, basket, paid):
                raise Refused("check-mismatch")
            if receipt.redeemed != redeemed:
                raise Refused("check-mismatch")
            return receipt.answer
        program = self.program
        if receipt and receipt.status == "reserved" and (receipt.guest, receipt.basket) == (guest, basket):
            program = receipt.program if receipt.redeemed == redeemed else program
        account = self.account(guest, order, now)
        own, _until = account.holds.get(order, (0, now))
        self.release(order, now)
        taken = redeemed if paid else 0
        captured = min(taken, basket.total, max(own, account.balance - account.held(), 0))
        account.take(captured)
        credits = basket.credits(program, taken) if paid else []
        for amount, days in credits:
            account.credit(amount, self.good_until(closed_at, days, now))
        earned = sum(amount for amount, _days in credits)
        for name, amount in (("issued", -earned), ("redeemed", taken), ("unbacked", captured - taken)):
            self.sums[name] += amount
        answer = "finalized" if paid else "released", taken, earned, taken - captured, account.balance
        self.receipts[order] = Receipt(answer[0], guest, basket, redeemed, program, answer)
        return answer

    def cancel(self, order: tuple[str, int], now: datetime) -> None:
        receipt = self.receipts.get(order)
        if receipt and receipt.answer:
            raise Refused("check-finalized")
        if receipt:
            self.release(order, now)
            receipt.status = "cancelled"

    def release(self, order: tuple[str, int], now: datetime) -> None:
        for account in self.accounts.values():
            account.let_pass(now)
            account.holds.pop(order, None)

    def good_until(self, closed_at: datetime, days: int | None, now: datetime) -> datetime | None:
        """The end of the last day, where the café is. A till's clock counts if it is of the last seven days."""
        if days is None:
            return None
        counted = closed_at if now - timedelta(days=7) <= closed_at <= now + timedelta(minutes=10) else now
        local = counted.astimezone(self.zone).date() + timedelta(days=days + 1)
        return datetime(local.year, local.month, local.day, tzinfo=self.zone)
