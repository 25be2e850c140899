"""The same café in PostgreSQL: the use cases as tills call them, and what the tables say afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from incust.businesses.models import Business, Terminal
from incust.businesses.tenancy import in_business
from incust.businesses.terminal_access import Caller
from incust.checks.cancel import CancelCheck, cancel_check
from incust.checks.correct_balance import CorrectBalance, correct_balance, new_number
from incust.checks.expire import expire_reservations, prune_idempotency_keys
from incust.checks.finalize import FinalizeCheck, Payment, finalize_check
from incust.checks.quote import QuoteCheck, quote_check
from incust.checks.refund import RefundCheck, ReturnedLine, refund_check
from incust.checks.reserve import ReserveCheck, reserve_check
from incust.engine.check import Check, Line
from incust.engine.program import BelowZero, Confirmation, CreditPercent, RedeemPercent
from incust.engine.program import Program as Rules
from incust.ledger.expire_lots import expire_lots
from tests.integration.checks.factories import Cafe, a_cafe

from .orders import Order, Program, Receipt

CURRENCY_OF = {"register": "UAH", "bar": "EUR"}
"""Two registers of one spot share their receipts; the till at the bar has a key of its own and counts for itself."""
TILL_OF = {currency: till for till, currency in CURRENCY_OF.items()}
TABLETS = ("3", "4")
_names = count(1)


@dataclass(frozen=True)
class Told:
    """A request that was answered, so that it can be told again."""

    operation: str
    order: Order
    request: Any
    answer: Any
    when: datetime


class RealCafe:
    """One business, three tills, three guests."""

    def __init__(self, program: Program, zone: str) -> None:
        self.cafe: Cafe = a_cafe(f"kava{next(_names)}", rules_of(program))
        self.history: list[Told] = []
        with in_business(self.cafe.business_id):
            Business.objects.filter(pk=self.cafe.business_id).update(time_zone=zone)
            Terminal.objects.filter(pk=self.cafe.terminal_id).update(currency=CURRENCY_OF["bar"])
            second = Terminal.objects.get(poster_register_id=TABLETS[0])
            second.pk, second.poster_register_id = None, TABLETS[1]
            second.save()
        self.guests = [self.cafe.guest().id for _ in range(3)]

    def publish(self, program: Program) -> None:
        self.cafe.publish(rules_of(program))

    def quote(self, receipt: Receipt, now: datetime) -> int:
        return self._quote(receipt, None, now).outcome.redeem_minor

    def reserve(self, receipt: Receipt, now: datetime) -> tuple[int, ...]:
        request = ReserveCheck(
            caller=self._caller(receipt.order), check=check_of(receipt), customer_id=self.guests[receipt.guest],
            identification_id=None, redeem_minor=receipt.redeemed,
            seen_hash=self._quote(receipt, 0, now).quote_hash,
        )  # fmt: skip
        done = self._tell("reserve", receipt.order, request, now)
        assert done.redeem_minor == receipt.redeemed
        return done.due_minor, done.earn_minor, done.balance_minor

    def finalize(self, receipt: Receipt, now: datetime, closed_at: datetime, paid: bool = True) -> tuple[Any, ...]:
        request = FinalizeCheck(
            caller=self._caller(receipt.order), check=check_of(receipt), customer_id=self.guests[receipt.guest],
            identification_id=None, check_id=None, redeemed_minor=receipt.redeemed, payment=Payment(cash_minor=1),
            closed_without_payment=not paid, closed_at=closed_at, salesperson=None,
        )  # fmt: skip
        done = self._tell("finalize", receipt.order, request, now)
        return done.status, done.redeemed_minor, done.earned_minor, done.unbacked_minor, done.balance_minor

    def cancel(self, order: Order, now: datetime) -> None:
        request = CancelCheck(caller=self._caller(order), external_id=str(order.number))
        assert self._tell("cancel", order, request, now).status == "cancelled"

    def refund(
        self, order: Order, told: dict[int, int] | None, now: datetime, accomplished: bool = False
    ) -> tuple[Any, ...]:
        lines = told and [
            ReturnedLine(line_id=str(n), returned_quantity=thousandths(quantity)) for n, quantity in told.items()
        ]
        request = RefundCheck(
            caller=self._caller(order), external_id=str(order.number), accomplished=accomplished, refunded_at=now,
            lines=None if told is None else tuple(lines or ()),
        )  # fmt: skip
        done = self._tell("refund", order, request, now)
        return (
            done.status, done.returned_minor, done.taken_back_minor, done.absorbed_minor, done.expired_minor,
            done.balance_minor,
        )  # fmt: skip

    def correct(self, guest: int, till: str, amount: int, now: datetime) -> int:
        """Sent twice, as a form may be."""
        request = CorrectBalance(
            business_id=self.cafe.business_id, customer_id=self.guests[guest], currency=CURRENCY_OF[till],
            kind="correction", amount_minor=amount, reason="a wrong receipt", actor="user:7", number=new_number(),
        )  # fmt: skip
        done, again = correct_balance(request, now=now), correct_balance(request, now=now)
        assert again == replace(done, replayed=True)
        return done.balance_minor

    def tell_again(self, told: Told, now: datetime, *, same_key: bool) -> Any:
        """Repeats a request, of the same or of a fresh key."""
        caller = told.request.caller if same_key else self._caller(told.order)
        return OPERATIONS[told.operation](replace(told.request, caller=caller), now=now)

    def sweep(self, now: datetime) -> None:
        while expire_reservations(now=now):
            pass
        while expire_lots(now=now):
            pass

    def prune(self, now: datetime) -> None:
        prune_idempotency_keys(now=now)

    def _tell(self, operation: str, order: Order, request: Any, now: datetime) -> Any:
        answer = OPERATIONS[operation](request, now=now)
        self.history.append(Told(operation, order, request, answer, now))
        return answer

    def _quote(self, receipt: Receipt, redeem: int | None, now: datetime) -> Any:
        request = QuoteCheck(
            caller=self._caller(receipt.order), check=check_of(receipt), customer_id=self.guests[receipt.guest],
            identification_id=None, redeem_minor=redeem,
        )  # fmt: skip
        return quote_check(request, now=now)

    def _caller(self, order: Order) -> Caller:
        """The till of the order; of the two registers, each in turn."""
        if order.till == "bar":
            return self.cafe.caller()
        number = next(self.cafe.requests)
        return replace(self.cafe.register(f"{self.cafe.name}-rid-{number}"), tablet=TABLETS[number % 2])


OPERATIONS: dict[str, Callable[..., Any]] = {
    "reserve": reserve_check,
    "finalize": finalize_check,
    "cancel": cancel_check,
    "refund": refund_check,
}


def rules_of(program: Program) -> Rules:
    credits = [
        CreditPercent(rule_id=f"earn {number}", percent=Decimal(percent), lifetime_days=days)
        for number, (percent, days) in enumerate(program.earn)
    ]
    redeem = RedeemPercent(rule_id="redeem", percent=Decimal(program.redeem))
    return Rules(
        rules=(*credits, redeem), confirmation=Confirmation.NEVER, below_zero=BelowZero(program.below_zero),
        debt_limit_minor=program.debt,
    )  # fmt: skip


def check_of(receipt: Receipt) -> Check:
    basket = receipt.basket
    lines = tuple(
        Line(
            line_id=str(number),
            product_id="12",
            quantity=thousandths(line.quantity),
            amount_minor=line.amount + line.excluded,
            discountable=not line.excluded,
        )
        for number, line in enumerate(basket.lines)
    )
    return Check(
        external_id=str(receipt.order.number), currency=CURRENCY_OF[receipt.order.till], lines=lines,
        total_minor=basket.total, service_minor=basket.total - sum(line.amount_minor for line in lines),
    )  # fmt: skip


def thousandths(quantity: int) -> Decimal:
    return Decimal(quantity).scaleb(-3)
