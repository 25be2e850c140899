"""Writing a webhook into the queue of every app that is connected to the account."""

from typing import Any

from poster_sandbox.clock import now_s
from poster_sandbox.signatures import php_json
from poster_sandbox.store import State

FINISHED_KEPT = 500  # older finished hooks leave the log


def raise_webhook(
    state: State,
    account: dict[str, Any],
    object_name: str,
    object_id: int,
    action: str,
    data: dict[str, Any] | None = None,
    *,
    application_ids: list[str] | None = None,
) -> None:
    """Queue one hook for each connected app (or the named ones), in the order of the calls.

    `data` becomes the JSON string that Poster puts into the field of that name.
    """
    receivers = sorted(account["installations"]) if application_ids is None else application_ids
    for application_id in receivers:
        hook = new_webhook(state, account, application_id, object_name, object_id, action, data)
        _put_in(state, hook, state["weather"]["webhooks"] if object_name == "transaction" else "flowing")
    _forget_old(state)


def _put_in(state: State, hook: dict[str, Any], weather: str) -> None:
    """Into the queue, as the weather is for hooks of receipts: lost for ever, twice, or before those that wait."""
    hooks = state["webhooks"]
    if weather == "lost":
        hook["state"] = "given up"
    if weather == "backwards":
        waiting = (place for place, one in enumerate(hooks) if one["state"] == "waiting" and not one["attempts"])
        hooks.insert(next(waiting, len(hooks)), hook)
        return
    hooks.append(hook)
    if weather == "twice":
        again = {**hook, "id": state["next_webhook_id"], "attempts": []}
        state["next_webhook_id"] += 1
        hooks.append(again)


def new_webhook(
    state: State,
    account: dict[str, Any],
    application_id: str,
    object_name: str,
    object_id: int,
    action: str,
    data: dict[str, Any] | None,
) -> dict[str, Any]:
    """A hook that waits for its first attempt."""
    number = state["next_webhook_id"]
    state["next_webhook_id"] += 1
    return {
        "id": number,
        "account": account["account"],
        "account_number": account["account_number"],
        "application_id": application_id,
        "object": object_name,
        "object_id": object_id,
        "action": action,
        "data": None if data is None else php_json(data),
        "time": str(int(now_s())),
        "state": "waiting",
        "next_at": 0,
        "attempts": [],
    }


def _forget_old(state: State) -> None:
    finished = [hook for hook in state["webhooks"] if hook["state"] != "waiting"]
    old = {hook["id"] for hook in finished[:-FINISHED_KEPT]}
    if old:
        state["webhooks"] = [hook for hook in state["webhooks"] if hook["id"] not in old]
