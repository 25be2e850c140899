"""The life of checks and of bonus points, as a café owner would tell it. What the program does has to agree with this.

No rows, keys or locks: a guest has an account per currency, an order a receipt per till, and time passes exactly. All
amounts are in minor units. Whatever is refused raises `Refused` with the code that a till is told.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from .points import Account, Lot, Order
from .receipt import Basket, Program

HOLD_LIFETIME = timedelta(minutes=30)


class Refused(Exception):
    """The till is told no; nothing has changed."""


@dataclass
class Receipt:
    """`redeemed` is what is reserved, and once it is `paid`, what it was reduced by. `back`: returned per line."""

    status: str
    guest: int
    basket: Basket
    redeemed: int
    program: Program
    answer: tuple[str, int, int, int, int] | None = None
    taken: list[tuple[Lot, int]] = field(default_factory=list)
    back: list[int] = field(default_factory=list)
    whole: bool = False
    redeemed_back: int = 0
    unbacked_back: int = 0
    refund: tuple[str, int, int, int, int, int] | None = None

    @property
    def unbacked(self) -> int:
        return self.answer[3] if self.answer else 0

    def share_back(self, back: list[int], whole: bool) -> tuple[int, int]:
        """What was redeemed and earned on that much of the lines, rounded down for each; exactly all on the whole."""
        assert self.answer is not None
        _status, redeemed, earned, _unbacked, _balance = self.answer
        if whole:
            return redeemed, earned
        shares, lines = self.basket.shares(self.program, redeemed), self.basket.lines
        parts = [
            (took * n // line.quantity, gave * n // line.quantity)
            for (took, gave), n, line in zip(shares, back, lines, strict=True)
        ]
        return sum(took for took, _gave in parts), sum(gave for _took, gave in parts)


@dataclass
class Loyalty:
    """One business; each till works in one currency."""

    zone: ZoneInfo
    program: Program
    currency_of: dict[str, str]
    accounts: dict[tuple[int, str], Account] = field(default_factory=dict)
    receipts: dict[Order, Receipt] = field(default_factory=dict)
    sums: Counter[str] = field(default_factory=Counter)

    def account(self, guest: int, order: Order, now: datetime) -> Account:
        found = self.accounts.setdefault((guest, self.currency_of[order[0]]), Account())
        found.let_pass(now)
        return found

    def quote(self, guest: int, order: Order, basket: Basket, now: datetime) -> int:
        """The most that may be redeemed. What the order holds itself is free for it."""
        account = self.account(guest, order, now)
        return max(0, min(account.balance - account.held(besides=order), basket.goods * self.program.redeem // 100))

    def reserve(
        self, guest: int, order: Order, basket: Basket, redeem: int, now: datetime
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
        self, guest: int, order: Order, basket: Basket, redeemed: int, now: datetime, closed_at: datetime,
        paid: bool = True,
    ) -> tuple[str, int, int, int, int]:  # fmt: skip
        """(status, redeemed, earned, unbacked, balance after it). The till's truth: what it took is posted, once."""
        receipt, program = self.receipts.get(order), self.program
        if receipt and receipt.answer and not (receipt.status == "released" and paid):
            known = receipt.guest, receipt.basket, receipt.redeemed, receipt.status == "finalized"
            if known != (guest, basket, redeemed, paid):
                raise Refused("check-mismatch")
            return receipt.answer
        if receipt and (receipt.status, receipt.guest) == ("reserved", guest):
            program = receipt.program if (receipt.basket, receipt.redeemed) == (basket, redeemed) else program
        account = self.account(guest, order, now)
        own, _until = account.holds.get(order, (0, now))
        self.release(order, now)
        reduced = redeemed if paid else 0
        captured = min(reduced, basket.total, max(own, account.balance - account.held(), 0))
        taken = account.take(captured)
        credits = basket.credits(program, reduced) if paid else []
        for amount, days in credits:
            account.credit(amount, self.good_until(closed_at, days, now), order)
        earned = sum(amount for amount, _days in credits)
        self.sums.update(issued=-earned, redeemed=reduced, unbacked=captured - reduced)
        account = self.account(guest, order, now)  # what the hold kept, or came late, may be past its date
        answer = "finalized" if paid else "released", reduced, earned, reduced - captured, account.balance
        back = [0] * len(basket.lines)
        self.receipts[order] = Receipt(answer[0], guest, basket, redeemed, program, answer, taken, back)
        return answer

    def cancel(self, order: Order, now: datetime) -> None:
        receipt = self.receipts.get(order)
        if receipt and receipt.answer:
            raise Refused("check-finalized")
        if receipt:
            self.release(order, now)
            receipt.status = "cancelled"

    def refund(
        self, order: Order, told: dict[int, int] | None, now: datetime, accomplished: bool = False
    ) -> tuple[str, int, int, int, int, int]:
        """(status, returned, taken back, absorbed, expired, balance after it), totals so far.

        `told` is the state of the lines that it names (None: the whole receipt), and only grows.
        """
        receipt = self.receipts.get(order)
        if not receipt or not receipt.answer:
            raise Refused("check-not-final" if receipt else "check-unknown")
        account = self.account(receipt.guest, order, now)
        if receipt.status == "released":
            return "refunded", 0, 0, 0, 0, account.balance
        bought = [line.quantity for line in receipt.basket.lines]
        for n, quantity in sorted((told or {}).items()):
            if n >= len(bought) or quantity > bought[n]:
                raise Refused("line-unknown" if n >= len(bought) else "returned-above-bought")
        back = bought if told is None else [max(known, told.get(n, 0)) for n, known in enumerate(receipt.back)]
        whole = told is None or receipt.whole or back == bought
        if (back, whole) == (receipt.back, receipt.whole):
            return receipt.refund or ("partly_refunded", 0, 0, 0, 0, account.balance)

        redeemed, earned = receipt.share_back(back, whole)
        unbacked = receipt.unbacked * redeemed // (receipt.answer[1] or 1)
        _status, returned, taken, absorbed, expired, _balance = receipt.refund or ("", 0, 0, 0, 0, 0)
        give, owed = redeemed - unbacked - returned, earned - taken - absorbed - expired
        gone = min(owed, account.expired[order] - expired)
        debt = self.program.debt if self.program.below_zero == "debt" else 0
        take = min(owed - gone, max(0, account.balance + give - account.held() + debt))
        short = owed - gone - take
        if short and self.program.below_zero == "block" and not accomplished:
            raise Refused("refund-blocked")
        account.put_back(give, receipt.answer[1] - receipt.unbacked, receipt.taken, returned)
        account.take(take, first_of=order)
        account.let_pass(now)
        self.sums.update(
            issued=take, redeemed=receipt.redeemed_back - redeemed, unbacked=unbacked - receipt.unbacked_back
        )
        receipt.back, receipt.whole, receipt.redeemed_back, receipt.unbacked_back = back, whole, redeemed, unbacked
        totals = returned + give, taken + take, absorbed + short, expired + gone
        receipt.refund = "refunded" if whole else "partly_refunded", *totals, account.balance
        return receipt.refund

    def correct(self, guest: int, till: str, amount: int, now: datetime) -> int:
        """The owner gives, for ever, or takes of what is free; the balance after it."""
        account = self.account(guest, (till, 0), now)
        if -amount > max(0, account.balance - account.held()):
            raise Refused("correction-above-available")
        account.balance += max(0, amount)
        account.take(max(0, -amount))
        self.sums.update(correction=-amount)
        return account.balance

    def release(self, order: Order, now: datetime) -> None:
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
