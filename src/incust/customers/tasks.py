"""Jobs of this room by the clock. procrastinate finds this module by its name."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from incust.businesses.prune import prune

IDENTIFICATIONS_KEPT = timedelta(days=30)
"""One counts for two hours; the rest is for who asks how a guest was recognised."""

# By the index of the newest ones.
DELETE_IDENTIFICATIONS = """
DELETE FROM customers.identification WHERE business_id = %(business)s AND id IN (
  SELECT id FROM customers.identification
  WHERE business_id = %(business)s AND happened_at < %(older_than)s ORDER BY happened_at LIMIT %(rows)s)
"""


@app.periodic(cron="31 3 * * *")
@app.task(name="incust.customers.prune", queue="upkeep", queueing_lock="prune-identifications")
def prune_identifications_nightly(timestamp: int) -> None:
    """Forget how guests were recognised long ago."""
    prune_identifications(now=timezone.now())


def prune_identifications(*, now: datetime) -> int:
    """Forget identifications older than `IDENTIFICATIONS_KEPT`, of all businesses; returns how many."""
    return prune(DELETE_IDENTIFICATIONS, older_than=now - IDENTIFICATIONS_KEPT)
