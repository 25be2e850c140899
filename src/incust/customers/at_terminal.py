"""One transaction for the terminal that calls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from django.db import DatabaseError, connection, transaction
from psycopg.types.json import Jsonb

from incust.businesses.problems import problem_from_database
from incust.businesses.terminal_access import Busy, Caller

LOCK_TIMEOUT_MS = 300
STATEMENT_TIMEOUT_MS = 1200
"""Under the till's own two seconds."""
BUSY_STATES = frozenset({"55P03", "40001", "40P01", "57014"})
"""Lock not available in time, serialization failure, deadlock, statement took too long."""


@dataclass(frozen=True, kw_only=True)
class CallingTerminal:
    """Where the request comes from. ``till_account_id`` is ``None`` for tills other than Poster's."""

    business_id: int
    terminal_id: int
    point_of_sale_id: int
    currency: str
    language: str
    till_account_id: int | None


@contextmanager
def problems_of_database() -> Iterator[None]:
    """Turn what SQL functions raise into the typed problem; locks that are not had in time into `Busy`."""
    try:
        yield
    except DatabaseError as error:
        cause = error.__cause__
        if isinstance(cause, psycopg.Error):
            problem = problem_from_database(cause)
            if problem is not None:
                raise problem from None
            if cause.sqlstate in BUSY_STATES:
                raise Busy from error
        raise


@contextmanager
def at_terminal(caller: Caller) -> Iterator[CallingTerminal]:
    """Run the block in one transaction that is bound to the business of the calling terminal.

    Raises the problems of ``businesses.resolve_terminal`` (docs/terminal-api.md, "Two doors") and `Busy`.
    """
    with problems_of_database(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('lock_timeout', %s, true), set_config('statement_timeout', %s, true)",
            [f"{LOCK_TIMEOUT_MS}ms", f"{STATEMENT_TIMEOUT_MS}ms"],
        )
        cursor.execute(
            "SELECT business_id, terminal_id, point_of_sale_id, currency, language, till_account_id "
            "FROM businesses.resolve_terminal(%s)",
            [Jsonb(caller.as_json())],
        )
        business_id, terminal_id, point_of_sale_id, currency, language, till_account_id = cursor.fetchone()
        yield CallingTerminal(
            business_id=business_id, terminal_id=terminal_id, point_of_sale_id=point_of_sale_id, currency=currency,
            language=language, till_account_id=till_account_id,
        )  # fmt: skip
