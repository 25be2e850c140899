"""Lines of a receipt, out of the order that a register sends."""

from decimal import Decimal
from typing import Any

from poster_sandbox.accounts import by_id
from poster_sandbox.money import decimal_of, round_half_up, to_minor
from poster_sandbox.orders.refusal import OrderRefused

LINES_MAX = 500


def receipt_lines(account: dict[str, Any], order: dict[str, Any]) -> list[dict[str, Any]]:
    """One dict per product of the order, money in minor units.

    `count` is Poster's count: pieces, or grams for weight goods. `sum_minor` is count × price, the promotion's price
    where there is one, before the order's discount. Raises OrderRefused for products that make no sense.
    """
    products = order.get("products") or {}
    if not isinstance(products, dict) or len(products) > LINES_MAX:
        raise OrderRefused("products-malformed", 'products must be an object keyed "0", "1", …')
    return [_line(account, key, products[key]) for key in sorted(products, key=_position)]


def _position(key: str) -> tuple[int, str]:
    return (int(key) if key.isdecimal() else LINES_MAX, key)


def _line(account: dict[str, Any], key: str, sent: Any) -> dict[str, Any]:
    if not isinstance(sent, dict) or by_id(account["products"], sent.get("id")) is None:
        raise OrderRefused("product-unknown", f"Line {key} names no product of the menu")
    product = by_id(account["products"], sent["id"])
    assert product is not None
    promotion_price = sent.get("promotionPrice")
    try:
        promotion_id = int(sent.get("promotionId") or 0)
        count = decimal_of(sent.get("count", 0))
        price = decimal_of(sent.get("price", 0) if promotion_price is None else promotion_price)
    except (TypeError, ValueError) as error:
        raise OrderRefused("products-malformed", f"Line {key}: {error}") from error
    if count < 0 or price < 0:
        raise OrderRefused("products-malformed", f"Line {key}: count and price cannot be negative")
    modification_id, modification_name = _modification(product, sent.get("modification"))
    return {
        "key": key,
        "product_id": product["id"],
        "name": product["name"],
        "unit": product["unit"],
        "nodiscount": product["nodiscount"],
        "category_id": product["category_id"],
        "promotion_id": promotion_id,
        "modification_id": modification_id,
        "modification_name": modification_name,
        "count": plain(count),
        "refunded": 0,
        "price_minor": _price_minor(product, price),
        "sum_minor": round_half_up(count * price * 100),
        "payed_minor": 0,
    }


def _price_minor(product: dict[str, Any], price: Decimal) -> int:
    """Per piece or kilogram; the register sends weight goods per gram."""
    return to_minor(price * 1000 if product["unit"] == "kg" else price)


def _modification(product: dict[str, Any], sent: Any) -> tuple[int, str]:
    found = by_id(product["modifications"], sent)
    return (found["id"], found["name"]) if found else (0, "")


def plain(number: Decimal) -> int | float:
    """A count for JSON: whole ones as integers."""
    return int(number) if number == number.to_integral_value() else float(number)


def back_office_count(line: dict[str, Any]) -> str:
    """`num` of the web API: pieces, and kilograms for weight goods. (Inferred: the documents show pieces only.)"""
    count = decimal_of(line["count"]) - decimal_of(line["refunded"])
    if line["unit"] == "kg":
        count /= 1000
    return format(plain(count), "g") if count == count.to_integral_value() else f"{count:.3f}".rstrip("0")
