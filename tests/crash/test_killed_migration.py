"""`incust migrate` or the database is killed in the middle of reinstalling functions: all of them are new, or none."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import nullcontext

import psycopg
import pytest

from tests.crash.deployment import Deployment, until

REPLACED_EARLY, REPLACED_LATE = "businesses.resolve_terminal(jsonb)", "checks.cancel(jsonb, jsonb)"
MARK, OF_A_NEW_ONE = 77, 100
"""A function's cost marks the one that is there: `CREATE OR REPLACE` sets it back."""

AT_WORK = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'incust_owner' AND wait_event_type = 'Lock'"
CONNECTED = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'incust_owner'"


@pytest.mark.parametrize("killed", ["incust migrate", "postgres"])
def test_functions_are_replaced_all_or_none(deployment: Deployment, killed: str) -> None:
    with deployment.books() as books:
        books.execute(f"ALTER FUNCTION {REPLACED_EARLY} COST {MARK}")
    # The migration has replaced the early one by the time it comes to the late one, and waits there for us.
    ends_badly = pytest.raises(psycopg.OperationalError) if killed == "postgres" else nullcontext()
    with ends_badly, deployment.books() as in_the_way:
        in_the_way.execute("BEGIN")
        in_the_way.execute(f"ALTER FUNCTION {REPLACED_LATE} COST {MARK}")
        migrating = _start_migration(deployment)
        until(lambda: _number(deployment, AT_WORK) == 1, "the migration did not come so far")
        if killed == "postgres":
            deployment.kill("postgres")
        else:
            migrating.kill()
        assert migrating.wait(60) == (1 if killed == "postgres" else -signal.SIGKILL)
        in_the_way.execute("ROLLBACK")

    deployment.wait_until_it_answers()
    until(lambda: _number(deployment, CONNECTED) == 0, "the migration's connection lives on")
    assert _cost(deployment, REPLACED_EARLY) == MARK, "the old one: nothing of a half migration stays"

    again = deployment.run("-m", "incust", "migrate")
    assert (again.returncode, again.stdout) == (0, "The database is up to date.\n"), again.stderr
    assert _cost(deployment, REPLACED_EARLY) == OF_A_NEW_ONE
    assert _cost(deployment, REPLACED_LATE) == OF_A_NEW_ONE
    assert deployment.run("-m", "incust", "ledger", "verify").returncode == 0


def _start_migration(deployment: Deployment) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "incust", "migrate"], env=deployment.environment, cwd=deployment.data,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _cost(deployment: Deployment, function: str) -> float:
    return _number(deployment, f"SELECT procost FROM pg_proc WHERE oid = '{function}'::regprocedure")


def _number(deployment: Deployment, query: str) -> float:
    with deployment.books() as books:
        row = books.execute(query).fetchone()
    assert row is not None
    return float(row[0])
