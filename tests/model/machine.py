"""The café and its specification side by side: whatever tills do, and whenever, both say and hold the same."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from incust.businesses.problems import Problem
from incust.checks.expire import IDEMPOTENCY_KEYS_KEPT
from incust.customers.problems import IdempotencyMismatch

from .books import books_of
from .choices import BASKETS, JUMPS, PROGRAMS, STARTS, ZONES, baskets, guests, lateness, orders, parts, picks, returns
from .orders import Basket, Order, Program, Receipt
from .real_cafe import RealCafe, Told
from .specification import FOREVER, Account, Check, Loyalty, Refused


class TwoCafes(RuleBasedStateMachine):
    """Each rule does the same to both."""

    steps = 0
    verify_every = 5

    @initialize(program=st.sampled_from(PROGRAMS), zone=st.sampled_from(ZONES), start=st.sampled_from(STARTS))
    def open_up(self, program: Program, zone: str, start: datetime) -> None:
        self.example = ExitStack()
        self.example.enter_context(transaction.atomic())
        self.now = start
        self.model = Loyalty(zone=ZoneInfo(zone), program=program)
        self.real = RealCafe(program, zone)
        self.moves = 0
        for guest, basket in ((0, 3), (0, 5), (0, 3), (1, 3)):  # who has points has more to lose
            receipt = Receipt(guest, self.order(("register", 0)), BASKETS[basket])
            self.both(lambda cafe, told=receipt: cafe.finalize(told, self.now, self.now))

    def both(self, act: Callable[[Any], Any]) -> Any:
        """The same answer from both, or the same refusal."""
        try:
            expected = act(self.model)
        except Refused as refused:
            expected = str(refused)
        try:
            found = act(self.real)
        except Problem as problem:
            found = problem.code
        assert found == expected, f"{found} instead of {expected}"
        return found

    @rule(guest=guests, which=orders, basket=baskets, late=lateness)
    def earn(self, guest: int, which: tuple[str, int], basket: Basket, late: timedelta) -> None:
        """A receipt that nobody reserved, reported soon or late."""
        receipt = Receipt(guest, self.order(which), basket)
        self.both(lambda cafe: cafe.finalize(receipt, self.now, self.now - late))

    @rule(guest=guests, which=orders, basket=baskets, part=parts, cheat=st.integers(-1, 1))
    def reserve(self, guest: int, which: tuple[str, int], basket: Basket, part: int, cheat: int) -> None:
        """A part of what may be redeemed, or one unit more; also again, with another amount, basket or guest."""
        receipt = Receipt(guest, self.order(which), basket)
        redeem = max(0, self.model.quote(receipt, self.now) * part // 100 + (cheat == 1))
        self.both(lambda cafe: cafe.reserve(replace(receipt, redeemed=redeem), self.now))

    @precondition(lambda self: self.reserved())
    @rule(pick=picks, guest=st.none() | guests, part=parts, basket=st.none() | baskets)
    def reserve_anew(self, pick: int, guest: int | None, part: int, basket: Basket | None) -> None:
        """The cashier goes back and pays anew: another amount, basket or guest; what is held for it is free for it."""
        old = self.pick(self.reserved(), pick).receipt
        receipt = Receipt(old.guest if guest is None else guest, old.order, basket or old.basket)
        redeem = self.model.quote(receipt, self.now) * part // 100
        self.both(lambda cafe: cafe.reserve(replace(receipt, redeemed=redeem), self.now))

    @precondition(lambda self: self.reserved())
    @rule(pick=picks, late=lateness)
    def finalize_as_reserved(self, pick: int, late: timedelta) -> None:
        receipt = self.pick(self.reserved(), pick).receipt
        self.both(lambda cafe: cafe.finalize(receipt, self.now, self.now - late))

    @precondition(lambda self: self.reserved())
    @rule(pick=picks, program=st.sampled_from(PROGRAMS))
    def finalize_under_other_rules(self, pick: int, program: Program) -> None:
        """What was promised stands, whatever is published in between."""
        self.upkeep("publish", program)
        self.finalize_as_reserved(pick, timedelta(0))

    @precondition(lambda self: self.reserved())
    @rule(pick=picks, percent=st.sampled_from((0, 40, 101, 150, 400)), basket=st.none() | baskets)
    def finalize_otherwise(self, pick: int, percent: int, basket: Basket | None) -> None:
        """The receipt was reduced by less or more than is held, or has changed since."""
        old = self.pick(self.reserved(), pick).receipt
        receipt = replace(old, basket=basket or old.basket, redeemed=old.redeemed * percent // 100 + (percent > 100))
        self.both(lambda cafe: cafe.finalize(receipt, self.now, self.now))

    @precondition(lambda self: self.reserved())
    @rule(pick=picks)
    def cancel_reserved(self, pick: int) -> None:
        order = self.pick(self.reserved(), pick).receipt.order
        self.both(lambda cafe: cafe.cancel(order, self.now))

    @rule(guest=guests, which=orders, basket=baskets, percent=st.sampled_from((0, 30, 100, 100, 130)))
    def redeem_unreserved(self, guest: int, which: tuple[str, int], basket: Basket, percent: int) -> None:
        """A till that was cut off, or lies; also about an order that is reserved for somebody else."""
        order = self.order(which)
        redeemed = max(1, self.model.account(guest, order.till, self.now).balance * percent // 100)
        self.both(lambda cafe: cafe.finalize(Receipt(guest, order, basket, redeemed), self.now, self.now))

    @precondition(lambda self: self.held())
    @rule(pick=picks, which=orders, owner=st.booleans())
    def reach_for_what_is_held(self, pick: int, which: tuple[str, int], owner: bool) -> None:
        """The owner takes all that the guest has, or another receipt reports that it did."""
        guest, till = (receipt := self.pick(self.held(), pick).receipt).guest, receipt.order.till
        amount, order = self.model.account(guest, till, self.now).balance, self.order((till, which[1]))
        if owner:
            self.both(lambda cafe: cafe.correct(guest, till, -amount, self.now))
        else:
            other = Receipt(guest, order, BASKETS[3], max(1, amount))
            self.both(lambda cafe: cafe.finalize(other, self.now, self.now))

    @precondition(lambda self: self.held())
    @rule(pick=picks, which=orders, early=st.booleans())
    def take_what_lapsed(self, pick: int, which: tuple[str, int], early: bool) -> None:
        """Another order asks for all at the instant at which points are free again, or a moment before."""
        check = self.pick(self.held(), pick)
        self.now = max(self.now, check.until - timedelta(microseconds=early))
        receipt = Receipt(check.receipt.guest, self.order((check.receipt.order.till, which[1])), BASKETS[3])
        redeem = self.model.quote(receipt, self.now)
        self.both(lambda cafe: cafe.reserve(replace(receipt, redeemed=redeem), self.now))

    @precondition(lambda self: self.paid())
    @rule(pick=picks, told=returns, accomplished=st.booleans())
    def refund_lines(self, pick: int, told: list[tuple[int, int]], accomplished: bool) -> None:
        """Parts of lines, more of them or less than were told before; now and then more than was bought."""
        receipt = self.pick(self.paid(), pick).receipt
        lines = receipt.basket.lines
        parts = [(len(lines) if n == 7 else n % len(lines), percent) for n, percent in told]
        state = {n: 1000 if n == len(lines) else lines[n].quantity * percent // 100 for n, percent in parts}
        self.both(lambda cafe: cafe.refund(receipt.order, state, self.now, accomplished))

    @rule(guest=guests, which=orders, basket=baskets, halves=st.integers(1, 2))
    def return_half_of_what_all_points_paid(
        self, guest: int, which: tuple[str, int], basket: Basket, halves: int
    ) -> None:
        """In two steps, of which there may be one only: points of several dates come back."""
        order = self.order(which)
        self.redeem_unreserved(guest, which, basket, 100)
        for half in range(1, halves + 1):
            state = {0: basket.lines[0].quantity * half // 2}
            self.both(lambda cafe, told=state: cafe.refund(order, told, self.now, accomplished=True))

    @precondition(lambda self: self.paid())
    @rule(pick=picks, accomplished=st.booleans())
    def refund_whole(self, pick: int, accomplished: bool) -> None:
        order = self.pick(self.paid(), pick).receipt.order
        self.both(lambda cafe: cafe.refund(order, None, self.now, accomplished))

    @rule(guest=guests, which=orders, percent=st.sampled_from((-120, -100, -40, 30, 200)), free=st.booleans())
    def correct(self, guest: int, which: tuple[str, int], percent: int, free: bool) -> None:
        """A part of what is free, or of all that he has; what is held is not the owner's to take."""
        till, _number = which
        account = self.model.account(guest, till, self.now)
        amount = (account.available() if free else account.balance) * percent // 100 or 25
        self.both(lambda cafe: cafe.correct(guest, till, amount, self.now))

    @rule(how=st.sampled_from(("cancel", "quote", "unpaid", "unpaid after all", "refund")), guest=guests, which=orders)
    def think_better_of_it(self, how: str, guest: int, which: tuple[str, int]) -> None:
        """At whatever time: to cancel, to ask, to close without payment, to refund what may not even be known."""
        order, basket = self.order(which), BASKETS[guest]
        if how == "cancel":
            self.both(lambda cafe: cafe.cancel(order, self.now))
        elif how == "quote":
            self.both(lambda cafe: cafe.quote(Receipt(guest, order, basket), self.now))
        elif how == "refund":
            self.both(lambda cafe: cafe.refund(order, None, self.now))
        else:
            receipt = Receipt(guest, order, basket, 250 if how == "unpaid after all" else 0)
            self.both(lambda cafe: cafe.finalize(receipt, self.now, self.now, paid=False))

    @rule(jump=st.sampled_from(JUMPS) | st.none() | st.none())
    def time_passes(self, jump: timedelta | None) -> None:
        """By so much; or to the very instant at which the next points expire or are free again, or just before."""
        ends = [end for account in self.model.accounts.values() for end in ends_of(account) if end > self.now]
        if jump is not None or not ends:
            self.now += jump or JUMPS[0]
        elif min(ends) - self.now > timedelta(minutes=10):
            self.now = min(ends) - timedelta(minutes=10)
        else:
            self.now = min(ends)

    @rule(
        what=st.sampled_from(("sweep", "sweep twice", "forget keys", "publish", "publish")),
        program=st.sampled_from(PROGRAMS),
    )
    def upkeep(self, what: str, program: Program) -> None:
        """Jobs run, late or twice; from now on other rules are in force, but what is reserved keeps its own."""
        if what == "publish":
            self.model.program = program
            self.real.publish(program)
        elif what == "forget keys":
            self.real.prune(self.now)
        else:
            self.sweep(times=2 if what == "sweep twice" else 1)

    def sweep(self, times: int) -> None:
        """Now the books hold what has been true all along."""
        for _ in range(times):
            self.real.sweep(self.now)
        self.check()
        expired = sum(account.expired.total() for account in self.model.accounts.values())
        assert books_of(self.real, self.now, verified=False).sums.get("expired", 0) == expired

    @precondition(lambda self: self.real.history)
    @rule(pick=picks, how=st.sampled_from(("repeat", "report elsewhere", "reuse the key")))
    def tell_again(self, pick: int, how: str) -> None:
        """A request comes twice, whatever has happened since: the stored answer, and nothing else."""
        told = self.pick(self.real.history, pick)
        stored = self.now < told.when + IDEMPOTENCY_KEYS_KEPT
        if how == "repeat" and (stored or self.stands(told)):
            again = self.real.tell_again(told, self.now, same_key=True)
            assert again == replace(told.answer, replayed=True)
        elif how == "report elsewhere" and self.stands(told):
            assert self.real.tell_again(told, self.now, same_key=False) == replace(told.answer, replayed=True)
        elif how == "reuse the key" and stored and told.operation == "finalize":
            other = replace(told, request=replace(told.request, redeemed_minor=told.request.redeemed_minor + 1))
            with pytest.raises(IdempotencyMismatch):
                self.real.tell_again(other, self.now, same_key=True)

    def stands(self, told: Told) -> bool:
        """Whether the receipt itself answers: posted so, and not paid since where it was closed without payment."""
        return told.operation == "finalize" and told.answer.status == self.model.checks[told.order].status

    def teardown(self) -> None:
        """Leave nothing to the next example: its list of steps has to say all."""
        if hasattr(self, "example"):
            transaction.set_rollback(True)
            self.example.close()

    @invariant()
    def agree(self) -> None:
        if hasattr(self, "model"):
            TwoCafes.steps += 1
            self.moves += 1
            self.check()

    def check(self) -> None:
        """Every balance, lot, hold, receipt and sum."""
        books = books_of(self.real, self.now, verified=self.moves % self.verify_every == 0)
        assert books.differences == []
        assert sum(books.sums.values()) == 0
        for name, amount in self.model.sums.items():
            assert books.sums.get(name, 0) == amount, name
        for key in list(self.model.accounts):
            account = self.model.account(*key, self.now)
            assert books.balances.get(key, (0, 0)) == (account.balance, account.available()), key
            assert books.lots.get(key, []) == lots_of(account, self.now), key
            assert books.holds.get(key, {}) == holds_of(account), key
        assert set(books.receipts) == set(self.model.checks)
        for order, check in self.model.checks.items():
            status, *amounts = books.receipts[order]
            if check.answer:
                assert (status, *amounts) == check.answer[:4], order
            else:
                lapsed = "expired" if check.status == "reserved" else check.status
                assert status in (check.status, lapsed), order

    def order(self, which: tuple[str, int]) -> Order:
        till, number = which
        known = [order for order in self.model.checks if order.till == till]
        return known[6 - number] if 0 < number - 6 <= len(known) else Order(till, len(known) + 1)

    def paid(self) -> list[Check]:
        return [check for check in self.model.checks.values() if check.status == "finalized"]

    def reserved(self) -> list[Check]:
        return [check for check in self.model.checks.values() if check.status == "reserved"]

    def held(self) -> list[Check]:
        return [check for check in self.reserved() if check.receipt.redeemed and check.until > self.now]

    @staticmethod
    def pick(those: list[Any], number: int) -> Any:
        return those[number % len(those)]


def lots_of(account: Account, now: datetime) -> list[tuple[int, datetime]]:
    """What will expire, and when, soonest first."""
    lots = sorted((lot for lot in account.lots if lot != FOREVER), key=lambda lot: lot[0])
    return [(account.lots[lot], lot[0]) for lot in lots if account.lots[lot] and lot[0] > now]


def holds_of(account: Account) -> dict[Order, tuple[int, datetime]]:
    """What is set aside, and until when."""
    return {
        order: (check.receipt.redeemed, check.until) for order, check in account.holds.items() if check.receipt.redeemed
    }


def ends_of(account: Account) -> list[datetime]:
    """The instants at which something of it ends by itself."""
    lots = [lot[0] for lot, left in account.lots.items() if left and lot != FOREVER]
    return lots + [until for _amount, until in holds_of(account).values()]
