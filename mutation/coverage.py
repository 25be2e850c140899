"""Which SQL functions a test calls, asked of PostgreSQL's own statistics: only those tests can miss a broken one."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import psycopg
import pytest
from django.db import connection

from incust.config import database

CALLED = "SELECT schemaname || '.' || funcname FROM {} WHERE calls > 0"


class Coverage:
    """A pytest plugin. ``called`` has the functions by test; a test that cannot be asked is not in it."""

    def __init__(self) -> None:
        self.called: dict[str, list[str]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        outcome = yield
        if connection.connection is not None and not connection.connection.closed:
            try:
                self.called[item.nodeid] = _called(connection.connection)
            except psycopg.Error:
                pass  # its transaction is broken on purpose
        return outcome


def _called(own: psycopg.Connection[Any]) -> list[str]:
    # Of the transaction that a test rolls back; of those that it committed, once they are written down.
    called = {name for (name,) in own.execute(CALLED.format("pg_stat_xact_user_functions")).fetchall()}
    own.execute("SELECT pg_stat_force_next_flush()")
    if not connection.in_atomic_block:
        parameters = database.connection_parameters(role="", database=connection.settings_dict["NAME"])
        with psycopg.connect(**parameters, autocommit=True) as other:
            called |= {name for (name,) in other.execute(CALLED.format("pg_stat_user_functions")).fetchall()}
    return sorted(called)
