"""Whether Poster still accepts our access to an account, and what happens where it does not.

A refused token is noted once. From then on nothing calls Poster for the account; registers go on, webhooks are stored
and wait, and all of it goes on by itself once somebody has connected the account again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from incust.businesses.audit import record_change
from incust.businesses.models import TillAccount
from incust.businesses.tenancy import in_business
from incust.messaging.outbox import TryLater

from .models import Installation, ReceiptRun, WebhookEvent
from .problems import TokenRefused
from .receipt_words import reason_of

ACCESS_LIVES = timedelta(days=730)
"""Poster's documents: two years. Nothing renews a token but the owner's connecting again."""
TOLD_BEFORE = timedelta(days=30)
CONNECTED_MEANWHILE_PAUSE = timedelta(seconds=5)
REFUSED = "poster.access_refused"
"""In the log of changes."""
WORK_OFF = """
WITH again AS (
  UPDATE poster.webhook_event SET failed_at = NULL, tries = 0
  WHERE business_id = %(business)s AND processed_at IS NULL AND failed_at IS NOT NULL AND fault->>'code' = %(code)s
  RETURNING id)
SELECT count(messaging.enqueue(%(business)s, 'poster-webhook', jsonb_build_object('event_id', id)))
FROM (SELECT id FROM again ORDER BY id) waiting
"""


def access_ends_at(installation: Installation) -> datetime:
    """When the token ends by Poster's documents."""
    return installation.installed_at + ACCESS_LIVES


def access_ends_soon(installation: Installation, *, now: datetime) -> bool:
    """Whether it is time to tell the owner; also once it should have ended and Poster goes on accepting it."""
    return access_ends_at(installation) - TOLD_BEFORE <= now


def note_access_refused(business_id: int, account_id: int, token_encrypted: bytes) -> bool:
    """Poster refused this token. Says whether that was news: a late answer to a token replaced meanwhile is none."""
    with in_business(business_id):
        account = TillAccount.objects.select_for_update().filter(id=account_id, connected=True).first()
        current = Installation.objects.filter(till_account_id=account_id, token_encrypted=token_encrypted).exists()
        if account is None or not current or account.access_refused_at is not None:
            return False
        account.access_refused_at = timezone.now()
        account.save(update_fields=["access_refused_at"])
        record_change(business_id=business_id, user=None, action=REFUSED, subject=account.name)
        return True


def keep_until_connected(business_id: int, hook: WebhookEvent, refused: TokenRefused) -> None:
    """The hook waits, without using up tries, for the account to be connected again. Raises `TryLater` where that has
    happened since the refused call began."""
    with in_business(business_id):
        account = TillAccount.objects.select_for_update().filter(system="poster", name=hook.account, connected=True)
        waits = any(one.access_refused_at is not None for one in account)
        if not waits:
            raise TryLater(refused.code, at=timezone.now() + CONNECTED_MEANWHILE_PAUSE)
        WebhookEvent.objects.filter(id=hook.id).update(fault=reason_of(refused), failed_at=timezone.now())


def go_on_after_connection(business_id: int, account_id: int, *, now: datetime) -> int:
    """What waited for the connection is worked off, and receipts are compared at once. Returns how many hooks waited.

    Inside ``in_business``, with the connection itself.
    """
    ReceiptRun.objects.filter(till_account_id=account_id).update(next_at=now, failures=0, fault=None)
    with connection.cursor() as cursor:
        cursor.execute(WORK_OFF, {"business": business_id, "code": TokenRefused.code})
        return int(cursor.fetchone()[0])
