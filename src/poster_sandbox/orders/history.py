"""History entries of a transaction, and the webhooks that carry them."""

import json
from typing import Any

from poster_sandbox.accounts import next_id
from poster_sandbox.clock import now_ms
from poster_sandbox.orders.refusal import OrderRefused
from poster_sandbox.signatures import js_json
from poster_sandbox.store import State
from poster_sandbox.webhooks.raising import raise_webhook

KINDS = frozenset(
    [
        "open",
        "comment",
        "close",
        "delete",
        "print",
        "sendtokitchen",
        "additem",
        "settable",
        "changeitemcount",
        "deleteitem",
        "setclient",
        "changeorderstatus",
    ]
)
ENTRIES_MAX = 200  # of one request


def add_history(
    state: State,
    account: dict[str, Any],
    transaction: dict[str, Any],
    action: str,
    *,
    kind: str,
    user_id: int,
    tablet_id: int,
    values: tuple[Any, ...] = (),
    value_text: Any = None,
    time_ms: int | None = None,
) -> None:
    """Write one entry and raise `transaction` with it, as Poster does for each step of an order.

    `values` are value, value2 … value5 (0 where not given, the fifth null); `value_text` may be any JSON.
    """
    padded = [*values, *[0] * (4 - len(values)), None][:5]
    entry = {
        "type_history": kind,
        "time": now_ms() if time_ms is None else time_ms,
        **dict(zip(("value", "value2", "value3", "value4", "value5"), padded, strict=True)),
        "value_text": value_text if value_text is None or isinstance(value_text, str) else js_json(value_text),
        "user_id": user_id,
        "spot_tablet_id": tablet_id,
    }
    transaction["history"].append({"history_id": next_id(account, "history"), **entry})
    raise_webhook(state, account, "transaction", transaction["id"], action, {"transactions_history": entry})


def sent_history(sent: Any) -> list[dict[str, Any]]:
    """The entries a register sent, checked: known kinds, whole numbers, bounded. Raises OrderRefused."""
    if sent is None:
        return []
    if not isinstance(sent, list) or len(sent) > ENTRIES_MAX:
        raise OrderRefused("history-malformed", f"history must be a list of at most {ENTRIES_MAX} entries")
    return [_checked(entry) for entry in sent]


def _checked(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict) or entry.get("type_history") not in KINDS:
        raise OrderRefused("history-malformed", f"An unknown history entry: {json.dumps(entry)[:100]}")
    try:
        values = tuple(int(entry.get(name) or 0) for name in ("value", "value2", "value3", "value4"))
        time_ms = int(entry.get("time") or now_ms())
    except (TypeError, ValueError) as error:
        raise OrderRefused("history-malformed", f"A number was expected: {error}") from error
    return {
        "kind": entry["type_history"],
        "values": values,
        "value_text": entry.get("value_text"),
        "time_ms": time_ms,
    }
