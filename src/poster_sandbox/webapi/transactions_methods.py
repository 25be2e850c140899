"""`transactions.getTransactions`: closed receipts in pages, numbers instead of texts."""

from datetime import date
from typing import Any

from poster_sandbox.clock import local_text
from poster_sandbox.money import to_units
from poster_sandbox.orders.closing import payed_money_minor
from poster_sandbox.orders.keeping import CLOSED
from poster_sandbox.orders.lines import back_office_count
from poster_sandbox.webapi.call import ApiCall, ApiError
from poster_sandbox.webapi.menu_methods import DISH, GOODS

PER_PAGE, PER_PAGE_MAX = 100, 1000


def get_transactions(call: ApiCall) -> dict[str, Any]:
    """Receipts closed between `date_from` and `date_to` (`Y-m-d`, inclusive), pages of at most 1000."""
    first, last = _day(call, "date_from"), _day(call, "date_to")
    per_page = call.whole_number("per_page", PER_PAGE)
    page = call.whole_number("page", 1)
    if not 1 <= per_page <= PER_PAGE_MAX or page < 1:
        raise ApiError(155, f"per_page is 1 to {PER_PAGE_MAX}, page 1 or more")
    zone = call.account["timezone"]
    found = [
        transaction
        for transaction in call.account["transactions"]
        if transaction["status"] == CLOSED and first <= local_text(transaction["date_close"], zone)[:10] <= last
    ]
    shown = found[(page - 1) * per_page : page * per_page]
    return {
        "count": len(found),
        "page": {"per_page": per_page, "page": page, "count": len(shown)},
        "data": [_shape(transaction, zone) for transaction in shown],
    }


def _day(call: ApiCall, name: str) -> str:
    try:
        return date.fromisoformat(call.required(name)).isoformat()
    except ValueError as error:
        raise ApiError(155, f"{name} must be written as Y-m-d") from error


def amount(minor: int) -> float:
    """This method's unit of money: currency units. (Inferred: the documents say so of `round_sum` alone, and their
    example sums carry no fraction.)"""
    return to_units(minor)


def _shape(transaction: dict[str, Any], zone: str) -> dict[str, Any]:
    return {
        "transaction_id": transaction["id"],
        "table_id": transaction["table_id"],
        "spot_id": transaction["spot_id"],
        "client_id": transaction["client_id"],
        "sum": amount(transaction["sum_minor"]),
        "payed_sum": amount(payed_money_minor(transaction)),
        "payed_cash": amount(transaction["payed_cash_minor"]),
        "payed_card": amount(transaction["payed_card_minor"]),
        "payed_cert": amount(transaction["payed_cert_minor"]),
        "payed_bonus": amount(transaction["payed_bonus_minor"]),
        "payed_third_party": transaction["payed_third_party_minor"],
        "round_sum": amount(transaction["round_minor"]),
        "pay_type": transaction["pay_type"],
        "reason": transaction["reason"],
        "tip_sum": amount(transaction["tip_minor"]),
        "bonus": 0,
        "discount": transaction["discount_percent"],
        "print_fiscal": transaction["print_fiscal"],
        "date_close": local_text(transaction["date_close"], zone),
        "products": [_product(line, transaction) for line in transaction["lines"]],
    }


def _product(line: dict[str, Any], transaction: dict[str, Any]) -> dict[str, Any]:
    number = float(back_office_count(line))
    return {
        "product_id": line["product_id"],
        "modification_id": line["modification_id"],
        "type": int(DISH if line["unit"] == "kg" else GOODS),
        "workshop_id": 1,
        "num": int(number) if number.is_integer() else number,
        "product_sum": amount(line["sum_minor"]),
        "payed_sum": amount(line["payed_minor"]),
        "cert_sum": 0,
        "bonus_sum": 0,
        "bonus_accrual": 0,
        "round_sum": 0,
        "discount": transaction["discount_percent"],
        "tax_fiscal": 0,
    }
