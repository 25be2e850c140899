"""Moves the outbox on: every 200 ms it makes a job of each new event, in one statement and transaction.

A guest waits at the till for his code, so codes go before everything else, in a queue of their own: a mail server that
hangs over notices keeps no code waiting. A job carries numbers only; what an event says stays in the outbox until it is
handled. What takes long (comparisons with a cash register's books, imports) has a queue of its own as well.
"""

from __future__ import annotations

import logging
import threading

from django.db import DatabaseError, InterfaceError, connection, transaction

from .outbox import long_topics

PAUSE_S = 0.2
PAUSE_AFTER_FAILURE_S = 2.0
BATCH_MAX = 200
TASK = "incust.messaging.handle_event"
QUEUE = "events"
QUEUE_OF_CODES = "codes"
QUEUE_OF_LONG_WORK = "long"

log = logging.getLogger(__name__)

DEFER = """
SELECT coalesce(cardinality(public.procrastinate_defer_jobs_v1(array_agg(
  ROW(CASE WHEN taken.topic = 'confirmation-code' THEN %s WHEN taken.topic = ANY(%s) THEN %s ELSE %s END, %s,
      CASE taken.topic WHEN 'confirmation-code' THEN 10 ELSE 0 END, 'event:' || taken.event_id, NULL,
      jsonb_build_object('business_id', taken.business_id, 'event_id', taken.event_id), NULL
  )::public.procrastinate_job_to_defer_v1 ORDER BY taken.event_id))), 0)
FROM messaging.take_from_outbox(%s) taken
"""


def relay_once() -> int:
    """Make jobs of the waiting events, at most `BATCH_MAX`; returns how many. All or none: exactly one job each."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DEFER, [QUEUE_OF_CODES, long_topics(), QUEUE_OF_LONG_WORK, QUEUE, TASK, BATCH_MAX])
        return int(cursor.fetchone()[0])


def run_relay(stop: threading.Event) -> None:
    """Relay until ``stop`` is set. While the database is away it keeps asking."""
    while not stop.is_set():
        pause = PAUSE_S
        try:
            if relay_once() == BATCH_MAX:
                continue  # there is more
        except (DatabaseError, InterfaceError) as error:
            log.warning("relay: the database refused: %s", type(error).__name__)
            connection.close()
            pause = PAUSE_AFTER_FAILURE_S
        stop.wait(pause)
    connection.close()
