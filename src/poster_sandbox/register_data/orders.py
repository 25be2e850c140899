"""Orders and receipts of a register."""

from typing import Any

from django.http import HttpResponse

from poster_sandbox.accounts import by_id
from poster_sandbox.orders.closing import close_order
from poster_sandbox.orders.keeping import CLOSED, OPEN, find_order, keep_order, remove_order
from poster_sandbox.orders.poster_order import poster_order, set_order_extra
from poster_sandbox.orders.refunding import delete_receipt, refund_receipt
from poster_sandbox.register_data.endpoint import RegisterCall, failure

RECEIPTS, RECEIPTS_MAX = 50, 500


def open_orders(call: RegisterCall) -> dict[str, Any]:
    """`{orders}`: the location's open ones, from all its registers, oldest first."""
    return {"orders": [poster_order(one) for one in _of_location(call) if one["status"] == OPEN]}


def put_order(call: RegisterCall, order_id: int) -> dict[str, Any]:
    """`{order, history}` → `{order, orderName}`; 409 when it is closed or removed already."""
    transaction = keep_order(
        call.state, call.account, call.tablet, order_id, call.body.get("order"), call.body.get("history")
    )
    return {"order": poster_order(transaction), "orderName": transaction["id"]}


def drop_order(call: RegisterCall, order_id: int) -> dict[str, Any]:
    """→ `{removed}`: false when there was nothing (any more); 409 for a closed receipt."""
    return {"removed": remove_order(call.state, call.account, call.tablet, order_id)}


def close(call: RegisterCall, order_id: int) -> dict[str, Any]:
    """`{order, payments: {cash, card, third_party, cert, bonus, reason?}, history?}` → `{orderName, order}`.

    Once and for all: a repetition gets the same answer.
    """
    transaction = close_order(
        call.state,
        call.account,
        call.tablet,
        order_id,
        call.body.get("order"),
        call.body.get("payments"),
        call.body.get("history"),
    )
    return {"orderName": transaction["id"], "order": poster_order(transaction)}


def set_extra(call: RegisterCall, order_id: int) -> dict[str, Any] | HttpResponse:
    """`{key, value}` → `{success}`; 404 for an order that was never synced."""
    transaction = find_order(call.account, call.tablet["spot_id"], order_id)
    if transaction is None:
        return failure(404, "order-unknown", f"There is no order {order_id}")
    set_order_extra(transaction, call.body.get("key"), call.body.get("value"))
    return {"success": True}


def receipts(call: RegisterCall) -> dict[str, Any]:
    """`{receipts}`: the location's closed orders, newest first, `?limit=` of them."""
    text = call.query.get("limit", "")
    limit = min(int(text), RECEIPTS_MAX) if text.isdecimal() else RECEIPTS
    closed = [one for one in reversed(_of_location(call)) if one["status"] == CLOSED]
    return {"receipts": [poster_order(one) for one in closed[:limit]]}


def refund(call: RegisterCall, receipt_id: int) -> dict[str, Any] | HttpResponse:
    """`{products?: [{key, count}]}` → `{receipt, removed}`; without products, all of it."""
    return _after_closing(call, receipt_id, whole=False)


def delete(call: RegisterCall, receipt_id: int) -> dict[str, Any] | HttpResponse:
    """→ `{receipt, removed: true}`."""
    return _after_closing(call, receipt_id, whole=True)


def _after_closing(call: RegisterCall, receipt_id: int, *, whole: bool) -> dict[str, Any] | HttpResponse:
    """Receipts are named by `orderName` or by the order's id."""
    transaction = by_id(call.account["transactions"], receipt_id) or find_order(
        call.account, call.tablet["spot_id"], receipt_id
    )
    if transaction is None:
        return failure(404, "receipt-unknown", f"There is no receipt {receipt_id}")
    user = by_id(call.account["employees"], call.body.get("user_id"))
    by = {"user_id": user["id"] if user else transaction["user_id"], "tablet_id": call.tablet["id"]}
    if whole:
        delete_receipt(call.state, call.account, transaction, **by)
    else:
        refund_receipt(call.state, call.account, transaction, call.body.get("products"), **by)
    return {"receipt": poster_order(transaction), "removed": transaction["status"] != CLOSED}


def _of_location(call: RegisterCall) -> list[dict[str, Any]]:
    return [one for one in call.account["transactions"] if one["spot_id"] == call.tablet["spot_id"]]
