"""Our guests among Poster's clients, found or created over the web API.

The register does this itself (``clients.find``, ``clients.create``); the server's way is for registers where a
manager's password guards it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from incust.businesses.tenancy import in_business

from .api_client import PosterApi
from .client_fields import client_name_of
from .installations import api_of
from .models import Installation
from .problems import AccountUnknown, PosterRefused

DEADLINE_S = 1.2
"""For everything that is asked of Poster here: a till waits two seconds at most, and holds one of few threads."""
SEX = {"male": "1", "female": "2"}


@dataclass(frozen=True, kw_only=True)
class ClientDetails:
    """What Poster learns about a guest. ``phone`` is E.164 or empty, ``gender`` is ``female``, ``male`` or empty."""

    name: str = ""
    phone: str = ""
    email: str = ""
    card_number: str = ""
    birthday: date | None = None
    gender: str = ""


def find_or_create_client(*, business_id: int, account_id: int, details: ClientDetails) -> int:
    """The number of the guest's client in the account, in our own group if it had to be created.

    Call outside of transactions. Raises `PosterUnavailable` and `PosterRefused`, and no narrower kind of it: a cashier
    can do nothing about the difference.
    """
    try:
        group_id = _client_group_of(business_id, account_id)
        with api_of(business_id, account_id, tries_max=1, deadline_s=DEADLINE_S) as api:
            return _find_or_create(api, details, group_id)
    except AccountUnknown as problem:
        raise PosterRefused(poster_message=problem.detail) from None
    except PosterRefused as problem:
        message = problem.members["poster_message"] if type(problem) is PosterRefused else problem.detail
        raise PosterRefused(poster_code=problem.poster_code, poster_message=message) from None


def _find_or_create(api: PosterApi, details: ClientDetails, group_id: str) -> int:
    found = _find(api, details)
    if found is not None:
        return found
    try:
        return int(api.post("clients.createClient", _form(details, group_id)))
    except PosterRefused:
        # Another register may have created him between the two calls: a phone is unique in Poster.
        found = _find(api, details)
        if found is None:
            raise
        return found


def _client_group_of(business_id: int, account_id: int) -> str:
    with in_business(business_id):
        found = Installation.objects.filter(till_account_id=account_id, till_account__connected=True).first()
    if found is None:
        raise AccountUnknown
    return found.client_group_id


def _find(api: PosterApi, details: ClientDetails) -> int | None:
    if not details.phone:
        return None
    rows = api.get("clients.getClients", phone=details.phone)
    return next((int(row["client_id"]) for row in rows if _has_phone(row, details.phone)), None)


def _has_phone(row: Mapping[str, Any], phone: str) -> bool:
    """Whether Poster filtered: an account that ignores the filter must not lend us a stranger."""
    return str(row.get("delete", "0")) != "1" and _digits(str(row.get("phone_number") or row.get("phone"))) == _digits(
        phone
    )


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal())


def _form(details: ClientDetails, group_id: str) -> dict[str, str]:
    form = {
        "client_name": client_name_of(details.name) or details.phone or details.email or details.card_number,
        "client_groups_id_client": group_id,
        "phone": details.phone,
        "email": details.email,
        "card_number": details.card_number,
        "birthday": details.birthday.isoformat() if details.birthday else "",
        "client_sex": SEX.get(details.gender, "0"),
    }
    return {name: value for name, value in form.items() if value}
