"""Who is signed in to which console. Sessions live in the state and survive a restart and a reset."""

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from poster_sandbox.accounts import by_id
from poster_sandbox.clock import now_s
from poster_sandbox.running import store

SESSION_LIFE_S = 30 * 24 * 3600
SESSIONS_KEPT = 200


def start_session(response: HttpResponse, request: HttpRequest, account: str, user_id: int) -> None:
    """Sign the browser in to one account's console; it stays signed in to others."""
    key = request.COOKIES.get(settings.SESSION_COOKIE) or secrets.token_hex(16)
    with store().change() as state:
        state["sessions"][f"{key}:{account}"] = {"account": account, "user_id": user_id, "at": now_s()}
        for old in list(state["sessions"])[:-SESSIONS_KEPT]:
            del state["sessions"][old]
    response.set_cookie(settings.SESSION_COOKIE, key, max_age=SESSION_LIFE_S, httponly=True, samesite="Lax")


def end_session(request: HttpRequest, account: str) -> None:
    with store().change() as state:
        state["sessions"].pop(f"{request.COOKIES.get(settings.SESSION_COOKIE)}:{account}", None)


def signed_in_user(request: HttpRequest, account: str) -> dict[str, Any] | None:
    """A copy of the employee who is signed in to this account's console, or None."""
    with store().read() as state:
        held = state["sessions"].get(f"{request.COOKIES.get(settings.SESSION_COOKIE)}:{account}")
        if held is None or held["at"] + SESSION_LIFE_S < now_s() or account not in state["accounts"]:
            return None
        user = by_id(state["accounts"][account]["employees"], held["user_id"])
        return dict(user) if user else None
