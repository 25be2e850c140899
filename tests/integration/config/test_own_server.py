"""``DATABASE_URL``: a PostgreSQL of one's own instead of the embedded one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from incust.config.database import APP_ROLE, connection_parameters
from incust.config.postgres.server import PostgresServer


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[str]:
    """The URL of a server that is not ours to start: an administrator's login and an empty database."""
    server = PostgresServer(tmp_path / "elsewhere")
    server.start()
    socket = server.folders.socket
    with psycopg.connect(host=str(socket), user="postgres", dbname="postgres", autocommit=True) as admin:
        admin.execute("CREATE DATABASE loyalty")
    yield f"postgresql://postgres@/loyalty?host={socket}"
    server.stop()
    for folder in (server.folders.data, socket):
        shutil.rmtree(folder, ignore_errors=True)


def incust(*arguments: str, url: str, data: Path) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("INCUST_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "incust", *arguments], capture_output=True, text=True, check=False, timeout=120,
        env={**kept, "DATABASE_URL": url, "INCUST_DATA": str(data)},
    )  # fmt: skip


def test_it_is_migrated_and_entered_as_the_bound_role(
    own_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = incust("migrate", url=own_server, data=tmp_path / "data")
    assert (done.returncode, done.stdout) == (0, "The database is up to date.\n"), done.stderr
    assert not (tmp_path / "data" / "postgres").exists(), "no server of our own was started"

    monkeypatch.setenv("DATABASE_URL", own_server)
    monkeypatch.delenv("INCUST_DATABASE")
    with psycopg.connect(**connection_parameters(role=APP_ROLE)) as app:
        assert app.execute("SELECT current_user::text").fetchone() == ("incust_app",)
        assert app.execute("SELECT count(*) FROM businesses.business").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("INSERT INTO ledger.entry DEFAULT VALUES")


def test_migrating_twice_changes_nothing(own_server: str, tmp_path: Path) -> None:
    for _ in range(2):
        assert incust("migrate", url=own_server, data=tmp_path).returncode == 0


def test_the_doctor_names_what_is_wrong_line_by_line(own_server: str, tmp_path: Path) -> None:
    before = incust("doctor", url=own_server, data=tmp_path)
    assert before.returncode == 1
    assert "BAD   The database does not let us in" in before.stdout

    incust("migrate", url=own_server, data=tmp_path)
    after = incust("doctor", url=own_server, data=tmp_path)
    assert after.returncode == 1
    assert "ok    The database is migrated." in after.stdout
    assert "ok    The program's role is bound by row-level security." in after.stdout
    assert "BAD   INCUST_SECRET_KEY" in after.stdout
