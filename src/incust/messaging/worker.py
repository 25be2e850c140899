"""The worker: relay and jobs in one process. Run as many as needed."""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection
from procrastinate import App
from procrastinate.connector import BaseAsyncConnector
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg import OperationalError
from psycopg_pool import PoolTimeout

from .relay import QUEUE, QUEUE_OF_CODES, QUEUE_OF_LONG_WORK, run_relay

CONCURRENCY = 4
CODES_CONCURRENCY = 2
"""Places that only codes may take; they use the others as well."""
LONG_CONCURRENCY = 2
"""Places for what takes long; it uses no others."""
PLACES: tuple[tuple[int, tuple[str, ...]], ...] = (
    (CONCURRENCY, (QUEUE, QUEUE_OF_CODES, "upkeep", "builtin")),
    (CODES_CONCURRENCY, (QUEUE_OF_CODES,)),
    (LONG_CONCURRENCY, (QUEUE_OF_LONG_WORK,)),
)
"""How many jobs of which queues at a time. A queue that is not named here is served by nobody."""
POLL_S = 1.0
HEARTBEAT_S = 2.0
GRACE_S = 15.0
PAUSE_AFTER_FAILURE_S = 2.0

log = logging.getLogger(__name__)


def run_worker(stop: threading.Event) -> None:
    """Relay the outbox and run jobs until ``stop`` is set; jobs at work get some seconds to end.

    Outlives a database that goes away. After a kill the next worker takes over what was left.
    """
    relay = threading.Thread(target=run_relay, args=[stop], name="relay")
    relay.start()
    try:
        while not stop.is_set():
            try:
                asyncio.run(_work(stop))
            except (ConnectorException, OperationalError, PoolTimeout) as error:
                log.warning("worker: the database is away: %s", type(error).__name__)
                stop.wait(PAUSE_AFTER_FAILURE_S)
    finally:
        stop.set()
        relay.join(GRACE_S)


async def _work(stop: threading.Event) -> None:
    # A thread keeps its connection to the database: as many as there are places, one for upkeep, and the relay's.
    threads = ThreadPoolExecutor(sum(places for places, _queues in PLACES) + 1, "jobs")
    asyncio.get_running_loop().set_default_executor(threads)
    with app.replace_connector(_connector()) as open_app:
        async with open_app.open_async():
            workers = [
                asyncio.create_task(_worker(open_app, concurrency=n, queues=list(queues))) for n, queues in PLACES
            ]
            stopping = asyncio.create_task(_set(stop))
            await asyncio.wait([*workers, stopping], return_when=asyncio.FIRST_COMPLETED)
            for task in (*workers, stopping):
                task.cancel()
            for end in await asyncio.gather(*workers, return_exceptions=True):
                if isinstance(end, Exception):
                    raise end


async def _worker(open_app: App, *, concurrency: int, queues: list[str]) -> None:
    await open_app.run_worker_async(
        concurrency=concurrency,
        queues=queues,
        fetch_job_polling_interval=POLL_S,
        update_heartbeat_interval=HEARTBEAT_S,
        shutdown_graceful_timeout=GRACE_S,
        install_signal_handlers=False,
        delete_jobs="successful",
    )


async def _set(stop: threading.Event) -> None:
    while not stop.is_set():
        await asyncio.sleep(0.1)


def _connector() -> BaseAsyncConnector:
    """To the database of Django's settings, with connections of its own."""
    parameters: dict[str, Any] = connection.get_connection_params()
    for name in ("cursor_factory", "context", "pool", "prepare_threshold"):
        parameters.pop(name, None)
    # Each of the workers listens on one of them for as long as it lives.
    return PsycopgConnector(kwargs=parameters, min_size=1, max_size=len(PLACES) + 2, timeout=10)
