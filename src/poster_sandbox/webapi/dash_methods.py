"""`dash.getTransaction(s)` and the products of one: receipts as texts in minor units."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from poster_sandbox.accounts import by_id
from poster_sandbox.clock import local_text, now_ms
from poster_sandbox.orders.closing import payed_money_minor
from poster_sandbox.orders.lines import back_office_count
from poster_sandbox.webapi.call import ApiCall, ApiError

DEFAULT_DAYS = 31


def get_transaction(call: ApiCall) -> list[dict[str, Any]]:
    """An array of one. Raises ApiError 32 for an unknown id."""
    transaction = by_id(call.account["transactions"], call.required("transaction_id"))
    if transaction is None:
        raise ApiError(32, "There is no such transaction")
    return [_shape(call, transaction)]


def get_transaction_products(call: ApiCall) -> list[dict[str, Any]]:
    """The lines of one receipt, with what `get_transaction` leaves out. Raises ApiError 32 for an unknown id."""
    transaction = by_id(call.account["transactions"], call.required("transaction_id"))
    if transaction is None:
        raise ApiError(32, "There is no such transaction")
    return [
        {
            "product_id": str(line["product_id"]),
            "product_name": line["name"],
            "modification_id": str(line["modification_id"]),
            "modificator_name": line["modification_name"] or None,
            "weight_flag": "1" if line["unit"] == "kg" else "0",
            "num": back_office_count(line),
            "time": str(transaction["date_start"]),
            "nodiscount": str(line["nodiscount"]),
            "payed_sum": str(line["payed_minor"]),
            "product_sum": str(line["sum_minor"]),
            "discount": format(transaction["discount_percent"], "g"),
            "bonus_sum": "0",
            "client_id": str(transaction["client_id"]),
            "promotion_id": str(line.get("promotion_id", 0)),
            "cert_sum": "0",
            "category_id": str(line["category_id"]),
        }
        for line in transaction["lines"]
    ]


def get_transactions(call: ApiCall) -> list[dict[str, Any]]:
    """Receipts between two dates (`Ymd`, inclusive, by the day of opening), the newest first.

    `status` is 0 all, 1 open, 2 closed, 3 removed (closed is the default); `next_tr` goes on behind an id.
    """
    zone = call.account["timezone"]
    today = datetime.fromtimestamp(now_ms() / 1000, UTC).astimezone(ZoneInfo(zone)).date()
    first = _day(call, "dateFrom") or (today - timedelta(days=DEFAULT_DAYS)).strftime("%Y%m%d")
    last = _day(call, "dateTo") or today.strftime("%Y%m%d")
    status = call.whole_number("status", 2)
    after_id = call.whole_number("next_tr", 0)
    found = [
        transaction
        for transaction in reversed(call.account["transactions"])
        if first <= local_text(transaction["date_start"], zone)[:10].replace("-", "") <= last
        and status in (0, transaction["status"])
        and (not after_id or transaction["id"] < after_id)
        and _is_of(call, transaction)
    ]
    return [_shape(call, transaction) for transaction in found]


def _is_of(call: ApiCall, transaction: dict[str, Any]) -> bool:
    kind, number = call.optional("type"), call.optional("id")
    if not kind or not number:
        return True
    field = {"waiters": "user_id", "spots": "spot_id", "clients": "client_id"}.get(kind)
    if field is None:
        raise ApiError(155, "type is waiters, spots or clients")
    return str(transaction[field]) == number


def _day(call: ApiCall, name: str) -> str:
    text = call.optional(name)
    if text and not (len(text) == 8 and text.isdecimal()):
        raise ApiError(155, f"{name} must be written as Ymd")
    return text


def _shape(call: ApiCall, transaction: dict[str, Any]) -> dict[str, Any]:
    account = call.account
    employee = by_id(account["employees"], transaction["user_id"])
    client = by_id(account["clients"], transaction["client_id"])
    closed = transaction["date_close"]
    shape: dict[str, Any] = {
        "transaction_id": str(transaction["id"]),
        "date_start": str(transaction["date_start"]),
        "date_start_new": str(transaction["date_start"]),
        "date_close": str(closed),
        "status": str(transaction["status"]),
        "guests_count": str(transaction["guests_count"]),
        "discount": format(transaction["discount_percent"], "g"),
        "bonus": _bonus_percent(transaction),
        "pay_type": str(transaction["pay_type"]),
        "payed_bonus": str(transaction["payed_bonus_minor"]),
        "payed_card": str(transaction["payed_card_minor"]),
        "payed_cash": str(transaction["payed_cash_minor"]),
        "payed_sum": str(payed_money_minor(transaction)),
        "payed_cert": str(transaction["payed_cert_minor"]),
        "payed_third_party": str(transaction["payed_third_party_minor"]),
        "round_sum": str(transaction["round_minor"]),
        "tip_sum": str(transaction["tip_minor"]),
        "tips_card": "0",
        "tips_cash": "0",
        "sum": str(transaction["sum_minor"]),
        "spot_id": str(transaction["spot_id"]),
        "table_id": str(transaction["table_id"]),
        "name": employee["name"] if employee else "",
        "user_id": str(transaction["user_id"]),
        "client_id": str(transaction["client_id"]),
        "card_number": client["card_number"] if client else "0",
        "transaction_comment": transaction["comment"] or None,
        "reason": str(transaction["reason"] or ""),
        "print_fiscal": str(transaction["print_fiscal"]),
        "total_profit": str(payed_money_minor(transaction)),
        "table_name": str(transaction["table_id"] or ""),
        "client_firstname": client["firstname"] if client else None,
        "client_lastname": client["lastname"] if client else None,
        "date_close_date": local_text(closed, account["timezone"]) if closed else "0000-00-00 00:00:00",
    }
    if call.flag("include_products"):
        shape["products"] = [_product(line) for line in transaction["lines"]]
    if call.flag("include_history"):
        shape["history"] = [_history(entry) for entry in transaction["history"]]
    return shape


def _bonus_percent(transaction: dict[str, Any]) -> str:
    payed = payed_money_minor(transaction)
    return format(round(100 * transaction["bonus_accrual_minor"] / payed, 2), "g") if payed else "0"


def _product(line: dict[str, Any]) -> dict[str, str]:
    return {
        "product_id": str(line["product_id"]),
        "modification_id": str(line["modification_id"]),
        "num": back_office_count(line),
        "product_price": str(line["price_minor"]),
        "payed_sum": str(line["payed_minor"]),
        "product_cost": "0",
        "product_profit": str(line["payed_minor"]),
    }


def _history(entry: dict[str, Any]) -> dict[str, Any]:
    """Texts again, but `value_text` comes back parsed where it is JSON (documented)."""
    return {
        "history_id": str(entry["history_id"]),
        "type_history": entry["type_history"],
        "spot_tablet_id": str(entry["spot_tablet_id"]),
        "time": str(entry["time"]),
        "user_id": str(entry["user_id"]),
        **{name: str(entry[name] or 0) for name in ("value", "value2", "value3", "value4", "value5")},
        "value_text": _parsed(entry["value_text"]),
    }


def _parsed(text: str | None) -> Any:
    if text is None or not text.startswith(("{", "[")):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
