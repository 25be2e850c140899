"""Which SQL functions a test calls, asked of PostgreSQL's own statistics: only those tests can miss a broken one.

A call that raises is not counted there; those are read from what the errors say of where they come from.
"""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection

from incust.config import database

CALLED = "SELECT schemaname || '.' || funcname FROM {} WHERE calls > 0"
RAISED_IN = re.compile(r"PL/pgSQL function (\w+\.\w+)\(")
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> ALL (%s)"


class Coverage:
    """A pytest plugin. ``called`` has the functions by test; a test that cannot be asked is not in it."""

    def __init__(self) -> None:
        self.called: dict[str, list[str]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        raised: set[str] = set()
        with _noting_where_errors_come_from(raised):
            outcome = yield
        if connection.connection is not None and not connection.connection.closed:
            try:
                self.called[item.nodeid] = sorted(_called(connection.connection) | raised)
            except psycopg.Error:
                pass  # its transaction is broken on purpose
        return outcome


@contextmanager
def _noting_where_errors_come_from(raised: set[str]) -> Iterator[None]:
    """Whatever connection they come over."""
    execute = psycopg.Cursor.execute

    def noting(cursor: psycopg.Cursor[Any], *arguments: Any, **options: Any) -> psycopg.Cursor[Any]:
        try:
            return execute(cursor, *arguments, **options)
        except psycopg.Error as error:
            raised.update(RAISED_IN.findall(error.diag.context or ""))
            raise

    psycopg.Cursor.execute = noting  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]


def _called(own: psycopg.Connection[Any]) -> set[str]:
    # Of the transaction that a test rolls back; of those that it committed, once they are written down.
    called = {name for (name,) in own.execute(CALLED.format("pg_stat_xact_user_functions")).fetchall()}
    own.execute("SELECT pg_stat_force_next_flush()")
    if not connection.in_atomic_block:
        parameters = database.connection_parameters(role="", database=connection.settings_dict["NAME"])
        with psycopg.connect(**parameters, autocommit=True) as other:
            _wait_for_those_who_leave(other, own)
            called |= {name for (name,) in other.execute(CALLED.format("pg_stat_user_functions")).fetchall()}
    return called


def _wait_for_those_who_leave(observer: psycopg.Connection[Any], own: psycopg.Connection[Any]) -> None:
    """A closed connection writes down what it called a moment later; one of a pool stays, and has done so."""
    known = [observer.info.backend_pid, own.info.backend_pid]
    for _ in range(20):
        if observer.execute(OTHERS, [known]).fetchone() == (0,):
            return
        time.sleep(0.05)
