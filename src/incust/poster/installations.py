"""The connected accounts of a business, and the way to talk to each."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from incust.businesses.audit import record_change
from incust.businesses.encryption import decrypt
from incust.businesses.models import TillAccount, User
from incust.businesses.tenancy import in_business

from .account_access import note_access_refused
from .account_lists import store_lists
from .api_client import TRIES_MAX, PosterApi
from .models import Installation
from .problems import AccountUnknown, TokenRefused
from .read_account import read_account

DISCONNECTED = "poster.disconnected"
"""In the log of changes: by a person, or by nobody where the application was removed in Poster."""


def api_of(
    business_id: int, account_id: int, *, tries_max: int = TRIES_MAX, deadline_s: float | None = None
) -> PosterApi:
    """The web API of a connected account. Raises `AccountUnknown` where there is none or no token, and `TokenRefused`,
    without a call, where Poster has refused the token before."""
    with in_business(business_id):
        found = (
            Installation.objects.select_related("till_account")
            .filter(till_account_id=account_id, till_account__connected=True, revoked_at=None)
            .first()
        )
    if found is None or found.token_encrypted is None:
        raise AccountUnknown
    if found.till_account.access_refused_at is not None:
        raise TokenRefused
    return PosterApi(
        found.till_account.name, decrypt(found.token_encrypted), tries_max=tries_max, deadline_s=deadline_s,
        when_refused=partial(note_access_refused, business_id, account_id, found.token_encrypted),
    )  # fmt: skip


def refresh_account(*, business_id: int, account_id: int, now: datetime) -> None:
    """Read locations, registers and staff anew. Raises `AccountUnknown` and what the API client raises."""
    with api_of(business_id, account_id) as api:
        facts = read_account(api)
    with in_business(business_id):
        store_lists(TillAccount.objects.get(id=account_id), facts)
        Installation.objects.filter(till_account_id=account_id).update(refreshed_at=now)


def disconnect_account(*, business_id: int, account_id: int, user: User | None, now: datetime) -> None:
    """Give the account up: the token is forgotten, its registers are refused. Repeating changes nothing."""
    with in_business(business_id):
        account = TillAccount.objects.select_for_update().filter(id=account_id, connected=True).first()
        if account is None:
            return
        account.connected = False
        account.save(update_fields=["connected"])
        Installation.objects.filter(till_account=account).update(token_encrypted=None, revoked_at=now)
        record_change(business_id=business_id, user=user, action=DISCONNECTED, subject=account.name)
