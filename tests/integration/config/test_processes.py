"""The supervisor: what dies is restarted, what is stopped leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from incust.config import processes
from incust.config.postgres.server import PostgresServer
from incust.config.processes import AlreadySupervised, Program, ProgramDidNotStart, Supervisor, sole_supervision

PARENT_WITH_CHILD = """
import os, subprocess, sys, time
from setproctitle import setproctitle
setproctitle("named anew, as granian does")
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
with open(sys.argv[1], "a") as file:
    file.write(f"{os.getpid()} {child.pid}\\n")
time.sleep(600)
"""


SUPERVISOR = """
import sys
from pathlib import Path
from incust.config.processes import Program, Supervisor, sole_supervision
logs = Path(sys.argv[1])
with sole_supervision(logs), Supervisor(logs) as supervisor:
    supervisor.start(Program(name="parent", command=[sys.executable, "-c", sys.argv[2], sys.argv[3]]))
    supervisor.watch()
"""


def wait_for(path: Path, lines: int) -> list[tuple[int, int]]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        written = path.read_text().splitlines() if path.exists() else []
        if len(written) >= lines:
            return [(int(parent), int(child)) for parent, child in (line.split() for line in written)]
        time.sleep(0.05)
    raise AssertionError(f"{path} never had {lines} lines")


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if gone_now(pid):
            return True
        time.sleep(0.05)
    return False


def gone_now(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


@contextmanager
def watching(supervisor: Supervisor) -> Iterator[None]:
    watcher = threading.Thread(target=supervisor.watch)
    watcher.start()
    try:
        yield
    finally:
        supervisor._stop.set()
        watcher.join()


def test_after_kill_9_a_program_is_restarted_and_its_old_children_are_gone(tmp_path: Path) -> None:
    started = tmp_path / "started"
    program = Program(name="parent", command=[sys.executable, "-c", PARENT_WITH_CHILD, str(started)])
    with Supervisor(tmp_path / "logs") as supervisor:
        supervisor.start(program)
        ((parent, child),) = wait_for(started, 1)
        with watching(supervisor):
            os.kill(parent, signal.SIGKILL)
            second_parent, second_child = wait_for(started, 2)[1]
            assert second_parent != parent
            assert gone(child), "the child of the killed parent would keep the port"
    assert gone(second_parent)
    assert gone(second_child)


def test_a_program_that_ends_at_once_is_named(tmp_path: Path) -> None:
    program = Program(
        name="broken", command=[sys.executable, "-c", "raise SystemExit(3)"], ready_url="http://127.0.0.1:9/"
    )
    with Supervisor(tmp_path) as supervisor, pytest.raises(ProgramDidNotStart, match="broken did not start"):
        supervisor.start(program)


def test_one_that_keeps_ending_is_restarted_so_often_and_the_others_run_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(processes, "RESTARTS_MAX_PER_MINUTE", 2)
    broken, sound = tmp_path / "broken", tmp_path / "sound"
    ends = "import sys; open(sys.argv[1], 'a').write('0 0\\n')"
    with Supervisor(tmp_path / "logs") as supervisor:
        supervisor.start(
            Program(name="broken", command=[sys.executable, "-c", ends, str(broken)]),
            Program(name="sound", command=[sys.executable, "-c", PARENT_WITH_CHILD, str(sound)]),
        )
        with watching(supervisor):
            ((parent, _child),) = wait_for(sound, 1)
            wait_for(broken, 3)
            time.sleep(1.5)  # three looks of the supervisor
            assert len(wait_for(broken, 3)) == 3, "the first start and two restarts"
            assert not gone_now(parent)
    assert capfd.readouterr().err.count("broken keeps ending; see") == 1


def test_what_a_killed_supervisor_left_running_is_ended_by_the_next_one(tmp_path: Path) -> None:
    logs, started = tmp_path / "logs", tmp_path / "started"
    command = [sys.executable, "-c", SUPERVISOR, str(logs), PARENT_WITH_CHILD, str(started)]
    first = subprocess.Popen(command)
    ((parent, child),) = wait_for(started, 1)
    with pytest.raises(AlreadySupervised, match="inCust runs already over"), sole_supervision(logs):
        pass
    assert not gone_now(parent), "a second supervisor touches nothing of the first"

    first.kill()
    first.wait()
    assert not gone_now(parent), "it outlives its supervisor"
    with sole_supervision(logs):
        assert gone_now(parent)
        assert gone_now(child)


def test_a_database_that_was_killed_is_started_again_and_keeps_what_was_committed(tmp_path: Path) -> None:
    server = PostgresServer(tmp_path / "postgres")
    server.start()
    try:
        killed = server.pid
        assert killed is not None
        with connect(server) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
        with Supervisor(tmp_path / "logs", kept=[server]) as supervisor, watching(supervisor):
            os.kill(killed, signal.SIGKILL)
            assert gone(killed)
            deadline = time.monotonic() + 30
            while (kept := read(server)) is None:
                assert time.monotonic() < deadline, "the database did not come back"
                time.sleep(0.1)
            assert kept == 42
        assert server.alive(), "who started it stops it"
    finally:
        server.stop()
        for folder in (server.folders.data, server.folders.socket):
            shutil.rmtree(folder, ignore_errors=True)


def connect(server: PostgresServer) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=str(server.folders.socket), user="postgres", dbname="postgres", autocommit=True)


def read(server: PostgresServer) -> object:
    try:
        with connect(server) as connection:
            row = connection.execute("SELECT n FROM kept").fetchone()
            return row and row[0]
    except psycopg.OperationalError:
        return None
