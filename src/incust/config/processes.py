"""Running several programs as one: started in order, watched, restarted when they die, stopped together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

READY_SECONDS_MAX = 60
STOP_SECONDS_MAX = 15
RESTARTS_MAX_PER_MINUTE = 5


class ProgramDidNotStart(Exception):
    """A program ended or did not answer in time. The message says which, and where its log is."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """One child: its command, what it adds to the environment, and the address that answers when it is ready."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_url: str = ""


class Supervisor:
    """Keeps programs running until told to stop. Use as a context manager: leaving it stops them, last first."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
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
        """Restart what dies, until SIGINT or SIGTERM. Gives 0 then, or 1 if a program keeps dying."""
        while not self._stop.wait(0.5):
            for index, (program, process) in enumerate(self._children):
                if process.poll() is None:
                    continue
                _end_group(process)
                if self._dies_too_often(program):
                    print(f"{program.name} keeps ending; see {self._log(program)}", file=sys.stderr)
                    return 1
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

    def _dies_too_often(self, program: Program) -> bool:
        now = time.monotonic()
        recent = [at for at in self._restarts.get(program.name, []) if now - at < 60]
        self._restarts[program.name] = [*recent, now]
        return len(recent) >= RESTARTS_MAX_PER_MINUTE

    def _log(self, program: Program) -> Path:
        return self._logs / f"{program.name}.log"


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what a program leaves behind: its own children would keep the port after a kill -9 of the parent."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 (our own loopback addresses)
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
