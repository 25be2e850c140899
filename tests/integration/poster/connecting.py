"""A business with its Poster account connected, as tests need it."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.integration.poster.poster_beside import PosterBeside

from incust.businesses.create_business import CreateBusiness, create_business
from incust.businesses.models import Business, TillAccount, User
from incust.businesses.tenancy import in_business
from incust.poster.connect_account import connect_account
from incust.poster.grant import Grant
from incust.poster.oauth import receive_grant

NOW = datetime(2024, 5, 2, 12, 0, tzinfo=UTC)


def make_business(name: str = "Kava", *, email: str = "owner@kava.example") -> tuple[Business, User]:
    owner = User.objects.create(username=email, email=email)
    return create_business(CreateBusiness(name=name, owner=owner)), owner


def fresh_grant(poster: PosterBeside, account: str = "demo-cafe") -> Grant:
    return receive_grant(**poster.allow(account))


def connect(poster: PosterBeside, business: Business, account: str = "demo-cafe") -> TillAccount:
    connect_account(business_id=business.id, grant=fresh_grant(poster, account), user=None, now=NOW)
    with in_business(business.id):
        return TillAccount.objects.get(name=account)
