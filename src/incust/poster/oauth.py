"""The way of a connection: to Poster's consent page, and what to do with who comes back.

Poster does not return ``state``, and an owner may start in Poster's marketplace without our having sent him. So a
return is trusted to belong to a business only if this very session started it a short while ago; everybody else is
asked, or, if he is new, gets a business of his own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings

from .account_address import account_name_of
from .applications import own_application
from .connect_account import holder_of
from .create_owner import user_with_email
from .grant import Grant, obtain_grant
from .problems import ApplicationMissing, CodeRefused

_CODE = re.compile(r"[A-Za-z0-9_-]{8,128}")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How the account stands when its grant arrives."""

    holder_id: int | None
    """The business that has the account, now or formerly."""
    connected: bool
    """Whether it has it now."""
    owner_is_known: bool
    """Whether a user of ours has the owner's email."""


def redirect_uri() -> str:
    """Where Poster sends the owner back to; it must stand exactly so in the application's settings."""
    return f"{settings.PUBLIC_URL}/poster/connected"


def consent_url() -> str:
    """Poster's page that asks for access. Raises `ApplicationMissing`."""
    application = own_application()
    if application is None:
        raise ApplicationMissing
    query = {
        "application_id": application.application_id, "redirect_uri": redirect_uri(), "response_type": "code",
    }  # fmt: skip
    return f"{settings.POSTER_AUTH_URL}?{urlencode(query)}"


def receive_grant(*, account: str, code: str) -> Grant:
    """Exchange what came back. Raises `ApplicationMissing`, `CodeRefused`, `PosterUnavailable`."""
    application = own_application()
    if application is None:
        raise ApplicationMissing
    name = account_name_of(account)
    if name is None or name != account.strip().lower() or not _CODE.fullmatch(code):
        raise CodeRefused
    return obtain_grant(application=application, account=name, code=code, redirect_uri=redirect_uri())


def standing_of(grant: Grant) -> Standing:
    holder = holder_of(grant.account, grant.account_number)
    return Standing(
        holder_id=holder.business_id if holder else None,
        connected=bool(holder and holder.connected),
        owner_is_known=user_with_email(grant.owner_email) is not None,
    )
