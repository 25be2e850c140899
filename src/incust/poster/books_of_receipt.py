"""What our books have of a receipt of Poster. All functions run inside ``in_business``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from incust.businesses.models import Terminal, TillAccount
from incust.checks.models import Check, CheckLine
from incust.checks.refund import ReturnedLine
from incust.customers.models import CustomerIdentifier

from .receipt_of_transaction import in_till_unit
from .receipt_words import Reason, reason
from .transaction import WITHOUT_PAYMENT, LineFacts, Transaction


@dataclass(frozen=True, kw_only=True)
class Books:
    """``check`` is None where nobody has reported the receipt; ``terminal`` where none is linked to its register."""

    account: TillAccount
    check: Check | None
    lines: Sequence[CheckLine]
    terminal: Terminal | None
    linked_customer: int | None


def books_of(account_id: int, transaction: Transaction) -> Books:
    """The check by the register's number of the order and its location, else by the number of the transaction."""
    of_account = Check.objects.filter(till_account_id=account_id)
    check = (
        of_account.filter(spot=transaction.location, external_id=transaction.external_id).first()
        or of_account.filter(transaction_id=transaction.transaction_id).first()
    )
    link = CustomerIdentifier.objects.filter(kind="poster_client", value=f"{account_id}/{transaction.client_id}")
    return Books(
        account=TillAccount.objects.get(id=account_id),
        check=check,
        lines=list(CheckLine.objects.filter(of_check=check).order_by("id")) if check else [],
        terminal=Terminal.objects.filter(
            use_poster=True, poster_account_id=account_id, poster_location_id=transaction.location,
            poster_register_id=transaction.register,
        ).first(),
        linked_customer=link.values_list("customer_id", flat=True).first() if transaction.client_id else None,
    )  # fmt: skip


def reserved_minor_of(check: Check | None) -> int:
    """What the guest has set aside for this receipt; a hold that lapsed meanwhile was promised all the same."""
    return check.redeem_minor if check is not None and check.status in _RESERVED else 0


_RESERVED = (Check.Status.RESERVED, Check.Status.EXPIRED)


def is_reserved(check: Check | None) -> bool:
    return check is not None and check.status in _RESERVED


def differences(books: Books, transaction: Transaction) -> list[Reason]:
    """How Poster's truth differs from a paid check, apart from returned goods; empty where they agree."""
    check = books.check
    assert check is not None, "only a check can differ"
    found: list[Reason] = []
    if (
        transaction.pay_type == WITHOUT_PAYMENT
        and transaction.paid_minor == 0
        and check.total_minor > check.redeem_minor
    ):
        return [reason("unpaid-but-posted")]
    if books.linked_customer is not None and books.linked_customer != check.customer_id:
        found.append(reason("other-guest"))
    if any(line.returned_quantity for line in books.lines):
        return found  # what was paid for the rest is for Poster to say
    expected_minor = max(0, check.total_minor - check.redeem_minor)
    paid = _paid_without_ours(check, transaction)
    if all(abs(paid_minor - expected_minor) > abs(transaction.round_minor) for paid_minor in paid):
        found.append(reason("paid-differs", paid_minor=transaction.paid_minor, expected_minor=expected_minor))
    return found


def same_quantities(books: Books, transaction: Transaction) -> bool:
    """Whether every position is there as often as by our check, whatever unit it is counted in."""
    lines, products = books.lines, transaction.products
    if [_goods_of(line) for line in lines] != [(one.product_id, one.modification_id) for one in products]:
        return False
    return all(
        line.quantity - line.returned_quantity in (product.number, product.number * 1000)
        for line, product in zip(lines, products, strict=True)
    )


def returned_since(
    books: Books, transaction: Transaction, facts: Sequence[LineFacts]
) -> tuple[list[ReturnedLine], list[Reason]]:
    """(positions of which Poster has less than our check, with how much is returned so far; what it has more of)."""
    bought = [(_goods_of(line), line.quantity) for line in books.lines]
    now = [
        ((product.product_id, product.modification_id), in_till_unit(product, by_weight=fact.by_weight))
        for product, fact in zip(transaction.products, facts, strict=True)
    ]
    in_place = [goods for goods, _quantity in bought] == [goods for goods, _quantity in now] and all(
        left <= quantity for (_goods, quantity), (_same, left) in zip(bought, now, strict=True)
    )
    returned = (
        [quantity - left for (_goods, quantity), (_same, left) in zip(bought, now, strict=True)]
        if in_place
        else _spread_by_goods(bought, now)
    )
    goods_now = dict.fromkeys(goods for goods, _quantity in now)
    more = [goods[0] for goods in goods_now if _sum(now, goods) > _sum(bought, goods)]
    told = [
        ReturnedLine(line_id=line.line_id, returned_quantity=quantity)
        for line, quantity in zip(books.lines, returned, strict=True)
        if quantity > line.returned_quantity
    ]
    return told, [reason("more-goods", product=product) for product in more]


def money_went_back(books: Books, transaction: Transaction, returned: Sequence[ReturnedLine]) -> bool:
    """Whether as much less is paid as these returned positions are worth: a whole amount, or what its redemption left.

    Goods that are merely missing from an answer of Poster are still paid.
    """
    check = books.check
    assert check is not None, "only a check can be returned"
    told = {line.line_id: line.returned_quantity for line in returned}
    parts = [
        (line, max(line.returned_quantity, told.get(line.line_id, Decimal(0))) / line.quantity) for line in books.lines
    ]
    most = sum((line.amount_minor * part for line, part in parts), Decimal(0))
    least = most - sum((line.redeemed_minor * part for line, part in parts), Decimal(0))
    slack = len(books.lines) + abs(transaction.round_minor)
    expected_minor = max(0, check.total_minor - check.redeem_minor)
    fallen = [expected_minor - paid_minor for paid_minor in _paid_without_ours(check, transaction)]
    return any(fell_minor > 0 and least - slack <= fell_minor <= most + slack for fell_minor in fallen)


def _paid_without_ours(check: Check, transaction: Transaction) -> set[int]:
    """Our redemption may hide in what Poster calls its own bonus."""
    paid_minor = transaction.paid_minor
    return {paid_minor, max(0, paid_minor - min(check.redeem_minor, transaction.bonus_minor))}


def _spread_by_goods(bought: list[tuple[Any, Decimal]], now: list[tuple[Any, Decimal]]) -> list[Decimal]:
    """Positions that moved or vanished: what is missing of the goods is missing from their last positions."""
    missing = {goods: max(Decimal(0), _sum(bought, goods) - _sum(now, goods)) for goods, _quantity in bought}
    returned: list[Decimal] = []
    for goods, quantity in reversed(bought):
        part = min(quantity, missing[goods])
        missing[goods] -= part
        returned.append(part)
    return returned[::-1]


def _sum(lines: list[tuple[Any, Decimal]], goods: Any) -> Decimal:
    return sum((quantity for one, quantity in lines if one == goods), Decimal(0))


def _goods_of(line: CheckLine) -> tuple[str, str]:
    return line.product_id, line.modification_id
