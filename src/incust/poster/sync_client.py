"""A client changed in Poster: what is empty with us is filled in (`incust.poster.client_fields` says which fields)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from incust.businesses.models import Business
from incust.businesses.tenancy import in_business

from .client_fields import client_of_row, is_removed
from .client_models import ClientImport
from .installations import api_of
from .problems import NoSuchObject


def sync_client(business_id: int, account_id: int, client_id: int, *, now: datetime) -> str:
    """Look at the client as he is now, whatever made us look, and however late.

    Somebody unknown becomes a guest only once the owner has brought his guests over. Returns ``created``, ``matched``,
    ``skipped``, ``unknown`` or ``removed``. Call outside of transactions; raises what the API client raises.
    """
    row = _row_of(business_id, account_id, client_id)
    with in_business(business_id), connection.cursor() as cursor:
        if row is None or is_removed(row):
            cursor.execute("SELECT poster.client_removed(%s, %s, %s, %s)", [business_id, account_id, client_id, now])
            return "removed"
        country = Business.objects.values_list("country", flat=True).get(id=business_id)
        brought = ClientImport.objects.filter(
            till_account_id=account_id, dry_run=False, state=ClientImport.State.FINISHED
        ).exists()
        cursor.execute(
            "SELECT poster.sync_client(%s, %s, %s, %s, %s)",
            [business_id, account_id, Jsonb(client_of_row(row, country=country)), brought, now],
        )
        return str(cursor.fetchone()[0])


def _row_of(business_id: int, account_id: int, client_id: int) -> dict[str, Any] | None:
    with api_of(business_id, account_id) as api:
        try:
            rows = api.get("clients.getClient", client_id=str(client_id))
        except NoSuchObject:
            return None
    return dict(rows[0]) if rows else None
