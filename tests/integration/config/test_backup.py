"""The drill: a café's data is saved, lost, restored elsewhere, compared; and what keeps a newcomer from losing more."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from tests.integration.checks.factories import NOON, Cafe, a_cafe, a_check, rules
from tests.phone_process import SOURCE

from incust.checks.problems import CheckUnknown
from incust.checks.refund import RefundCheck, refund_check
from incust.config.database import connection_parameters
from incust.config.postgres.server import PostgresServer
from incust.engine.program import Confirmation

TABLES = """
SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'verification' ORDER BY 1"""


def incust(*arguments: str, over: dict[str, str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "DJANGO_SETTINGS_MODULE": "incust.config.settings", **over}
    return subprocess.run(
        [sys.executable, "-m", "incust", *arguments], capture_output=True, text=True, check=False, timeout=180,
        env=environment,
    )  # fmt: skip


def by_address(server: dict[str, Any]) -> dict[str, str]:
    """The server of the run is not the program's to start and stop, so it is told its address."""
    return {"DATABASE_URL": f"postgresql://{server['user']}@/{server['dbname']}?host={server['host']}"}


def contents(server: dict[str, Any]) -> dict[str, tuple[int, str]]:
    """Of each table the number of its rows, and a digest of all that they say."""
    with psycopg.connect(**server) as admin:
        digest = "SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM"
        return {
            table: admin.execute(f"{digest} {table} t").fetchone()
            for (table,) in admin.execute(TABLES).fetchall()
        }  # fmt: skip


def balances(server: dict[str, Any]) -> list[tuple[int, int, int]]:
    with psycopg.connect(**server) as admin:
        return admin.execute("SELECT id, balance_minor, held_minor FROM ledger.account ORDER BY id").fetchall()


@pytest.fixture
def here(committed_database: str) -> Iterator[dict[str, Any]]:
    """The administrator's way into a database in which two cafés have worked for a while."""
    for name in ("kava", "chai"):
        work_for_a_while(a_cafe(name, rules(credit={"lifetime_days": 30}, confirmation=Confirmation.NEVER)))
    leave()
    yield connection_parameters(role="")
    with psycopg.connect(**connection_parameters(role="", database="postgres"), autocommit=True) as admin:
        left = admin.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{committed_database}_%"])
        for (name,) in left.fetchall():
            admin.execute(f'DROP DATABASE "{name}"')


def work_for_a_while(cafe: Cafe) -> None:
    for number in range(5):
        guest = cafe.guest(email=f"guest{number}@{cafe.name}.example")
        guest.finalize(a_check(20_000 + number, external_id=f"{number}-earned"))
        guest.finalize(a_check(9000, external_id=f"{number}-redeemed"), 100 * number, now=NOON + timedelta(days=number))
        guest.reserve(a_check(3000, external_id=f"{number}-open"), 10, now=NOON + timedelta(days=5))


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A data folder where nothing ever ran; whatever server was started over it is stopped and gone afterwards."""
    yield tmp_path / "elsewhere"
    server = PostgresServer(tmp_path / "elsewhere" / "postgres")
    for folder in (server.folders.data, server.folders.socket):
        shutil.rmtree(folder, ignore_errors=True)


def test_what_was_lost_with_its_server_stands_on_another_one(
    here: dict[str, Any], elsewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "monday.backup"
    saved, saved_balances = contents(here), balances(here)
    assert saved["ledger.entry"][0] > 30
    assert len(saved_balances) == 10

    done = incust("backup", str(file), over=by_address(here))
    assert (done.returncode, done.stderr) == (0, "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    there = {"INCUST_DATA": str(elsewhere), "INCUST_DATABASE": "incust"}
    restored = incust("restore", str(file), over=there)
    assert restored.returncode == 0, restored.stderr
    assert "The ledger is sound (2 businesses)." in restored.stdout
    assert incust("ledger", "verify", over=there).returncode == 0

    server = PostgresServer(elsewhere / "postgres")
    server.start()
    try:
        parameters = {**here, "host": str(server.folders.socket), "dbname": "incust"}
        assert balances(parameters) == saved_balances
        assert contents(parameters) == saved
        with psycopg.connect(**{**parameters, "user": "incust_app"}) as app:
            assert app.execute("SELECT count(*) FROM ledger.entry").fetchone() == (0,), "the fences stand there as well"
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute("INSERT INTO ledger.entry DEFAULT VALUES")
    finally:
        server.stop()


def test_a_backup_takes_the_place_of_a_spoilt_database_which_is_kept(here: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "monday.backup"
    saved = contents(here)
    assert incust("backup", str(file), over=by_address(here)).returncode == 0
    with psycopg.connect(**here) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("DELETE FROM ledger.entry WHERE id % 3 = 0")
        spoilt = admin.execute("SELECT count(*) FROM ledger.entry").fetchone()
    assert incust("ledger", "verify", over=by_address(here)).returncode == 1

    refused = incust("restore", str(file), over=by_address(here))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Say --replace" in refused.stderr
    done = incust("restore", str(file), "--replace", over=by_address(here))
    assert done.returncode == 0, done.stderr

    assert contents(here) == saved
    aside = done.stdout.rpartition("kept as the database ")[2].strip().rstrip(".")
    with psycopg.connect(**{**here, "dbname": aside}) as admin:
        assert admin.execute("SELECT count(*) FROM ledger.entry").fetchone() == spoilt


class TestNumbersToldSinceTheCopy:
    """Registers and guests know numbers that the copy has never heard of."""

    def test_they_never_meet_what_is_made_after_the_restore(self, here: dict[str, Any], tmp_path: Path) -> None:
        cafe = a_cafe("bistro", rules(confirmation=Confirmation.NEVER))
        guest, stranger = cafe.guest(), cafe.guest()
        for number, somebody in enumerate((guest, stranger)):
            somebody.finalize(a_check(100_000, external_id=f"before-{number}"))
        saved = tmp_path / "monday.backup"
        leave()
        assert incust("backup", str(saved), over=by_address(here)).returncode == 0
        lost = guest.reserve(a_check(9000, external_id="lost"), 1000)
        # Known to the register, and gone with the restore.
        recognised_again = guest.scanned_again()
        newcomer = cafe.guest()
        leave()
        done = incust("restore", str(saved), "--replace", over=by_address(here))
        assert done.returncode == 0, done.stderr

        others = [stranger.finalize(a_check(4000, external_id=f"after-{number}")) for number in range(3)]
        assert min(other.check_id for other in others) > lost.check_id + 1_000_000
        assert cafe.guest().id > newcomer.id + 1_000_000
        with pytest.raises(CheckUnknown):
            refund_check(of_number(cafe, lost.check_id), now=NOON)
        assert stranger.balance == (5600, 5600), (
            "5 % of 1,000.00 and of three times 40.00; nothing of it was taken back"
        )

        paid = recognised_again.finalize(a_check(9000, external_id="lost"), 1000, check_id=lost.check_id)
        assert (paid.redeemed_minor, paid.unbacked_minor, paid.balance_minor) == (1000, 0, 4400)
        assert stranger.balance == (5600, 5600)
        with pytest.raises(CheckUnknown):
            refund_check(of_number(cafe, lost.check_id), now=NOON)
        leave()

    def test_the_step_by_hand_moves_every_sequence(self, here: dict[str, Any]) -> None:
        numbers = (
            "SELECT schemaname || '.' || sequencename, coalesce(last_value, 0) FROM pg_sequences ORDER BY 1"
        )  # fmt: skip
        with psycopg.connect(**here) as admin:
            before = dict(admin.execute(numbers).fetchall())
        done = incust("skip-numbers", over=by_address(here))
        assert (done.returncode, done.stderr) == (0, "")
        with psycopg.connect(**here) as admin:
            after = dict(admin.execute(numbers).fetchall())
        assert {name: after[name] - before[name] for name in before} == dict.fromkeys(before, 1_000_001)
        assert {"checks.check_id_seq", "checks.refund_id_seq", "ledger.correction_number"} <= set(before)


def leave() -> None:
    """Nobody may be inside while a database changes its place."""
    connection.close()
    connection.close_pool()


def of_number(cafe: Cafe, check_id: int) -> RefundCheck:
    return RefundCheck(
        caller=cafe.caller(), check_id=check_id, external_id=None, transaction_id="", lines=None, accomplished=True,
        refunded_at=NOON, salesperson=None,
    )  # fmt: skip


def test_nothing_is_touched_while_somebody_works_with_the_database(here: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "monday.backup"
    assert incust("backup", str(file), over=by_address(here)).returncode == 0
    with psycopg.connect(**here):
        done = incust("restore", str(file), "--replace", over=by_address(here))
    assert (done.returncode, done.stdout) == (1, "")
    assert "stop `incust serve`" in done.stderr


def test_a_backup_that_does_not_pass_the_comparison_takes_nobodys_place(here: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "spoilt.backup"
    with psycopg.connect(**here) as admin:
        admin.execute("UPDATE ledger.account SET balance_minor = balance_minor + 1 WHERE id = 1")
    assert incust("backup", str(file), over=by_address(here)).returncode == 0
    with psycopg.connect(**here) as admin:
        admin.execute("UPDATE ledger.account SET balance_minor = balance_minor - 1 WHERE id = 1")
    before = contents(here)
    done = incust("restore", str(file), "--replace", over=by_address(here))
    assert done.returncode == 1
    assert "`incust ledger verify` failed over what was restored" in done.stderr
    assert contents(here) == before


def test_a_file_that_is_there_already_or_is_no_backup_is_refused(here: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a backup")
    assert "exists already" in incust("backup", str(file), over=by_address(here)).stderr
    assert "pg_restore: " in incust("restore", str(file), over=by_address(here)).stderr
    assert file.read_text() == "not a backup"
