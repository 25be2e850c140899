"""Who listens to which customer, and the one poller that finds changes for all of them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

PAUSE_S = 0.4
PAUSE_AFTER_FAILURE_S = 2.0
BATCH_MAX = 5000
LOOKED_BACK_S = 5.0
"""Entries get their numbers before they are committed, so a lower number may show up after a higher one. Each poll
reads again what was new within these seconds; on the till's path a transaction lives for 1.2 at most."""

LISTENERS_MAX = 20_000
LISTENERS_OF_CUSTOMER_MAX = 8

Listener = asyncio.Queue[int]
Row = tuple[int, int, int, int, int]
"""Of ``wallet.changes_since``: entry, business, customer, account, version."""

log = logging.getLogger(__name__)


class TooManyListeners(Exception):
    """This process, or this customer, has as many streams as it may."""


class Hub:
    """All streams of this process. Used from one event loop."""

    def __init__(self) -> None:
        self._listeners: dict[tuple[int, int], set[Listener]] = defaultdict(set)
        self._count = 0

    @contextmanager
    def listening(self, customer: tuple[int, int]) -> Iterator[Listener]:
        """A queue of account versions of this ``(business_id, customer_id)``. Holds the latest only: a slow reader
        misses steps in between, never the end. Raises `TooManyListeners`."""
        if self._count >= LISTENERS_MAX or len(self._listeners[customer]) >= LISTENERS_OF_CUSTOMER_MAX:
            raise TooManyListeners
        listener: Listener = asyncio.Queue(maxsize=1)
        self._listeners[customer].add(listener)
        self._count += 1
        try:
            yield listener
        finally:
            self._listeners[customer].discard(listener)
            self._count -= 1
            if not self._listeners[customer]:
                del self._listeners[customer]

    def tell(self, customer: tuple[int, int], version: int) -> None:
        for listener in self._listeners.get(customer, ()):
            _put_latest(listener, version)

    def tell_all(self) -> None:
        """Something may have been missed: every page shall look for itself."""
        for listeners in self._listeners.values():
            for listener in listeners:
                _put_latest(listener, 0)


def _put_latest(listener: Listener, version: int) -> None:
    if listener.full():
        listener.get_nowait()
    listener.put_nowait(version)


class Cursor:
    """How far the changes have been read, with the look back that late commits need."""

    def __init__(self, start: int, now_s: float) -> None:
        self._heads: deque[tuple[float, int]] = deque([(now_s, start)])
        self._told: dict[int, int] = {}

    def read_from(self, now_s: float) -> int:
        """Entries after this one have to be looked at (again)."""
        while len(self._heads) > 1 and self._heads[1][0] <= now_s - LOOKED_BACK_S:
            self._heads.popleft()
        return self._heads[0][1]

    def take(self, rows: list[Row], now_s: float) -> list[tuple[tuple[int, int], int]]:
        """Of all rows after `read_from`, the customers whose account has moved on, with its version."""
        news: dict[tuple[int, int], int] = {}
        told: dict[int, int] = {}
        for _entry_id, business_id, customer_id, account_id, version in rows:
            if version > max(self._told.get(account_id, 0), told.get(account_id, 0)):
                news[business_id, customer_id] = version
            told[account_id] = max(version, told.get(account_id, 0))
        self._told = told
        last = max((row[0] for row in rows), default=0)
        if last > self._heads[-1][1]:
            self._heads.append((now_s, last))
        return list(news.items())


async def poll(hub: Hub) -> None:
    """Tell the hub of every change, for ever. While the database is away it keeps asking, and then lets every page look
    for itself."""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True) as database:
                await _poll_over(database, hub)
        except (psycopg.Error, OSError) as error:
            log.warning("live: the database refused: %s", type(error).__name__)
            await asyncio.sleep(PAUSE_AFTER_FAILURE_S)


async def _poll_over(database: psycopg.AsyncConnection[Any], hub: Hub) -> None:
    found = await database.execute("SELECT wallet.last_change()")
    (start,) = await found.fetchone() or (0,)
    cursor = Cursor(start, time.monotonic())
    hub.tell_all()
    while True:
        now_s = time.monotonic()
        rows = await _changes_since(database, cursor.read_from(now_s))
        for customer, version in cursor.take(rows, now_s):
            hub.tell(customer, version)
        await asyncio.sleep(PAUSE_S)


async def _changes_since(database: psycopg.AsyncConnection[Any], after: int) -> list[Row]:
    rows: list[Row] = []
    while True:
        found = await database.execute("SELECT * FROM wallet.changes_since(%s, %s)", [after, BATCH_MAX])
        batch = await found.fetchall()
        rows += batch
        if len(batch) < BATCH_MAX:
            return rows
        after = max(row[0] for row in batch)


def _parameters() -> dict[str, Any]:
    """Of the database in Django's settings, as psycopg wants them."""
    parameters = connection.get_connection_params()
    return {k: v for k, v in parameters.items() if k not in {"cursor_factory", "context", "pool"}}
