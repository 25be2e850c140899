"""Constraints in fewer words replace old ones while tills sell: added unread, then compared, dropped last."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors
from tests.conftest import ROOT, _drop

from incust.config import database, migrate

ROOMS = ROOT / "src" / "incust"
ADDING = ("ledger/migrations/0003_shorter_constraints.sql", "checks/migrations/0008_shorter_constraints.sql")
COMPARING = ("ledger/migrations/0004_compared_constraints.sql", "checks/migrations/0010_compared_constraints.sql")
DROPPING = ("ledger/migrations/0005_former_constraints.sql", "checks/migrations/0011_former_constraints.sql")
LATEST_BEFORE = """
import django
django.setup()
from django.core.management import call_command
for room, number in (("ledger", "0002"), ("checks", "0007")):
    call_command("migrate", room, number, interactive=False, verbosity=0)
"""
CHECKS_OF_TABLES = """
  SELECT concat_ws('.', n.nspname, t.relname, k.conname), k.convalidated
  FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
  WHERE k.contype = 'c' AND n.nspname IN ('ledger', 'checks')"""
Connection = psycopg.Connection[Any]
WRITTEN = "ledger.account, ledger.posting, ledger.entry, ledger.hold, checks.check, checks.check_line"


@pytest.fixture(scope="module")
def before() -> Iterator[str]:
    """A database as it was: its name."""
    name = f"incust_before_{os.getpid()}"
    _drop(name)
    migrate.prepare_database(name)
    environment = {
        **os.environ, "INCUST_DATABASE": name, "INCUST_DATABASE_ROLE": database.OWNER_ROLE,
        "DJANGO_SETTINGS_MODULE": "incust.config.settings", "PYTHONPATH": str(ROOT / "src"),
    }  # fmt: skip
    try:
        done = subprocess.run(
            [sys.executable, "-c", LATEST_BEFORE],
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        yield name
    finally:
        _drop(name)


@pytest.fixture
def swapping(before: str) -> Iterator[Connection]:
    """The owner's connection to a copy of it."""
    name = f"{before}_swapping"
    with psycopg.connect(**database.connection_parameters(role="", database="postgres"), autocommit=True) as admin:
        migrate.create_database(admin, name, template=before)
    try:
        with psycopg.connect(**database.connection_parameters(role=database.OWNER_ROLE, database=name)) as owner:
            yield owner
            owner.rollback()
    finally:
        _drop(name)


@pytest.fixture
def till(swapping: Connection) -> Iterator[Connection]:
    """Another one, that writes."""
    with psycopg.connect(
        **database.connection_parameters(role=database.OWNER_ROLE, database=swapping.info.dbname)
    ) as connection:
        yield connection
        connection.rollback()


def apply(owner: Connection, files: tuple[str, ...]) -> None:
    for file in files:
        owner.execute((ROOMS / file).read_text().encode())


def held(connection: Connection) -> dict[str, bool]:
    """Check constraint → whether all rows are known to meet it."""
    return dict(connection.execute(CHECKS_OF_TABLES).fetchall())


def test_new_ones_are_added_without_reading_a_row_beside_all_old_ones(swapping: Connection) -> None:
    old = held(swapping)
    apply(swapping, ADDING)
    now = held(swapping)
    assert sorted(name for name, read in now.items() if not read) == [
        "checks.check.check_amounts_within", "checks.check.check_concerns_known",
        "checks.check.check_final_is_whole", "checks.check.check_returned_is_final",
        "checks.check_line.check_line_amounts_positive", "checks.check_line.check_line_returned_within",
        "ledger.account.account_amounts_within", "ledger.entry.entry_of_one_account",
        "ledger.entry.entry_system_account_known", "ledger.hold.hold_resolution_known",
        "ledger.posting.posting_kind_known",
    ]  # fmt: skip
    assert sum(now.values()) == len(old), "none of the old ones is gone before the rows are compared"


@pytest.mark.parametrize("file", ADDING + DROPPING)
def test_what_locks_tills_out_gives_way_to_one_at_work(swapping: Connection, till: Connection, file: str) -> None:
    till.execute(f"LOCK TABLE {WRITTEN} IN ROW EXCLUSIVE MODE")
    swapping.execute("SET LOCAL statement_timeout = '5s'")
    with pytest.raises(errors.LockNotAvailable):
        apply(swapping, (file,))


def test_tills_write_while_the_rows_are_compared(swapping: Connection, till: Connection) -> None:
    apply(swapping, ADDING)
    swapping.commit()
    apply(swapping, COMPARING)
    assert all(held(swapping).values())
    till.execute(f"LOCK TABLE {WRITTEN} IN ROW EXCLUSIVE MODE NOWAIT")


def test_in_the_end_the_new_ones_stand_alone_and_cover_all_rows(administrator: Connection) -> None:
    left = held(administrator)
    assert all(left.values())
    assert not [name for name in left if name.endswith("_before")]
    assert "ledger.account.account_not_below_limit" not in left
