"""Jobs of this room. procrastinate finds this module by its name."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from incust.businesses.prune import prune

from . import outbox
from .relay import QUEUE, TASK

log = logging.getLogger(__name__)

TRIES_MAX = 8
LOST_AFTER = timedelta(minutes=10)
FAILED_KEPT_FOR = timedelta(days=30)
MESSAGES_KEPT_FOR = timedelta(days=180)
WORKER_DEAD_AFTER_S = 10

# Numbers and times grow together: the oldest ones come first by the key.
DELETE_MESSAGES = """
DELETE FROM messaging.message WHERE business_id = %(business)s AND created_at < %(older_than)s AND id IN (
  SELECT id FROM messaging.message WHERE business_id = %(business)s ORDER BY id LIMIT %(rows)s)
"""


class HandlingFailed(Exception):
    """The event's handler raised, for the ``failures``-th time; the cause says what."""

    def __init__(self, failures: int) -> None:
        super().__init__(f"failure {failures}")
        self.failures = failures


class WithPatience(BaseRetryStrategy):
    """`TryLater` says when, and costs nothing; a failure is tried again after 2, 4, 8, … seconds, `TRIES_MAX` times."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, outbox.TryLater):
            return RetryDecision(retry_at=exception.at)
        failures = exception.failures if isinstance(exception, HandlingFailed) else job.attempts + 1
        if failures > TRIES_MAX:
            return None
        return RetryDecision(retry_in={"seconds": 2**failures})


@app.task(name=TASK, queue=QUEUE, retry=WithPatience())
def handle_event(*, business_id: int, event_id: int) -> None:
    """Handle one event of the outbox."""
    try:
        outbox.handle(business_id, event_id)
    except outbox.TryLater:
        raise
    except Exception as error:
        failures = outbox.note_failure(business_id, event_id)
        if failures > TRIES_MAX:
            outbox.give_up(business_id, event_id)
        raise HandlingFailed(failures) from error


@app.periodic(cron="* * * * * */5")
@app.task(name="incust.messaging.retry_orphaned", queue="upkeep", queueing_lock="retry-orphaned", pass_context=True)
async def retry_orphaned(context: JobContext, timestamp: int) -> None:
    """Jobs whose worker was killed are started anew, whatever room they belong to."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=WORKER_DEAD_AFTER_S):
        log.warning("job %s of a dead worker is started anew", job.id)
        await manager.retry_job(job)
    await asyncio.to_thread(_put_back_lost)


@app.periodic(cron="17 4 * * *")
@app.task(name="incust.messaging.forget_failed", queue="upkeep", queueing_lock="forget-failed")
def forget_failed(timestamp: int) -> None:
    """Events that could not be handled are forgotten after `FAILED_KEPT_FOR`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT messaging.forget_failed(%s)", [FAILED_KEPT_FOR])


@app.periodic(cron="27 3 * * *")
@app.task(name="incust.messaging.prune_messages", queue="upkeep", queueing_lock="prune-messages")
def prune_messages_nightly(timestamp: int) -> None:
    """What became of messages is forgotten after `MESSAGES_KEPT_FOR`."""
    prune_messages(now=timezone.now())


def prune_messages(*, now: datetime) -> int:
    """Forget what became of messages older than `MESSAGES_KEPT_FOR`, of all businesses; returns how many."""
    return prune(DELETE_MESSAGES, older_than=now - MESSAGES_KEPT_FOR)


def _put_back_lost() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT messaging.put_back_lost(%s)", [LOST_AFTER])
    finally:
        connection.close()
