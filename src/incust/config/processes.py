"""Running several programs as one: started in order, watched, restarted when they die, stopped together."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

READY_SECONDS_MAX = 60
STOP_SECONDS_MAX = 15
LEFT_BEHIND_SECONDS_MAX = 10
RESTARTS_MAX_PER_MINUTE = 5


class ProgramDidNotStart(Exception):
    """A program ended or did not answer in time. The message says which, and where its log is."""


class AlreadySupervised(Exception):
    """Another process runs the programs of this data folder. The message is a sentence for who started the second."""


class Kept(Protocol):
    """What a supervisor keeps running beside its programs: the database."""

    def revive(self) -> bool:
        """Start it again where it has died, without waiting until it answers; says whether it had."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """One child: its command, what it adds to the environment, and the address that answers when it is ready."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_url: str = ""


@contextmanager
def sole_supervision(logs: Path) -> Iterator[None]:
    """While it lasts nobody else supervises programs that log to this folder. What a supervisor that was killed left
    running is ended first: it would keep the ports. Raises `AlreadySupervised`.
    """
    logs.mkdir(parents=True, exist_ok=True)
    with open(logs / "supervisor.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadySupervised(f"inCust runs already over {logs.resolve().parent}; stop it first.") from None
        _end_what_was_left_behind(logs)
        yield


class Supervisor:
    """Keeps programs running until told to stop. Use as a context manager: leaving it stops them, last first.

    ``kept`` is looked after as well, and left running: who started it stops it.
    """

    def __init__(self, logs: Path, kept: Sequence[Kept] = ()) -> None:
        self._logs = logs
        self._kept = kept
        self._children: list[tuple[Program, subprocess.Popen[bytes]]] = []
        self._restarts: dict[str, list[float]] = {}
        self._stop = threading.Event()
        self._handlers: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Supervisor:
        self._logs.mkdir(parents=True, exist_ok=True)
        self._handlers = {
            number: signal.signal(number, lambda *_: self._stop.set()) for number in (signal.SIGINT, signal.SIGTERM)
        }
        return self

    def __exit__(self, *_error: object) -> None:
        for _program, process in reversed(self._children):
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS_MAX
        for _program, process in reversed(self._children):
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            _end_group(process)
            process.wait(5)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def start(self, *programs: Program) -> None:
        """Start the programs side by side and wait until each answers. Raises `ProgramDidNotStart`."""
        for program in programs:
            self._children.append((program, self._launch(program)))
        for program, process in self._children[-len(programs) :]:
            self._wait_until_ready(program, process)

    def watch(self) -> int:
        """Restart what dies, until SIGINT or SIGTERM; gives 0 then.

        A program that keeps dying is restarted `RESTARTS_MAX_PER_MINUTE` times a minute and no oftener: the others
        serve the tills meanwhile, and whatever it lacks may come back.
        """
        while not self._stop.wait(0.5):
            for kept in self._kept:
                if kept.revive():
                    _complain(f"{type(kept).__name__} had ended and is started again")
            for index, (program, process) in enumerate(self._children):
                if process.poll() is None:
                    continue
                _end_group(process)
                if self._may_restart(program):
                    self._children[index] = (program, self._launch(program))
        return 0

    def _launch(self, program: Program) -> subprocess.Popen[bytes]:
        with open(self._log(program), "ab") as log:
            return subprocess.Popen(
                list(program.command),
                env={**os.environ, **program.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _wait_until_ready(self, program: Program, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + READY_SECONDS_MAX
        while program.ready_url and not _answers(program.ready_url):
            if process.poll() is not None or time.monotonic() > deadline or self._stop.is_set():
                raise ProgramDidNotStart(f"{program.name} did not start; see {self._log(program)}")
            time.sleep(0.1)

    def _may_restart(self, program: Program) -> bool:
        now = time.monotonic()
        recent = [at for at in self._restarts.get(program.name, []) if now - at < 60]
        self._restarts[program.name] = recent
        if len(recent) >= RESTARTS_MAX_PER_MINUTE:
            return False
        recent.append(now)
        if len(recent) == RESTARTS_MAX_PER_MINUTE:
            _complain(f"{program.name} keeps ending; see {self._log(program)}")
        return True

    def _log(self, program: Program) -> Path:
        return self._logs / f"{program.name}.log"


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what a program leaves behind: its own children would keep the port after a kill -9 of the parent."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _end_what_was_left_behind(logs: Path) -> None:
    """By the logs they write to: a number may belong to another process by now, and some wipe their environment.

    Who started us may have our own output go there as well, and is spared.
    """
    spared = _ourselves_and_ancestors()
    deadline = time.monotonic() + LEFT_BEHIND_SECONDS_MAX
    while found := [pid for pid in _processes() - spared if _writes_to(pid, logs.resolve())]:
        if time.monotonic() > deadline:
            raise AlreadySupervised(f"The processes {found} of an earlier inCust do not end.")
        for pid in found:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # gone meanwhile
        time.sleep(0.05)


def _processes() -> set[int]:
    return {int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()}


def _ourselves_and_ancestors() -> set[int]:
    found: set[int] = set()
    pid = os.getpid()
    while pid > 0:
        found.add(pid)
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return found


def _writes_to(pid: int, logs: Path) -> bool:
    """Whether its output and errors go to a log of this folder; not where it is not ours to ask, or has ended."""
    try:
        return all(Path(os.readlink(f"/proc/{pid}/fd/{number}")).parent == logs for number in (1, 2))
    except OSError:
        return False


def _complain(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 (our own loopback addresses)
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
