"""One call of an SQL function on the till's path: prepared on the server, its own transaction, bounded waiting.

The ORM and Django's cursor are passed by on purpose: they cost several times what the function itself does.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import random
import re
import time
from typing import Any

import msgspec
import psycopg
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db import Error as DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import errors
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult
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
    connection = connections[DEFAULT_DB_ALIAS]  # looked up once: Django's `connection` does so at each use
    tries = 0
    while True:
        tries += 1
        try:
            return _execute(connection, query, parameters)
        except (DatabaseError, _ConnectionLost) as error:
            if not _worth_another_try(error):
                raise _told_apart(error) from error
            out_of_time = time.monotonic() + LOCK_TIMEOUT_S > give_up_at
            if tries == TRIES_MAX or out_of_time or connection.in_atomic_block:
                raise Busy from error
            time.sleep(random.uniform(*PAUSE_S))  # noqa: S311 (spreads tries, guards nothing)


def digest(*content: object) -> str:
    """SHA-256 in hex of JSON content: equal for equal input, in whatever process."""
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _execute(connection: BaseDatabaseWrapper, query: str, parameters: list[str | None]) -> dict[str, Any]:
    if connection.in_atomic_block:
        with transaction.atomic():  # a savepoint: a problem undoes this call, not the caller's work
            return _on_connection(connection, connection.connection, query, parameters)
    pool: ConnectionPool | None = connection.pool  # type: ignore[attr-defined]
    if connection.connection is not None or pool is None:
        connection.ensure_connection()
        return _on_connection(connection, connection.connection, query, parameters)
    # Lent for this call alone. To take it by way of Django and give it back cost as much as to send the query.
    with connection.wrap_database_errors:
        if pool.closed:
            pool.open()
        lent = pool.getconn()
    try:
        return _on_connection(connection, lent, query, parameters)
    finally:
        pool.putconn(lent)


def _on_connection(
    connection: BaseDatabaseWrapper, raw: psycopg.Connection[Any], query: str, parameters: list[str | None]
) -> dict[str, Any]:
    raw.prepare_threshold = raw.prepare_threshold or _NEVER_BY_ITSELF
    if not raw.autocommit and not connection.in_atomic_block:
        raw.autocommit = True  # whoever broke off inside a transaction left it so
    try:
        with connection.wrap_database_errors:
            answer = (_within if connection.in_atomic_block else _by_itself)(raw, query, parameters)
    except DatabaseError as error:
        if raw.closed and not connection.in_atomic_block:
            connection.close()  # the server went away; the next try takes a fresh connection
            raise _ConnectionLost from error
        raise
    decoded: dict[str, Any] = msgspec.json.decode(answer)
    return decoded


def _within(raw: psycopg.Connection[Any], query: str, parameters: list[str | None]) -> str:
    """The answer inside the caller's transaction, which psycopg begins."""
    with psycopg.Cursor(raw) as cursor:
        [(answer,)] = cursor.execute(query, parameters, prepare=True).fetchall()
    return str(answer)  # text already: Django tells psycopg to leave JSON so


def _by_itself(raw: psycopg.Connection[Any], query: str, parameters: list[str | None]) -> bytes:
    """The answer of a transaction of its own, asked of libpq, which takes less time than psycopg's cursor."""
    names: dict[str, bytes] = raw.__dict__.setdefault("till_statements", {})
    if query not in names:
        # A name of its own, because the server looks at the first 63 bytes of it only.
        name, numbers = b"till_%d" % len(names), itertools.count(1)
        numbered = re.sub("%s", lambda _match: f"${next(numbers)}", query)
        _refuse_error(raw.pgconn.prepare(name, numbered.encode()))
        names[query] = name
    values = [None if value is None else value.encode() for value in parameters]
    result = raw.pgconn.exec_prepared(names[query], values)  # type: ignore[arg-type]  # NULL is taken as well
    _refuse_error(result)
    answer = result.get_value(0, 0)
    if answer is None:  # no function of a till gives NULL
        raise AssertionError
    return answer


def _refuse_error(result: PGresult) -> None:
    if result.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
        raise errors.error_from_result(result)  # in UTF-8, as Django asks of every connection


class _ConnectionLost(Exception):
    """The server went away in the middle of a call."""


def _worth_another_try(error: Exception) -> bool:
    return isinstance(error, _ConnectionLost) or isinstance(error.__cause__, _COLLISIONS)


def _told_apart(error: Exception) -> Exception:
    """The typed problem behind a database error, or the error itself."""
    cause = error.__cause__
    if isinstance(cause, errors.QueryCanceled):
        return Busy()
    if isinstance(cause, psycopg.Error):
        return problem_from_database(cause) or error
    return error
