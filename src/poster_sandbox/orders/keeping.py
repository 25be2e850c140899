"""Open orders: what registers sync while the guest is still at the table."""

from typing import Any

from poster_sandbox.accounts import by_id, next_id
from poster_sandbox.clock import now_ms
from poster_sandbox.money import decimal_of
from poster_sandbox.orders.history import add_history, sent_history
from poster_sandbox.orders.lines import receipt_lines
from poster_sandbox.orders.refusal import OrderRefused
from poster_sandbox.store import State

OPEN, CLOSED, REMOVED = 1, 2, 3  # Poster's statuses
TRANSACTIONS_KEPT = 3000  # the state is one file; the oldest receipts leave it


def find_order(account: dict[str, Any], spot_id: int, order_id: int) -> dict[str, Any] | None:
    """The transaction of a register's order. Order ids are opening times: unique within a location."""
    for transaction in reversed(account["transactions"]):
        if transaction["date_start"] == order_id and transaction["spot_id"] == spot_id:
            return transaction  # type: ignore[no-any-return]
    return None


def keep_order(
    state: State, account: dict[str, Any], tablet: dict[str, Any], order_id: int, order: Any, history: Any
) -> dict[str, Any]:
    """Insert or update an open order; raises `transaction` `added` once and `changed` for each further step.

    Extras that another register set stay unless this one sends them. Raises OrderRefused for an order that was
    closed or removed meanwhile, and for one that makes no sense.
    """
    entries = sent_history(history)
    _check_order(order, order_id)
    lines = receipt_lines(account, order)
    transaction = find_order(account, tablet["spot_id"], order_id)
    if transaction is None:
        transaction = _open(state, account, tablet, order_id, order)
    elif transaction["status"] != OPEN:
        word = "closed" if transaction["status"] == CLOSED else "removed"
        raise OrderRefused(f"order-{word}", f"Order {order_id} is {word} already")
    order["extras"] = {**transaction["order"].get("extras", {}), **(order.get("extras") or {})}
    transaction.update(
        order=order,
        lines=lines,
        client_id=_number(order.get("clientId")),
        user_id=_number(order.get("userId")) or transaction["user_id"],
        table_id=_number(order.get("tableId")),
        guests_count=_number(order.get("guestsCount")) or 1,
        comment=str(order.get("comment") or ""),
        sum_minor=sum(line["sum_minor"] for line in lines),
        discount_percent=_percent(order.get("discount")),
        tablet_id=tablet["id"],
    )
    for entry in entries:
        if entry["kind"] != "open":
            add_history(
                state, account, transaction, "changed", user_id=transaction["user_id"], tablet_id=tablet["id"], **entry
            )
    return transaction


def remove_order(state: State, account: dict[str, Any], tablet: dict[str, Any], order_id: int) -> bool:
    """Drop an open order, as the cashier does with an empty one; raises `transaction` `removed`.

    False when there is none. A closed receipt is not touched: raises OrderRefused.
    """
    transaction = find_order(account, tablet["spot_id"], order_id)
    if transaction is None or transaction["status"] == REMOVED:
        return False
    if transaction["status"] == CLOSED:
        raise OrderRefused("order-closed", f"Order {order_id} is closed; delete the receipt instead")
    transaction.update(status=REMOVED, date_close=now_ms())
    add_history(
        state,
        account,
        transaction,
        "removed",
        kind="delete",
        user_id=transaction["user_id"],
        tablet_id=tablet["id"],
    )
    return True


def _check_order(order: Any, order_id: int) -> None:
    if not isinstance(order, dict):
        raise OrderRefused("order-malformed", "order must be an object")
    if _number(order.get("id")) != order_id:
        raise OrderRefused("order-malformed", "order.id differs from the address")
    if not isinstance(order.get("extras") or {}, dict):
        raise OrderRefused("order-malformed", "extras must be an object")


def _open(
    state: State, account: dict[str, Any], tablet: dict[str, Any], order_id: int, order: dict[str, Any]
) -> dict[str, Any]:
    user_id = _number(order.get("userId"))
    if by_id(account["employees"], user_id) is None:
        user_id = account["employees"][0]["id"]
    table_id, guests = _number(order.get("tableId")), _number(order.get("guestsCount")) or 1
    transaction: dict[str, Any] = {
        "id": next_id(account, "transaction"),
        "date_start": order_id,
        "date_close": 0,
        "status": OPEN,
        "spot_id": tablet["spot_id"],
        "tablet_id": tablet["id"],
        "user_id": user_id,
        "order": {},
        "lines": [],
        "history": [],
        "pay_type": 0,
        "reason": 0,
        "print_fiscal": 0,
        **{f"{name}_minor": 0 for name in MONEY_AT_CLOSING},
        "loyalty_app_id": 0,
    }
    account["transactions"].append(transaction)
    _forget_oldest(account)
    add_history(
        state,
        account,
        transaction,
        "added",
        kind="open",
        user_id=user_id,
        tablet_id=tablet["id"],
        values=(user_id, table_id, guests),
        time_ms=order_id,
    )
    return transaction


MONEY_AT_CLOSING = (
    "total",
    "platform_discount",
    "payed_cash",
    "payed_card",
    "payed_third_party",
    "payed_cert",
    "payed_bonus",
    "tip",
    "round",
    "bonus_accrual",
)


def _forget_oldest(account: dict[str, Any]) -> None:
    surplus = len(account["transactions"]) - TRANSACTIONS_KEPT
    if surplus > 0:
        account["transactions"] = [
            one for place, one in enumerate(account["transactions"]) if place >= surplus or one["status"] == OPEN
        ]


def _number(value: Any) -> int:
    try:
        return int(decimal_of(value or 0))
    except ValueError as error:
        raise OrderRefused("order-malformed", str(error)) from error


def _percent(value: Any) -> float:
    try:
        return float(decimal_of(value or 0))
    except ValueError as error:
        raise OrderRefused("order-malformed", str(error)) from error
