"""From a code to a token, for the server of an app."""

import secrets
from collections.abc import Mapping
from typing import Any

from poster_sandbox.accounts import by_id
from poster_sandbox.clock import now_s
from poster_sandbox.marketplace import MarketplaceApp
from poster_sandbox.signatures import manage_verify
from poster_sandbox.store import State
from poster_sandbox.webapi.application_methods import owner_info, tariff


class ExchangeRefused(Exception):
    """`code` and `field` as in Poster's answers; the text is its message."""

    def __init__(self, code: int, message: str, field: str) -> None:
        super().__init__(message)
        self.code = code
        self.field = field


def exchange_code(
    state: State, form: Mapping[str, str], apps: Mapping[str, MarketplaceApp], account_name: str
) -> dict[str, Any]:
    """`POST /api/v2/auth/access_token`: spend the code, return token, user, owner and tariff.

    Raises ExchangeRefused for a missing field, an unknown app, a wrong secret, another address, and for a code that
    is unknown, used, older than ten minutes or of another account. A refused exchange does not spend the code.
    """
    for field in ("application_id", "application_secret", "grant_type", "redirect_uri", "code"):
        _required(form, field)
    app = _app(form, apps)
    if form["grant_type"] != "authorization_code":
        raise ExchangeRefused(155, "grant_type must be authorization_code", "grant_type")
    if form["redirect_uri"] != app.redirect_uri:
        raise ExchangeRefused(155, "redirect_uri differs from the one of the application", "redirect_uri")
    return _spend(state, form["code"], app, "oauth", account_name)


def exchange_manage_code(state: State, form: Mapping[str, str], apps: Mapping[str, MarketplaceApp]) -> dict[str, Any]:
    """`POST /api/v2/auth/manage`: who has the app's page open in the console. Raises ExchangeRefused as above."""
    for field in ("application_id", "application_secret", "code", "verify"):
        _required(form, field)
    app = _app(form, apps)
    expected = manage_verify(application_id=app.application_id, secret=app.secret, code=form["code"])
    if not secrets.compare_digest(expected.encode(), form["verify"].encode()):
        raise ExchangeRefused(142, "Verify code is not correct", "verify")
    return _spend(state, form["code"], app, "manage", "")


def _required(form: Mapping[str, str], field: str) -> None:
    if not form.get(field):
        raise ExchangeRefused(34, f"Field {field} is required", field)


def _app(form: Mapping[str, str], apps: Mapping[str, MarketplaceApp]) -> MarketplaceApp:
    app = apps.get(form["application_id"])
    if app is None:
        raise ExchangeRefused(143, "Requested code's application doesn't exist", "application_id")
    if not secrets.compare_digest(app.secret.encode(), form["application_secret"].encode()):
        raise ExchangeRefused(155, "application_secret is not correct", "application_secret")
    return app


def _spend(state: State, code: str, app: MarketplaceApp, kind: str, account_name: str) -> dict[str, Any]:
    held = state["codes"].get(code)
    good = (
        held is not None
        and held["kind"] == kind
        and held["application_id"] == app.application_id
        and account_name in ("", held["account"])
        and held["expires_at"] > now_s()
    )
    account = state["accounts"].get(held["account"]) if good else None
    installation = account["installations"].get(app.application_id) if account else None
    if account is None or installation is None:
        raise ExchangeRefused(155, "The code is wrong, used or expired", "code")
    del state["codes"][code]
    user = by_id(account["employees"], held["user_id"]) or account["employees"][0]
    return {
        "access_token": installation["token"],
        "account_number": account["account_number"],
        "user": {"id": user["id"], "name": user["name"], "email": user["email"], "role_id": user["role_id"]},
        "ownerInfo": owner_info(account),
        "tariff": tariff(),
    }
