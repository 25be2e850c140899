"""The supervisor: what dies is restarted, what is stopped leaves nothing behind."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from incust.config.processes import Program, ProgramDidNotStart, Supervisor

PARENT_WITH_CHILD = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
with open(sys.argv[1], "a") as file:
    file.write(f"{os.getpid()} {child.pid}\\n")
time.sleep(600)
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
        status = Path(f"/proc/{pid}/stat")
        if not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_after_kill_9_a_program_is_restarted_and_its_old_children_are_gone(tmp_path: Path) -> None:
    started = tmp_path / "started"
    program = Program(name="parent", command=[sys.executable, "-c", PARENT_WITH_CHILD, str(started)])
    with Supervisor(tmp_path / "logs") as supervisor:
        supervisor.start(program)
        ((parent, child),) = wait_for(started, 1)
        watcher = threading.Thread(target=supervisor.watch)
        watcher.start()
        os.kill(parent, signal.SIGKILL)
        second_parent, second_child = wait_for(started, 2)[1]
        assert second_parent != parent
        assert gone(child), "the child of the killed parent would keep the port"
        supervisor._stop.set()
        watcher.join()
    assert gone(second_parent)
    assert gone(second_child)


def test_a_program_that_ends_at_once_is_named(tmp_path: Path) -> None:
    program = Program(
        name="broken", command=[sys.executable, "-c", "raise SystemExit(3)"], ready_url="http://127.0.0.1:9/"
    )
    with Supervisor(tmp_path) as supervisor, pytest.raises(ProgramDidNotStart, match="broken did not start"):
        supervisor.start(program)
