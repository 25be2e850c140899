"""Poster's back office receipt as the till of the same register would have reported it.

Two sources report one receipt: the till, from the register's order (`till/src/poster/order.ts`), and the comparison,
from the web API. Whatever decides about money has to come out alike, or the later one is refused as another receipt; so
the rules stand here once more, in the order of the till's own, and a test compares the two over the same receipts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from incust.checks.finalize import Payment
from incust.engine.check import Check, Line

from .transaction import WITHOUT_PAYMENT, LineFacts, Product, Transaction

GRAMS_IN_KILOGRAM = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class MappedReceipt:
    """What `FinalizeCheck` needs of a paid receipt. ``redeemed_minor``: what it was reduced by on our account."""

    check: Check
    redeemed_minor: int
    payment: Payment
    closed_without_payment: bool


def map_receipt(
    transaction: Transaction, facts: Sequence[LineFacts], *, currency: str, reserved_minor: int
) -> MappedReceipt:
    """Raises `CheckInvalid` for a receipt that no till could mean.

    ``reserved_minor``: what the guest reserved for this very receipt with us; a till redeems nothing else.
    """
    lines = [
        _line(place, product, fact)
        for place, (product, fact) in enumerate(zip(transaction.products, facts, strict=True))
    ]
    expected_minor = _expected_minor(lines, transaction.discount_percent)
    due_minor = expected_minor + transaction.tip_minor
    unpaid = _closed_without_payment(transaction, due_minor=due_minor, reserved_minor=reserved_minor)
    redeemed_minor, bonus_minor = (
        (0, 0)
        if unpaid
        else reduced_by_us(transaction, due_minor=due_minor, reserved_minor=reserved_minor, slack_minor=len(lines))
    )
    total_minor = due_minor if unpaid else _total_minor(transaction, due_minor, redeemed_minor, bonus_minor)
    service_minor = min(transaction.tip_minor, max(0, total_minor - expected_minor))
    check = Check(
        external_id=transaction.external_id, transaction_id=transaction.transaction_id, currency=currency,
        total_minor=total_minor, service_minor=service_minor,
        lines=_after_discount(lines, total_minor - service_minor),
    )  # fmt: skip
    payment = Payment(
        cash_minor=transaction.cash_minor, card_minor=transaction.card_minor,
        other_minor=transaction.third_party_minor, poster_bonus_minor=bonus_minor,
    )  # fmt: skip
    return MappedReceipt(
        check=check, redeemed_minor=redeemed_minor, payment=payment, closed_without_payment=unpaid
    )  # fmt: skip


def reduced_by_us(
    transaction: Transaction, *, due_minor: int, reserved_minor: int, slack_minor: int
) -> tuple[int, int]:
    """(what the receipt was reduced by on our account, what Poster's own bonus paid of it).

    Inferred: the web API does not name an app's discount. What a receipt lacks to its sum was taken off by us as far as
    its guest had reserved it with us, and by somebody else beyond that; or the discount hides in ``payed_bonus``.
    ``slack_minor``: by how much Poster may have rounded a discount otherwise than we do.
    """
    if reserved_minor == 0:
        return 0, transaction.bonus_minor
    missing_minor = due_minor - transaction.paid_minor
    if abs(missing_minor) == abs(transaction.round_minor):
        missing_minor = 0
    if missing_minor <= slack_minor:
        ours_minor = min(transaction.bonus_minor, reserved_minor)
        return ours_minor, transaction.bonus_minor - ours_minor
    if abs(missing_minor - reserved_minor) <= slack_minor:
        return reserved_minor, transaction.bonus_minor
    return min(missing_minor, reserved_minor), transaction.bonus_minor


def in_till_unit(product: Product, *, by_weight: bool) -> Decimal:
    """The quantity as registers count it: pieces, and grams for weight goods."""
    quantity = product.number * GRAMS_IN_KILOGRAM if by_weight else product.number
    return quantity.quantize(Decimal("0.001"), ROUND_HALF_UP)


def _line(place: int, product: Product, facts: LineFacts) -> Line:
    """A register numbers the positions of an order from 0, in their order (inferred: the back office keeps it)."""
    return Line(
        line_id=str(place), product_id=product.product_id, modification_id=product.modification_id,
        quantity=in_till_unit(product, by_weight=facts.by_weight),
        amount_minor=_half_up(product.number * product.price_minor),
        discountable=facts.discountable, promotion=facts.promotion,
    )  # fmt: skip


def _expected_minor(lines: Sequence[Line], percent: Decimal) -> int:
    """The sum of the lines less the order's discount in per cent."""
    return sum(line.amount_minor for line in lines) - _half_up(sum(_weights(lines)) * percent / 100)


def _closed_without_payment(transaction: Transaction, *, due_minor: int, reserved_minor: int) -> bool:
    """A receipt that our redemption paid in full is not one that nobody paid, even if Poster calls it so (inferred)."""
    if transaction.pay_type != WITHOUT_PAYMENT or transaction.paid_minor > 0 or due_minor == 0:
        return False
    return transaction.reason > 0 or reserved_minor < due_minor


def _total_minor(transaction: Transaction, due_minor: int, redeemed_minor: int, bonus_minor: int) -> int:
    """What was due before our redemption. The register's total is the one before Poster's rounding (inferred)."""
    total_minor = transaction.paid_minor - transaction.bonus_minor + bonus_minor + redeemed_minor
    rounded = transaction.round_minor != 0 and abs(due_minor - total_minor) == abs(transaction.round_minor)
    return due_minor if rounded else total_minor


def _after_discount(lines: Sequence[Line], goods_minor: int) -> tuple[Line, ...]:
    """The discount is what the goods lack to the sum of their lines; it falls on the lines that are open to it."""
    gross, weights = [line.amount_minor for line in lines], _weights(lines)
    missing_minor = max(0, sum(gross) - goods_minor)
    parts = _spread(missing_minor, weights if missing_minor <= sum(weights) else gross)
    return tuple(
        replace(line, amount_minor=line.amount_minor - part) for line, part in zip(lines, parts, strict=True)
    )  # fmt: skip


def _weights(lines: Sequence[Line]) -> list[int]:
    return [line.amount_minor if line.discountable and not line.promotion else 0 for line in lines]


def _spread(total: int, weights: Sequence[int]) -> list[int]:
    """By largest remainder; equal ones go to the earlier line, as the till does (the engine's own rule is another)."""
    whole = sum(weights)
    if whole <= 0:
        return [0 for _weight in weights]
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in by_remainder[: total - sum(parts)]:
        parts[place] += 1
    return parts


def _half_up(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))
