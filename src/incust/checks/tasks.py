"""Jobs by the clock. procrastinate finds this module by its name.

None of them is needed for an answer to be right: what time has decided counts from that instant.
"""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from incust.ledger.expire_lots import expire_lots

from .expire import expire_reservations, prune_idempotency_keys
from .verify import verify_ledger

log = logging.getLogger(__name__)


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


@app.periodic(cron="11 4 * * *")
@app.task(name="incust.checks.verify", queue="upkeep", queueing_lock="verify-ledger")
def verify(timestamp: int) -> None:
    """The nightly comparison; `incust ledger verify` is the same by hand."""
    for difference in verify_ledger():
        log.error("ledger: %s", difference)
