"""A new business, and its owner, from what Poster told at the connection."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from incust.businesses.create_business import CreateBusiness, create_business
from incust.businesses.models import Business, User

from .connect_account import Prepared, store_connection
from .grant import Grant


@dataclass(frozen=True, kw_only=True)
class NewOwner:
    user: User
    business: Business


def user_with_email(email: str) -> User | None:
    """The person who signs in with this email; capital letters make no difference."""
    return User.objects.filter(email__iexact=email).order_by("id").first() if email else None


def create_owner(prepared: Prepared, *, now: datetime) -> NewOwner:
    """A user, his business, and the account connected to it: all or nothing. Raises `AccountOfAnother`.

    The user has no password: he comes from Poster, and may choose one in the panel. Make sure before that nobody has
    his email: whoever installs an app in Poster has not proved that a mailbox is his.
    """
    with transaction.atomic():
        user = _create_user(prepared.grant)
        business = create_business_of(prepared, user)
        store_connection(business_id=business.id, prepared=prepared, user=user, now=now)
    return NewOwner(user=user, business=business)


def create_business_of(prepared: Prepared, owner: User) -> Business:
    """A business named after the company, with the account's currency, time zone and language."""
    grant, facts = prepared.grant, prepared.facts
    return create_business(
        CreateBusiness(
            name=facts.company_name or grant.company_name or grant.account,
            owner=owner,
            country=grant.country or "UA",
            currency=facts.currency,
            time_zone=facts.time_zone,
            language=facts.language,
        )
    )


def _create_user(grant: Grant) -> User:
    user = User(username=_free_username(grant), email=grant.owner_email.lower(), first_name=grant.owner_name[:150])
    user.set_unusable_password()
    user.save()
    return user


def _free_username(grant: Grant) -> str:
    """Nobody signs in with it; it only has to be unique."""
    wished = (grant.owner_email.lower() or f"poster-{grant.account}")[:140]
    return f"{wished}-{secrets.token_hex(4)}" if User.objects.filter(username=wished).exists() else wished
