"""Connecting a Poster account to a business: the token is kept, lists are filled, points of sale appear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection

from incust.businesses.audit import record_change
from incust.businesses.encryption import encrypt
from incust.businesses.models import TillAccount, User
from incust.businesses.tenancy import in_business

from .account_access import go_on_after_connection
from .account_lists import create_first_terminals, store_lists
from .api_client import PosterApi
from .applications import application_of
from .catalogue import ask_for_catalogue
from .client_group import ensure_client_group
from .grant import Grant
from .models import Installation
from .problems import AccountOfAnother, ApplicationMissing
from .read_account import AccountFacts, read_account
from .rename_account import follow_name, release_name

CONNECTED = "poster.connected"
"""In the log of changes, which tells when an account was connected first."""


@dataclass(frozen=True, kw_only=True)
class Holder:
    """The business that has the account, now or formerly."""

    business_id: int
    till_account_id: int
    connected: bool
    application_id: str
    account: str
    """Its name as we know it: Poster may have renamed it since."""


def holder_of(account: str, number: str = "") -> Holder | None:
    """Which business has this account; the one that has it connected goes before former ones.

    Where Poster tells the account's ``number``, that decides: it stays when the account is renamed, and a name may pass
    to another account.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT business_id, till_account_id, connected, application_id, name"
            " FROM businesses.till_account_of('poster', %s, %s)",
            [account, number],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    return Holder(business_id=row[0], till_account_id=row[1], connected=row[2], application_id=row[3], account=row[4])


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A connection about which Poster has been asked everything; what is left is to store it."""

    grant: Grant
    facts: AccountFacts
    client_group_id: str


def prepare_connection(grant: Grant, *, known_group_id: str = "") -> Prepared:
    """Ask Poster: read the account, make sure that our client group exists. Call outside of transactions.

    Raises `ApplicationMissing` and what the API client raises.
    """
    application = application_of(grant.application_id)
    if application is None:
        raise ApplicationMissing
    with PosterApi(grant.account, grant.token) as api:
        facts = read_account(api)
        group_id = ensure_client_group(api, name=application.name, known_id=known_group_id)
    return Prepared(grant=grant, facts=facts, client_group_id=group_id)


def store_connection(*, business_id: int, prepared: Prepared, user: User | None, now: datetime) -> None:
    """Store everything or nothing. Raises `AccountOfAnother`."""
    release_name(prepared.grant.account, prepared.grant.account_number)
    try:
        with in_business(business_id):
            _store(business_id, prepared, user, now)
    except IntegrityError:
        # Another business has it connected: the partial unique index says so, whoever came first.
        raise AccountOfAnother(account=prepared.grant.account) from None


def connect_account(*, business_id: int, grant: Grant, user: User | None, now: datetime) -> None:
    """Connect the account to the business, or renew the token of one that it has.

    Raises `AccountOfAnother`, `ApplicationMissing`, and what the API client raises; then nothing is stored.
    """
    holder = holder_of(grant.account, grant.account_number)
    if holder and holder.connected and holder.business_id != business_id:
        raise AccountOfAnother(account=grant.account)
    prepared = prepare_connection(grant, known_group_id=_known_group(business_id, grant))
    store_connection(business_id=business_id, prepared=prepared, user=user, now=now)


def _known_group(business_id: int, grant: Grant) -> str:
    with in_business(business_id):
        known = Installation.objects.filter(till_account=_account_of(grant)).first()
        return known.client_group_id if known else ""


def _account_of(grant: Grant) -> TillAccount | None:
    """The account of the bound business, whatever it was called when it was connected."""
    accounts = TillAccount.objects.filter(system="poster")
    by_number = accounts.filter(number=grant.account_number).exclude(number="").order_by("-connected", "-id").first()
    return by_number or accounts.filter(name=grant.account, number="").first()


def _store(business_id: int, prepared: Prepared, user: User | None, now: datetime) -> None:
    grant, facts = prepared.grant, prepared.facts
    account = _account_of(grant) or TillAccount(business_id=business_id, system="poster")
    if account.pk is not None:
        follow_name(account, grant.account)
    account.name, account.number, account.application_id = grant.account, grant.account_number, grant.application_id
    account.connected, account.access_refused_at = True, None
    account.save()
    Installation.objects.update_or_create(
        business_id=business_id,
        till_account=account,
        defaults={
            "application_id": grant.application_id,
            "token_encrypted": encrypt(grant.token),
            "owner_name": grant.owner_name,
            "owner_email": grant.owner_email,
            "owner_phone": grant.owner_phone,
            "company_name": grant.company_name or facts.company_name,
            "client_group_id": prepared.client_group_id,
            "installed_at": now,
            "revoked_at": None,
            "names_tried": [],
            "refreshed_at": now,
        },
    )
    store_lists(account, facts)
    create_first_terminals(account, facts)
    ask_for_catalogue(business_id, account.pk)
    go_on_after_connection(business_id, account.pk, now=now)
    record_change(business_id=business_id, user=user, action=CONNECTED, subject=grant.account)
