"""Our own PostgreSQL: it starts, survives kill -9, and leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from incust.config.postgres.folders import folders_for
from incust.config.postgres.server import PostgresServer

SUPERVISOR = """
import sys, time
from pathlib import Path
from incust.config.postgres.server import PostgresServer
server = PostgresServer(Path(sys.argv[1]))
server.start()
print(server.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "postgres"
    left_over = PostgresServer(tmp_path / "postgres")
    if left_over.alive():
        left_over.start()
        left_over.stop()
    for folder in (left_over.folders.data, left_over.folders.socket):
        shutil.rmtree(folder, ignore_errors=True)


def connect(home: Path) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=str(folders_for(home).socket), user="postgres", dbname="postgres", autocommit=True)


def test_it_starts_over_an_empty_folder_and_stops_cleanly(home: Path) -> None:
    server = PostgresServer(home)
    server.start()
    pid = server.pid
    assert pid is not None
    with connect(home) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    server.stop()
    assert not Path(f"/proc/{pid}").exists()
    assert not server.folders.pid_file.exists(), "a clean stop removes its pid file"


def test_what_was_committed_is_there_after_kill_9(home: Path) -> None:
    server = PostgresServer(home)
    server.start()
    with connect(home) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (41), (1)")
    killed = server.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    server._gone(killed, 10)
    assert not server.alive()

    server.start()
    assert server.pid not in (None, killed)
    with connect(home) as connection:
        assert connection.execute("SELECT sum(n) FROM kept").fetchone() == (42,)
    server.stop()


def test_trigram_search_finds_cyrillic(home: Path) -> None:
    server = PostgresServer(home)
    server.start()
    with connect(home) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute("SELECT show_trgm('Олена') <> '{}', 'Олена' ILIKE 'олена'").fetchone()
    server.stop()
    assert row == (True, True)


def test_a_server_left_by_a_killed_parent_is_adopted_and_stopped(home: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", SUPERVISOR, str(home)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    orphan = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert Path(f"/proc/{orphan}").exists(), "PostgreSQL outlives its killed parent"

    successor = PostgresServer(home)
    successor.start()
    assert successor.pid == orphan
    assert successor.supervised_here
    successor.stop()
    assert not successor.alive()


def test_a_second_user_of_the_server_does_not_stop_it(home: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", SUPERVISOR, str(home)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    running = int(parent.stdout.readline())
    guest = PostgresServer(home)
    guest.start()
    guest.stop()
    assert guest.pid == running
    parent.kill()
    parent.wait()
    parent.stdout.close()


def test_its_folders_are_private(home: Path) -> None:
    server = PostgresServer(home)
    server.start()
    try:
        assert oct(server.folders.socket.stat().st_mode & 0o777) == "0o700"
        assert oct(server.folders.data.stat().st_mode & 0o777) == "0o700"
        assert server.folders.data.stat().st_uid != 0, "PostgreSQL never runs as root"
    finally:
        server.stop()
