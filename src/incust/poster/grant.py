"""What Poster hands over at a connection: the token, and who connected."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from incust.businesses.encryption import decrypt, encrypt

from .api_client import exchange_code
from .applications import KnownApplication

ROLE_OF_OWNER = 3


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Access to one account. ``owner_*`` describe the person who connected: Poster's owner, or his employee."""

    application_id: str
    account: str
    account_number: str
    token: str = field(repr=False)
    owner_name: str = ""
    owner_email: str = ""
    owner_phone: str = ""
    company_name: str = ""
    country: str = ""

    def sealed(self) -> str:
        """For keeping it over a sign-in: encrypted, as text."""
        return encrypt(json.dumps(asdict(self))).decode()


def opened(sealed: str) -> Grant:
    """The grant of `Grant.sealed`. Raises `incust.businesses.encryption.SecretUnreadable`."""
    return Grant(**json.loads(decrypt(sealed.encode())))


def obtain_grant(*, application: KnownApplication, account: str, code: str, redirect_uri: str) -> Grant:
    """Exchange the redirect's code. Raises `CodeRefused`, `PosterUnavailable`."""
    answer = exchange_code(
        account=account, application_id=application.application_id, secret=application.secret,
        redirect_uri=redirect_uri, code=code,
    )  # fmt: skip
    return grant_of_answer(answer, application_id=application.application_id, account=account)


def grant_of_answer(answer: Mapping[str, Any], *, application_id: str, account: str) -> Grant:
    """Read the answer of the exchange; what is missing in it stays empty."""
    owner, user = _mapping(answer.get("ownerInfo")), _mapping(answer.get("user"))
    # An employee who connects must not be taken for the owner.
    person = owner if _text(user, "role_id") in ("", str(ROLE_OF_OWNER)) else user
    token = str(answer["access_token"])
    return Grant(
        application_id=application_id,
        account=account,
        account_number=str(answer.get("account_number") or token.partition(":")[0]),
        token=token,
        owner_name=_text(person, "name")[:200],
        owner_email=_text(person, "email")[:254],
        owner_phone=_text(person, "phone")[:40],
        company_name=_text(owner, "company_name")[:200],
        country=_text(owner, "country")[:2].upper(),
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(values: Mapping[str, Any], name: str) -> str:
    return str(values.get(name) or "").strip()
