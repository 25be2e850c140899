"""Till and back office tell of one receipt: whatever decides about money comes out alike.

The sandbox's register keeps the order, its web API tells of the receipt; the till's own code reads the one, the
comparison reads the other.
"""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from tests.integration.poster.cafe_at_poster import CafeAtPoster, open_cafe
from tests.integration.poster.poster_beside import APP_ID, PosterBeside
from tests.integration.poster.till_code import reports_of

from incust.engine.check import Check, Line, content_hash
from incust.poster.installations import api_of
from incust.poster.receipt_of_transaction import MappedReceipt, map_receipt
from incust.poster.transaction import read_line_facts, read_transaction

COFFEE, TEA_NO_DISCOUNT, BISCUITS_BY_WEIGHT = 13, 54, 34
RECEIPTS = 40


@pytest.fixture
def cafe(committed_database: str, poster: PosterBeside) -> CafeAtPoster:
    return open_cafe(poster)


def test_forty_receipts_of_all_kinds_read_alike(cafe: CafeAtPoster) -> None:
    dice = random.Random(7)
    sold, reserved = [], []
    for _receipt in range(RECEIPTS):
        order, redeemed_minor = an_order(dice)
        sold.append(cafe.sell(**order))
        reserved.append(redeemed_minor)
    told_by_till = reports_of(sold, application=APP_ID)
    for order, report, redeemed_minor in zip(sold, told_by_till, reserved, strict=True):
        mapped = from_back_office(cafe, order, redeemed_minor)
        by_till = check_of(report["check"])
        assert mapped.check == by_till, order
        assert content_hash(mapped.check) == content_hash(by_till)
        assert mapped.redeemed_minor == report["redeemed_minor"] == redeemed_minor
        assert mapped.closed_without_payment == report["closed_without_payment"]
        assert mapped.payment.poster_bonus_minor == report["payment"]["poster_bonus_minor"]


def an_order(dice: random.Random) -> tuple[dict[str, Any], int]:
    """What a register would send of some sale, in whole minor units, and what it was reduced by on our account."""
    products: dict[str, dict[str, Any]] = {}
    gross, open_to_discount = [], []
    for place in range(dice.randint(1, 5)):
        product, minor = a_product(dice)
        products[str(place)] = product
        gross.append(minor)
        open_to_discount.append(0 if product.get("nodiscount") or product.get("promotionId") else minor)
    percent = dice.choice([0, 0, 5, 10, 33])
    tip_minor = dice.choice([0, 0, 0, 150])
    total_minor = sum(gross) - half_up(sum(open_to_discount) * percent, 100) + tip_minor
    redeemed_minor = dice.choice([0, 0, total_minor // 3, total_minor])
    bonus_minor = 0 if redeemed_minor else dice.choice([0, 0, total_minor // 4])
    due_minor = total_minor - redeemed_minor - bonus_minor
    card_minor = dice.choice([0, due_minor, due_minor // 2])
    payments = {"cash": (due_minor - card_minor) / 100, "card": card_minor / 100, "bonus": bonus_minor / 100}
    order = {
        "products": products, "subtotal": sum(gross) / 100, "total": total_minor / 100, "discount": percent,
        "tipSum": tip_minor / 100, "approvedBonus": bonus_minor / 100, "platformDiscount": redeemed_minor / 100,
        "loyaltyAppId": int(APP_ID) if redeemed_minor else 0, "payments": payments,
    }  # fmt: skip
    return order, redeemed_minor


def a_product(dice: random.Random) -> tuple[dict[str, Any], int]:
    kind = dice.choice(["piece", "piece", "weight", "promotion", "nodiscount"])
    if kind == "weight":
        grams, minor_per_kg = dice.randint(1, 1999), dice.randint(10, 400) * 100
        product = {"id": BISCUITS_BY_WEIGHT, "count": grams, "price": minor_per_kg / 100_000}
        return product, half_up(grams * minor_per_kg, 1000)
    count, minor = dice.randint(1, 4), dice.randint(1, 20_000)
    if kind == "promotion":
        cheaper = dice.randint(1, minor)
        product = {
            "id": COFFEE,
            "count": count,
            "price": minor / 100,
            "promotionId": 3,
            "promotionPrice": cheaper / 100,
        }
        return product, count * cheaper
    product = {"id": COFFEE, "count": count, "price": minor / 100, "modification": dice.choice([131, 132])}
    if kind == "nodiscount":
        product = {"id": TEA_NO_DISCOUNT, "count": count, "price": minor / 100, "nodiscount": 1}
    return product, count * minor


def half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def from_back_office(cafe: CafeAtPoster, order: dict[str, Any], reserved_minor: int) -> MappedReceipt:
    with api_of(cafe.business.id, cafe.account.id) as api:
        transaction = read_transaction(api, str(order["orderName"]))
        return map_receipt(
            transaction, read_line_facts(api, transaction), currency="UAH", reserved_minor=reserved_minor
        )


def check_of(told: dict[str, Any]) -> Check:
    return Check(
        external_id=told["external_id"], transaction_id=told["transaction_id"], currency=told["currency"],
        total_minor=told["total_minor"], service_minor=told["service_minor"],
        lines=tuple(Line(**{**line, "quantity": Decimal(line["quantity"])}) for line in told["lines"]),
    )  # fmt: skip


def test_both_make_the_same_check_in_every_column_that_decides_about_money(cafe: CafeAtPoster) -> None:
    """One guest's receipts by the till, another's alike by the comparison."""
    dice = random.Random(11)
    by_till, by_comparison = cafe.guest("+380501110001", "Petro"), cafe.guest()
    for _receipt in range(8):
        order, redeemed_minor = an_order(dice)
        if redeemed_minor:
            continue
        cafe.report(cafe.sell(**{**order, "clientId": 1}), by_till)
        assert cafe.look(cafe.sell(**order)).verdict == "accrued"
    columns = """
        SELECT c.total_minor, c.service_minor, c.content_hash, c.redeem_minor, c.earned_minor, c.unbacked_minor,
          c.currency, c.status, c.payment->'poster_bonus_minor', c.terminal_id, c.spot, c.concerns, (
            SELECT array_agg(ROW(l.line_id, l.product_id, l.modification_id, l.quantity, l.amount_minor, l.discountable,
              l.promotion, l.redeemed_minor, l.earned_minor)::text ORDER BY l.id)
            FROM checks.check_line l WHERE l.check_id = c.id)
        FROM checks.check c WHERE c.customer_id = %s ORDER BY c.id"""
    assert cafe.rows(columns, by_till) == cafe.rows(columns, by_comparison)
    assert len(cafe.rows(columns, by_till)) > 3
    assert cafe.balance_minor(by_till) == cafe.balance_minor(by_comparison) > 0
    assert cafe.books_agree()
