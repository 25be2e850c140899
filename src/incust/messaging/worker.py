"""The worker: relay and jobs in one process. Run as many as needed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from typing import Any

from django.db import connection
from procrastinate.connector import BaseAsyncConnector
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg import OperationalError
from psycopg_pool import PoolTimeout

from .relay import run_relay

CONCURRENCY = 4
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
    with app.replace_connector(_connector()) as open_app:
        async with open_app.open_async():
            working = asyncio.create_task(
                open_app.run_worker_async(
                    concurrency=CONCURRENCY,
                    fetch_job_polling_interval=POLL_S,
                    update_heartbeat_interval=HEARTBEAT_S,
                    shutdown_graceful_timeout=GRACE_S,
                    install_signal_handlers=False,
                    delete_jobs="successful",
                )
            )
            stopping = asyncio.create_task(_set(stop))
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if working.done():
                working.result()
                return
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working


async def _set(stop: threading.Event) -> None:
    while not stop.is_set():
        await asyncio.sleep(0.1)


def _connector() -> BaseAsyncConnector:
    """To the database of Django's settings, with connections of its own."""
    parameters: dict[str, Any] = connection.get_connection_params()
    for name in ("cursor_factory", "context", "pool", "prepare_threshold"):
        parameters.pop(name, None)
    return PsycopgConnector(kwargs=parameters, min_size=1, max_size=4, timeout=10)
