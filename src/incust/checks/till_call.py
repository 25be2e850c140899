"""One call of an SQL function on the till's path: prepared on the server, its own transaction, bounded waiting.

The ORM and Django's cursor are passed by on purpose: they cost several times what the function itself does.
"""

from __future__ import annotations

import hashlib
import json
import random
import time
from typing import Any

import msgspec
import psycopg
from django.db import Error as DatabaseError
from django.db import connection, transaction
from psycopg import errors
from psycopg_pool import ConnectionPool

from incust.businesses.problems import problem_from_database
from incust.businesses.terminal_access import Busy

TRIES_MAX = 3
DEADLINE_S = 1.2
"""Under the till's own two seconds, with time to spare for the way there and back."""
LOCK_TIMEOUT_S = 0.3
"""As the SQL functions set it."""
PAUSE_S = (0.01, 0.05)
"""Between tries, at random within: two requests that collided should not collide again."""

# Two reports of one receipt may also meet in a key of the receipt; who loses finds the winner's row next time.
_COLLISIONS = (
    errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure, errors.UniqueViolation,
)  # fmt: skip
# Django switches psycopg's own counting off; only what is asked for by name is prepared.
_NEVER_BY_ITSELF = 1_000_000_000
# Made once: with other settings than its own, json.dumps makes an encoder for each call.
_canonical = json.JSONEncoder(separators=(",", ":"), sort_keys=True).encode


def patience() -> float:
    """The moment (of the monotonic clock) after which a request that starts now tries nothing anew."""
    return time.monotonic() + DEADLINE_S


def call(function: str, *arguments: dict[str, Any] | None, until: float | None = None) -> dict[str, Any]:
    """Call `function` with JSON arguments and return its JSON answer.

    Raises the typed problem that the function raised; `Busy` when locks, collisions or a lost connection outlast three
    tries, where another try could end after `until` (a request of several calls shares one `patience`), or when the
    connection's `statement_timeout` cut the call: then the time is up, and nothing of it has happened. Repeating after
    a lost connection is safe: whatever changes something is done once by its request's key.
    """
    query = f"SELECT {function}({', '.join(['%s::jsonb'] * len(arguments))})"
    parameters = [None if argument is None else msgspec.json.encode(argument).decode() for argument in arguments]
    give_up_at = patience() if until is None else until
    for attempt in range(1, TRIES_MAX + 1):
        try:
            return _execute(query, parameters)
        except (DatabaseError, _ConnectionLost) as error:
            if not _worth_another_try(error):
                raise _told_apart(error) from error
            out_of_time = time.monotonic() + LOCK_TIMEOUT_S > give_up_at
            if attempt == TRIES_MAX or out_of_time or connection.in_atomic_block:
                raise Busy from error
            time.sleep(random.uniform(*PAUSE_S))  # noqa: S311 (spreads tries, guards nothing)
    raise AssertionError("unreachable")


def digest(*content: object) -> str:
    """SHA-256 in hex of JSON content: equal for equal input, in whatever process."""
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _execute(query: str, parameters: list[str | None]) -> dict[str, Any]:
    if connection.in_atomic_block:
        with transaction.atomic():  # a savepoint: a problem undoes this call, not the caller's work
            return _on_connection(connection.connection, query, parameters)
    pool: ConnectionPool | None = connection.pool  # type: ignore[attr-defined]
    if connection.connection is not None or pool is None:
        connection.ensure_connection()
        return _on_connection(connection.connection, query, parameters)
    # Lent for this call alone. To take it by way of Django and give it back cost as much as to send the query.
    with connection.wrap_database_errors:
        pool.open()
        lent = pool.getconn()
    try:
        return _on_connection(lent, query, parameters)
    finally:
        pool.putconn(lent)


def _on_connection(raw: psycopg.Connection[Any], query: str, parameters: list[str | None]) -> dict[str, Any]:
    raw.prepare_threshold = raw.prepare_threshold or _NEVER_BY_ITSELF
    if not raw.autocommit and not connection.in_atomic_block:
        raw.autocommit = True  # whoever broke off inside a transaction left it so
    try:
        with connection.wrap_database_errors, psycopg.Cursor(raw) as cursor:
            row = cursor.execute(query, parameters, prepare=True).fetchone()
    except DatabaseError as error:
        if raw.closed and not connection.in_atomic_block:
            connection.close()  # the server went away; the next try takes a fresh connection
            raise _ConnectionLost from error
        raise
    if row is None:
        raise AssertionError("a function call gives one row")
    # Django tells psycopg to leave JSON as text.
    answer: dict[str, Any] = msgspec.json.decode(row[0]) if isinstance(row[0], str) else row[0]
    return answer


class _ConnectionLost(Exception):
    """The server went away in the middle of a call."""


def _worth_another_try(error: Exception) -> bool:
    return isinstance(error, _ConnectionLost) or isinstance(error.__cause__, _COLLISIONS)


def _told_apart(error: Exception) -> Exception:
    """The typed problem behind a database error, or the error itself."""
    cause = error.__cause__
    if isinstance(cause, errors.QueryCanceled):
        return Busy()
    problem = problem_from_database(cause) if isinstance(cause, psycopg.Error) else None
    return problem or error
