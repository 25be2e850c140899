"""The questions that precede the consent page."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

from poster_sandbox.marketplace import MarketplaceApp


class AuthorizationRefused(Exception):
    """The request to authorise is wrong; the sentence is shown on a page, and nobody is redirected."""


@dataclass(frozen=True)
class Authorization:
    """An app that asks to be let in."""

    app: MarketplaceApp
    redirect_uri: str


def read_authorization(query: Mapping[str, str], apps: Mapping[str, MarketplaceApp]) -> Authorization:
    """Check `application_id` (or `client_id`), `redirect_uri` and `response_type`. Raises AuthorizationRefused.

    The address must be exactly the registered one.
    """
    application_id = query.get("application_id") or query.get("client_id") or ""
    app = apps.get(application_id)
    if app is None:
        raise AuthorizationRefused(f"There is no application with the id “{application_id}”.")
    if query.get("response_type") != "code":
        raise AuthorizationRefused("response_type must be “code”.")
    if query.get("redirect_uri") != app.redirect_uri:
        raise AuthorizationRefused("redirect_uri differs from the one in the settings of the application.")
    return Authorization(app, app.redirect_uri)


def address_with_code(redirect_uri: str, code: str, account: str) -> str:
    """Where the owner is sent after “Allow Access”: `code` and `account`, never `state` (seen on live accounts)."""
    return with_query(redirect_uri, {"code": code, "account": account})


def with_query(address: str, parameters: Mapping[str, str]) -> str:
    parts = urlsplit(address)
    query = "&".join(filter(None, (parts.query, urlencode(parameters))))
    return urlunsplit(parts._replace(query=query))
