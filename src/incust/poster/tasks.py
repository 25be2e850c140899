"""Jobs by the clock. procrastinate finds this module by its name."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from psycopg.types.json import Jsonb

from incust.businesses.prune import prune
from incust.businesses.tenancy import in_business
from incust.messaging.outbox import Event, enqueue, handles

from .catalogue import ask_for_all_catalogues
from .compare_account import EVERY, accounts_due, compare_account
from .import_clients import prune_results
from .models import ReceiptRun
from .webhooks import prune_webhooks

COMPARE = "poster-compare"
RECEIPTS_KEPT_FOR = timedelta(days=400)
DELETE_RECEIPTS = """
DELETE FROM poster.receipt WHERE business_id = %(business)s AND id IN (
  SELECT id FROM poster.receipt
  WHERE business_id = %(business)s AND coalesce(closed_at, looked_at, failing_since) < %(older_than)s
  ORDER BY coalesce(closed_at, looked_at, failing_since) LIMIT %(rows)s)
"""


@app.periodic(cron="* * * * *")
@app.task(name="incust.poster.compare_receipts", queue="upkeep", queueing_lock="compare-receipts")
def compare_receipts(timestamp: int) -> None:
    """Each account whose time has come gets a job of its own: one that hangs keeps no other waiting."""
    queue_comparisons(now=timezone.now())


def queue_comparisons(*, now: datetime) -> int:
    """Returns how many were queued; each not again before `EVERY` has passed, nor while one of the account waits."""
    queued = 0
    for business_id, account_id in accounts_due(now=now):
        with in_business(business_id):
            # Its lock lets one at a time look whether an event waits.
            ReceiptRun.objects.update_or_create(
                business_id=business_id, till_account_id=account_id, defaults={"next_at": now + EVERY}
            )
            if not _waits(account_id):
                enqueue(business_id, COMPARE, {"account_id": account_id})
                queued += 1
    return queued


def _waits(account_id: int) -> bool:
    """Whether a comparison of the account is queued or at work: its event stays in the outbox till it was handled."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM messaging.outbox WHERE topic = %s AND failed_at IS NULL AND payload @> %s)",
            [COMPARE, Jsonb({"account_id": account_id})],
        )
        return bool(cursor.fetchone()[0])


@handles(COMPARE, long=True)
def compare(event: Event) -> None:
    """One run; what its time did not suffice for goes on at once, behind the others."""
    account_id = int(event.payload["account_id"])
    compared = compare_account(event.business_id, account_id, now=timezone.now())
    if compared.looked and not compared.finished:
        with in_business(event.business_id):
            ReceiptRun.objects.filter(till_account_id=account_id, failures=0).update(next_at=timezone.now())


@app.periodic(cron="23 2 * * *")
@app.task(name="incust.poster.read_catalogues", queue="upkeep", queueing_lock="read-catalogues")
def read_catalogues_nightly(timestamp: int) -> None:
    """Goods that changed while Poster's webhooks did not reach us."""
    ask_for_all_catalogues()


@app.periodic(cron="53 3 * * *")
@app.task(name="incust.poster.prune", queue="upkeep", queueing_lock="prune-poster")
def prune_nightly(timestamp: int) -> None:
    """Old webhooks, old receipts of Poster and what imports kept of clients go; checks and guests stay."""
    now = timezone.now()
    prune_webhooks(now=now)
    prune(DELETE_RECEIPTS, older_than=now - RECEIPTS_KEPT_FOR)
    prune_results(now=now)
