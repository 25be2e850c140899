"""Finding things in an account, and connecting apps to it."""

import secrets
from collections.abc import Iterable
from typing import Any

from poster_sandbox.clock import now_s
from poster_sandbox.store import State
from poster_sandbox.webhooks.raising import raise_webhook

TOKEN_LIFE_S = 2 * 365 * 24 * 3600  # "two years", as documented
CODE_LIFE_S = 600


def by_id(rows: Iterable[dict[str, Any]], number: Any) -> dict[str, Any] | None:
    """The row of that id; numbers and their texts are the same, as everywhere in Poster."""
    return next((row for row in rows if str(row["id"]) == str(number)), None)


def next_id(account: dict[str, Any], kind: str) -> int:
    number: int = account["next_ids"][kind]
    account["next_ids"][kind] += 1
    return number


def account_of_token(state: State, token: str) -> tuple[dict[str, Any], str] | None:
    """(account, application id) to which the token was issued, expired ones included."""
    for account in state["accounts"].values():
        for application_id, installation in account["installations"].items():
            if secrets.compare_digest(installation["token"].encode(), token.encode()):
                return account, application_id
    return None


def token_expired(account: dict[str, Any], application_id: str) -> bool:
    return bool(account["installations"][application_id]["expires_at"] <= now_s())


def install_app(state: State, account: dict[str, Any], application_id: str, user_id: int) -> None:
    """Connect the app: it gets a token and the hook `application` `added` that carries it.

    Connecting once more keeps a token that is still good and raises nothing. (Inferred: Poster documents neither.)
    """
    installed = account["installations"].get(application_id)
    if installed and installed["expires_at"] > now_s():
        return
    token = f"{account['account_number']}:{secrets.token_hex(16)}"
    account["installations"][application_id] = {
        "token": token,
        "user_id": user_id,
        "installed_at": now_s(),
        "expires_at": now_s() + TOKEN_LIFE_S,
    }
    raise_webhook(
        state,
        account,
        "application",
        int(application_id),
        "added",
        {"user_id": user_id, "access_token": token},
        application_ids=[application_id],
    )


def remove_app(state: State, account: dict[str, Any], application_id: str, user_id: int) -> None:
    """Disconnect the app: its token is void at once, and it is told by the hook `application` `removed`."""
    if account["installations"].pop(application_id, None) is None:
        return
    raise_webhook(
        state,
        account,
        "application",
        int(application_id),
        "removed",
        {"user_id": user_id},
        application_ids=[application_id],
    )


def issue_code(
    state: State, account: dict[str, Any], application_id: str, user_id: int, *, kind: str, redirect_uri: str
) -> str:
    """A single-use code of 32 characters; `kind` is `oauth` or `manage`. Codes that lapsed are swept here."""
    state["codes"] = {code: held for code, held in state["codes"].items() if held["expires_at"] > now_s()}
    code = secrets.token_hex(16)
    state["codes"][code] = {
        "kind": kind,
        "account": account["account"],
        "application_id": application_id,
        "user_id": user_id,
        "redirect_uri": redirect_uri,
        "expires_at": now_s() + CODE_LIFE_S,
    }
    return code
