"""Indexes over webhooks and receipts are built while Poster goes on telling, and a build that broke off starts anew."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg
import pytest
from tests.conftest import ROOT, _drop

from incust.config import database, migrate

MIGRATE = """
import django, sys
django.setup()
from django.core.management import call_command
call_command("migrate", "poster", sys.argv[1], interactive=False, verbosity=0)
"""
INDEXES = """
SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indisvalid AND c.relnamespace = 'poster'::regnamespace AND c.relname = ANY(%s)
"""
BUILT = ["receipt_by_moment", "receipt_of_check", "webhook_event_of_receipt"]


def migrating(name: str, number: str) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ, "INCUST_DATABASE": name, "INCUST_DATABASE_ROLE": database.OWNER_ROLE,
        "DJANGO_SETTINGS_MODULE": "incust.config.settings", "PYTHONPATH": str(ROOT / "src"),
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-c", MIGRATE, number], env=environment)


@pytest.fixture
def before() -> Iterator[str]:
    """A database as it was: its name."""
    name = f"incust_moments_{os.getpid()}"
    _drop(name)
    migrate.prepare_database(name)
    try:
        done = migrating(name, "0005")
        assert done.wait(300) == 0
        yield name
    finally:
        _drop(name)


def test_webhooks_are_stored_while_their_index_is_built_and_a_broken_build_is_replaced(before: str) -> None:
    parameters = database.connection_parameters(role=database.OWNER_ROLE, database=before)
    with (
        psycopg.connect(**parameters) as earlier,
        psycopg.connect(**parameters) as later,
        psycopg.connect(**parameters, autocommit=True) as looking,
    ):
        looking.execute("CREATE INDEX receipt_of_check ON poster.receipt (business_id, check_id)")
        earlier.execute("LOCK TABLE poster.webhook_event IN ROW EXCLUSIVE MODE")
        build = migrating(before, "0007")
        try:
            ends = time.monotonic() + 60
            waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
            while not looking.execute(waits, [before]).fetchall()[0][0]:
                assert build.poll() is None, "it waits for the transaction under way"
                assert time.monotonic() < ends
                time.sleep(0.05)
            later.execute("LOCK TABLE poster.webhook_event IN ROW EXCLUSIVE MODE NOWAIT")
            later.rollback()
            earlier.rollback()
            assert build.wait(60) == 0
        finally:
            build.kill()
            build.wait()
        assert sorted(row[0] for row in looking.execute(INDEXES, [BUILT])) == BUILT
