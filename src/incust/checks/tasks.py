"""Jobs by the clock. procrastinate finds this module by its name.

None of them is needed for an answer to be right: what time has decided counts from that instant.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError
from django.utils import timezone
from procrastinate.contrib.django import app

from incust.ledger.expire_lots import expire_lots

from .expire import expire_reservations, prune_idempotency_keys
from .record_verification import businesses_to_verify, verify_and_record

log = logging.getLogger(__name__)

NIGHT_HOUR = 4
MISSED_AFTER = timedelta(hours=25)


@app.periodic(cron="* * * * *")
@app.task(name="incust.checks.record_lapsed", queue="upkeep", queueing_lock="record-lapsed")
def record_lapsed(timestamp: int) -> None:
    """Record reservations that lapsed, and post bonuses that expired."""
    expire_reservations(now=timezone.now())
    expire_lots(now=timezone.now())


@app.periodic(cron="41 3 * * *")
@app.task(name="incust.checks.prune", queue="upkeep", queueing_lock="prune-idempotency-keys")
def prune(timestamp: int) -> None:
    """Forget old idempotency keys; receipts stay closed."""
    prune_idempotency_keys(now=timezone.now())


@app.periodic(cron="11 * * * *")
@app.task(name="incust.checks.verify", queue="upkeep", queueing_lock="verify-ledger")
def verify(timestamp: int) -> None:
    """The nightly comparison, at 4:11 UTC; `incust ledger verify` is the same by hand.

    At other hours it makes up for nights that were missed, because the server was off or the business is new.
    """
    tonight = datetime.fromtimestamp(timestamp, tz=UTC).hour == NIGHT_HOUR
    for business_id in businesses_to_verify(older_than=timedelta(0) if tonight else MISSED_AFTER):
        try:
            for difference in verify_and_record(business_id):
                log.error("ledger: %s", difference)
        except DatabaseError:
            log.exception("ledger: business %s could not be compared", business_id)
