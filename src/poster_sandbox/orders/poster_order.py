"""A stored transaction as the register's `Order`: money in currency units."""

from typing import Any

from poster_sandbox.money import to_units
from poster_sandbox.orders.keeping import CLOSED, OPEN
from poster_sandbox.orders.refusal import OrderRefused


def poster_order(transaction: dict[str, Any]) -> dict[str, Any]:
    """The order as its register sent it last, with what the server knows better.

    A closed one carries `refunded` per line besides (the sandbox's own field).
    """
    order = {**transaction["order"]}
    order["orderName"] = transaction["id"]
    order["status"] = OPEN if transaction["status"] == OPEN else CLOSED
    if transaction["status"] != OPEN:
        order["dateClose"] = transaction["date_close"]
        order["payedCash"] = to_units(transaction["payed_cash_minor"])
        order["payedCard"] = to_units(transaction["payed_card_minor"])
        order["payedThirdParty"] = to_units(transaction["payed_third_party_minor"])
        order["payedBonus"] = to_units(transaction["payed_bonus_minor"])
        order["payedSum"] = to_units(transaction["payed_cash_minor"] + transaction["payed_card_minor"])
        refunded = {line["key"]: line["refunded"] for line in transaction["lines"]}
        order["products"] = {
            key: {**product, "refunded": refunded.get(key, 0)} for key, product in order.get("products", {}).items()
        }
    return order


def set_order_extra(transaction: dict[str, Any], key: Any, value: Any) -> None:
    """Keep a text under a key for all registers. Raises OrderRefused for anything that is not a text."""
    if not isinstance(key, str) or not key or not isinstance(value, str):
        raise OrderRefused("extras-malformed", "key and value must be texts")
    transaction["order"].setdefault("extras", {})[key] = value
