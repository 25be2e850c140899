"""Paid: an order becomes a receipt."""

from typing import Any

from poster_sandbox.accounts import by_id
from poster_sandbox.clock import now_ms
from poster_sandbox.money import allocate, decimal_of, round_half_up, to_minor, to_units
from poster_sandbox.orders.history import add_history
from poster_sandbox.orders.keeping import CLOSED, find_order, keep_order
from poster_sandbox.orders.refusal import OrderRefused
from poster_sandbox.store import State
from poster_sandbox.webhooks.raising import raise_webhook

WITHOUT_PAYMENT, CASH, CARD, MIXED = 0, 1, 2, 3  # Poster's pay_type
TENDERS = ("cash", "card", "third_party", "cert", "bonus")
BONUS_GROUP = 1  # Poster's loyalty_type


def close_order(
    state: State,
    account: dict[str, Any],
    tablet: dict[str, Any],
    order_id: int,
    order: Any,
    payments: Any,
    history: Any = None,
) -> dict[str, Any]:
    """Close the order with its payments (currency units per tender) and return the transaction.

    Repeating it returns the same receipt and raises nothing. An order that was kept offline and never synced is
    opened and closed at once, with all its hooks. Raises OrderRefused for a removed or nonsensical one.
    """
    known = find_order(account, tablet["spot_id"], order_id)
    if known is not None and known["status"] == CLOSED:
        return known
    payed = _tenders(payments)
    transaction = keep_order(state, account, tablet, order_id, order, history)
    without_payment = order.get("payType") == "close"
    try:
        transaction.update(
            status=CLOSED,
            date_close=int(order.get("dateClose") or 0) or now_ms(),
            pay_type=_pay_type(payed, without_payment),
            reason=int(payments.get("reason") or 0) if without_payment else 0,
            total_minor=to_minor(order.get("total", 0)),
            platform_discount_minor=to_minor(order.get("platformDiscount", 0)),
            loyalty_app_id=int(order.get("loyaltyAppId") or 0),
            tip_minor=to_minor(order.get("tipSum", 0)),
            round_minor=to_minor(order.get("roundSum", 0)),
            **{f"payed_{tender}_minor": payed[tender] for tender in TENDERS},
        )
    except (TypeError, ValueError) as error:
        raise OrderRefused("order-malformed", str(error)) from error
    for line, part in zip(transaction["lines"], _shares(transaction), strict=True):
        line["payed_minor"] = part
    _raise_closed(state, account, transaction, tablet)
    _credit_client(state, account, transaction)
    return transaction


def payed_money_minor(transaction: dict[str, Any]) -> int:
    """`payed_sum`: cash and card, "live money" in the documents' words."""
    return int(transaction["payed_cash_minor"] + transaction["payed_card_minor"])


def _tenders(payments: Any) -> dict[str, int]:
    if not isinstance(payments, dict):
        raise OrderRefused("payments-malformed", "payments must be an object of sums per tender")
    try:
        payed = {tender: to_minor(payments.get(tender) or 0) for tender in TENDERS}
    except ValueError as error:
        raise OrderRefused("payments-malformed", str(error)) from error
    if min(payed.values()) < 0:
        raise OrderRefused("payments-malformed", "A payment cannot be negative")
    return payed


def _pay_type(payed: dict[str, int], without_payment: bool) -> int:
    if without_payment:
        return WITHOUT_PAYMENT
    if payed["cash"] and payed["card"]:
        return MIXED
    return CARD if payed["card"] else CASH


def _shares(transaction: dict[str, Any]) -> list[int]:
    """What was paid in money, spread over the lines by their sums."""
    return allocate(payed_money_minor(transaction), [line["sum_minor"] for line in transaction["lines"]])


def _raise_closed(state: State, account: dict[str, Any], transaction: dict[str, Any], tablet: dict[str, Any]) -> None:
    """`closed`, with value2 in minor units and `payments` in currency units, as seen on live accounts."""
    payments = {
        tender: to_units(transaction[f"payed_{tender}_minor"])
        for tender in TENDERS
        if transaction[f"payed_{tender}_minor"]
    }
    add_history(
        state,
        account,
        transaction,
        "closed",
        kind="close",
        user_id=transaction["user_id"],
        tablet_id=tablet["id"],
        values=(transaction["pay_type"], payed_money_minor(transaction)),
        value_text={"payments": payments},
        time_ms=transaction["date_close"],
    )


def _credit_client(state: State, account: dict[str, Any], transaction: dict[str, Any]) -> None:
    """Add to what the guest spent and, in a bonus group, to Poster's own bonus; raises `client_payed_sum`."""
    client = by_id(account["clients"], transaction["client_id"])
    if client is None:
        return
    money = payed_money_minor(transaction)
    transaction["bonus_accrual_minor"] = round_half_up(decimal_of(money) * cashback_percent(account, client) / 100)
    client["total_payed_minor"] += money
    client["bonus_minor"] += transaction["bonus_accrual_minor"] - transaction["payed_bonus_minor"]
    raise_payed_sum(state, account, client)


def cashback_percent(account: dict[str, Any], client: dict[str, Any]) -> Any:
    """Per cent of Poster's own bonus: the guest's personal one where it is larger than his group's."""
    group = by_id(account["groups"], client["group_id"])
    if group is None or group["loyalty_type"] != BONUS_GROUP:
        return decimal_of(0)
    return decimal_of(max(group["percent"], client["discount_percent"]))


def raise_payed_sum(state: State, account: dict[str, Any], client: dict[str, Any]) -> None:
    raise_webhook(
        state,
        account,
        "client_payed_sum",
        client["id"],
        "changed",
        {"value_absolute": to_units(client["total_payed_minor"])},
    )
