"""A pool that gives each of the clients a connection of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from incust.engine.program import Confirmation
from tests.integration.checks.factories import Cafe, a_cafe, rules

from .at_once import CLIENTS


@pytest.fixture
def many_connections(committed_database: str) -> Iterator[str]:
    """Gives the database's name. Opening so many connections on a crowded machine may take its time."""
    pool = connection.settings_dict["OPTIONS"]["pool"]
    before = dict(pool)
    connection.close_pool()
    pool.update(max_size=CLIENTS + 4, timeout=30)
    yield committed_database
    connection.close()
    connection.close_pool()
    pool.update(before)


@pytest.fixture
def cafe(many_connections: str) -> Cafe:
    """Bonuses may pay a whole check, and need no code."""
    return a_cafe(program=rules(redeem="100", confirmation=Confirmation.NEVER))
