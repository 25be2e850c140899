"""What happens to a receipt after it was closed: lines come back, or all of it is struck out."""

from decimal import Decimal
from typing import Any

from poster_sandbox.accounts import by_id
from poster_sandbox.money import decimal_of, round_half_up
from poster_sandbox.orders.closing import payed_money_minor, raise_payed_sum
from poster_sandbox.orders.history import add_history
from poster_sandbox.orders.keeping import CLOSED, REMOVED
from poster_sandbox.orders.lines import plain
from poster_sandbox.orders.refusal import OrderRefused
from poster_sandbox.store import State


def delete_receipt(
    state: State, account: dict[str, Any], transaction: dict[str, Any], *, user_id: int, tablet_id: int
) -> None:
    """Strike a closed receipt out: status 3, `transaction` `removed`, the guest's sums go back. Repeating is fine."""
    if transaction["status"] == REMOVED:
        return
    _require_closed(transaction)
    _take_back(state, account, transaction, payed_money_minor(transaction), whole=True)
    transaction["status"] = REMOVED
    add_history(state, account, transaction, "removed", kind="delete", user_id=user_id, tablet_id=tablet_id)


def refund_receipt(
    state: State, account: dict[str, Any], transaction: dict[str, Any], products: Any, *, user_id: int, tablet_id: int
) -> None:
    """Give lines back: `products` are `{"key": "0", "count": 1}` (key of the line, count in the order's unit).

    None, or everything that is left, strikes the receipt out. Each returned line raises `transaction` `changed` with
    `changeitemcount` and the count that remains. (Inferred: Poster documents no refund; its statuses are open,
    closed, removed.) Raises OrderRefused for an unknown line or more than is left.
    """
    _require_closed(transaction)
    returns = _returns(transaction, products)
    if all(_left(line) == returns.get(line["key"], Decimal(0)) for line in transaction["lines"]):
        delete_receipt(state, account, transaction, user_id=user_id, tablet_id=tablet_id)
        return
    for line in transaction["lines"]:
        if returns.get(line["key"]):
            _return_line(state, account, transaction, line, returns[line["key"]], user_id, tablet_id)


def _require_closed(transaction: dict[str, Any]) -> None:
    if transaction["status"] != CLOSED:
        raise OrderRefused("receipt-not-closed", f"Receipt {transaction['id']} is not a closed one")


def _left(line: dict[str, Any]) -> Decimal:
    return decimal_of(line["count"]) - decimal_of(line["refunded"])


def _returns(transaction: dict[str, Any], products: Any) -> dict[str, Decimal]:
    if products is None:
        return {line["key"]: _left(line) for line in transaction["lines"]}
    lines = {line["key"]: line for line in transaction["lines"]}
    returns: dict[str, Decimal] = {}
    if not isinstance(products, list) or not products:
        raise OrderRefused("refund-malformed", "products must be a list of lines")
    for one in products:
        key = str(one.get("key", "")) if isinstance(one, dict) else ""
        if key not in lines:
            raise OrderRefused("refund-malformed", f"The receipt has no line {key!r}")
        try:
            returns[key] = returns.get(key, Decimal(0)) + decimal_of(one.get("count"))
        except ValueError as error:
            raise OrderRefused("refund-malformed", str(error)) from error
        if not 0 < returns[key] <= _left(lines[key]):
            raise OrderRefused("refund-too-much", f"Of line {key}, {plain(_left(lines[key]))} can be returned")
    return returns


def _return_line(
    state: State,
    account: dict[str, Any],
    transaction: dict[str, Any],
    line: dict[str, Any],
    count: Decimal,
    user_id: int,
    tablet_id: int,
) -> None:
    """One line (or part of it) comes back: its money and its share of the app's discount leave the receipt."""
    share = count / _left(line)
    money = round_half_up(decimal_of(line["payed_minor"]) * share)
    returned_sum = round_half_up(decimal_of(line["sum_minor"]) * share)
    discount = round_half_up(
        decimal_of(transaction["platform_discount_minor"]) * returned_sum / (transaction["sum_minor"] or 1)
    )
    transaction["platform_discount_minor"] -= discount
    transaction["total_minor"] -= money + discount
    transaction["sum_minor"] -= returned_sum
    line["sum_minor"] -= returned_sum
    line["payed_minor"] -= money
    line["refunded"] = plain(decimal_of(line["refunded"]) + count)
    _take_back(state, account, transaction, money, whole=False)
    add_history(
        state,
        account,
        transaction,
        "changed",
        kind="changeitemcount",
        user_id=user_id,
        tablet_id=tablet_id,
        values=(line["product_id"], plain(_left(line)), line["modification_id"]),
    )


def _take_back(state: State, account: dict[str, Any], transaction: dict[str, Any], money: int, *, whole: bool) -> None:
    """Undo what the money did to the guest's sums; a line's money leaves the payments, cash first."""
    client = by_id(account["clients"], transaction["client_id"])
    payed = payed_money_minor(transaction)
    bonus = transaction["bonus_accrual_minor"]
    lost = bonus if whole or payed == 0 else round_half_up(decimal_of(bonus) * money / payed)
    if client is not None:
        client["total_payed_minor"] -= money
        client["bonus_minor"] -= lost - (transaction["payed_bonus_minor"] if whole else 0)
    if not whole:
        transaction["bonus_accrual_minor"] -= lost
        from_cash = min(money, transaction["payed_cash_minor"])
        transaction["payed_cash_minor"] -= from_cash
        transaction["payed_card_minor"] -= money - from_cash
    if client is not None and money:
        raise_payed_sum(state, account, client)
