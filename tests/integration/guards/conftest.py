"""One copy of the migrated template with two businesses in it, for all trials: each is undone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.conftest import _copy_template, _drop

from incust.config import database

from .catalogue import Administrator

TWO_BUSINESSES = Path(__file__).parent / "two_businesses.sql"


@pytest.fixture(scope="package")
def administrator() -> Iterator[Administrator]:
    """A superuser's connection, outside of any transaction: changes the schema, and takes any role."""
    name = f"incust_guards_{os.getpid()}"
    _copy_template(name)
    try:
        parameters = database.connection_parameters(role="", database=name)
        with psycopg.connect(**parameters, autocommit=True) as connection:
            connection.execute(TWO_BUSINESSES.read_text())
            yield connection
    finally:
        _drop(name)
