"""One call of an SQL function on the till's path: prepared on the server, its own transaction, bounded waiting.

The ORM and Django's cursor are passed by on purpose: they cost several times what the function itself does.
"""

from __future__ import annotations

import hashlib
import json
import random
import time
from typing import Any, NoReturn

import psycopg
from django.db import connection, transaction
from psycopg import errors

from incust.businesses.problems import problem_from_database
from incust.businesses.terminal_access import Busy

TRIES_MAX = 3
PAUSE_S = (0.01, 0.05)
"""Between tries, at random within: two requests that collided should not collide again."""

_WORTH_ANOTHER_TRY = (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure)
# Django switches psycopg's own counting off; only what is asked for by name is prepared.
_NEVER_BY_ITSELF = 1_000_000_000


def call(function: str, *arguments: dict[str, Any] | None) -> dict[str, Any]:
    """Call `function` with JSON arguments and return its JSON answer.

    Raises the typed problem that the function raised; `Busy` when locks or collisions outlast three tries.
    """
    query = f"SELECT {function}({', '.join(['%s::jsonb'] * len(arguments))})"
    parameters = [None if argument is None else json.dumps(argument) for argument in arguments]
    for attempt in range(1, TRIES_MAX + 1):
        try:
            if connection.in_atomic_block:
                with transaction.atomic():  # a savepoint: a problem undoes this call, not the caller's work
                    return _execute(query, parameters)
            return _execute(query, parameters)
        except _WORTH_ANOTHER_TRY as collision:
            if attempt == TRIES_MAX or connection.in_atomic_block:
                raise Busy from collision
            time.sleep(random.uniform(*PAUSE_S))  # noqa: S311 (spreads tries, guards nothing)
        except psycopg.Error as error:
            _raise_problem(error)
    raise AssertionError("unreachable")


def digest(*content: object) -> str:
    """SHA-256 in hex of JSON content: equal for equal input, in whatever process."""
    return hashlib.sha256(json.dumps(content, separators=(",", ":"), sort_keys=True).encode()).hexdigest()


def _execute(query: str, parameters: list[str | None]) -> dict[str, Any]:
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    raw.prepare_threshold = raw.prepare_threshold or _NEVER_BY_ITSELF
    with psycopg.Cursor(raw) as cursor:
        row = cursor.execute(query, parameters, prepare=True).fetchone()
    if row is None:
        raise AssertionError("a function call gives one row")
    # Django tells psycopg to leave JSON as text.
    answer: dict[str, Any] = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    return answer


def _raise_problem(error: psycopg.Error) -> NoReturn:
    problem = problem_from_database(error)
    if problem is None:
        raise error
    raise problem from error
