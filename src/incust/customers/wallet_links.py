"""The guest's own link into his wallet: revocable, for one device, kept as a hash only."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta

from django.db import connection

from incust.businesses.tenancy import in_business

from .keyed_hash import keyed_hash
from .models import Customer, WalletLink

TOKEN_BYTES = 18
LIFETIME = timedelta(days=30)


def create_wallet_link(customer: Customer, now: datetime) -> str:
    """A new link, good for thirty days; returns the path ``/w/l/<token>``. Links not opened yet are revoked.

    The token is 24 characters of 144 random bits. The database holds its keyed hash, from which no link can be made.
    """
    token = base64.urlsafe_b64encode(secrets.token_bytes(TOKEN_BYTES)).decode()
    with in_business(customer.business_id):
        revoke_wallet_links(customer, now)
        WalletLink.objects.create(
            business_id=customer.business_id, customer=customer, token_hash=_hash(token), created_at=now,
            expires_at=now + LIFETIME,
        )  # fmt: skip
    return f"/w/l/{token}"


def revoke_wallet_links(customer: Customer, now: datetime) -> None:
    """Links that were not opened yet stop working. Repeating is harmless."""
    with in_business(customer.business_id):
        WalletLink.objects.filter(
            business_id=customer.business_id, customer=customer, revoked_at=None, used_at=None
        ).update(revoked_at=now)


def find_wallet_link(token: str) -> tuple[int, int] | None:
    """``(business_id, wallet_link_id)`` of the token, whatever its state; ``None`` for one that was never given out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT business_id, wallet_link_id FROM customers.wallet_link_by_hash(%s)", [_hash(token)])
        return cursor.fetchone()


def open_wallet_link(business_id: int, wallet_link_id: int, *, now: datetime) -> WalletLink | None:
    """The link, locked, if it may still bind a device; the caller sets ``used_at`` and ``used_by_device`` in the same
    ``in_business`` transaction. ``None`` if it is used, revoked or too old."""
    link = (
        WalletLink.objects.select_for_update()
        .filter(business_id=business_id, pk=wallet_link_id, revoked_at=None, used_at=None, expires_at__gt=now)
        .first()
    )
    return link


def _hash(token: str) -> bytes:
    return keyed_hash("wallet link", token)
