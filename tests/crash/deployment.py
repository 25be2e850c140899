"""The server as its owner runs it: ``incust serve`` over a data folder of its own, with durable settings."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from incust.config.postgres.folders import folders_for
from incust.config.postgres.server import PostgresServer
from tests.free_port import free_port

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN_S = 120
COMES_BACK_WITHIN_S = 60
PARTS = ("postgres", "web", "worker", "web's child", "postgres's child")
"""What can be killed. The children are the process that answers requests, and one that serves a connection."""


@dataclass(frozen=True, kw_only=True)
class Guest:
    customer_id: int
    phone: str
    email: str


@dataclass(frozen=True, kw_only=True)
class Cafe:
    """`keys` are the API keys of its terminals."""

    business_id: int
    keys: tuple[str, ...]
    guests: tuple[Guest, ...]


class Deployment:
    """Started by ``with``; leaving it stops all and removes the database."""

    def __init__(self, folder: Path, *, smtp_port: int, public_url: str = "") -> None:
        self.data = folder / "data"
        self.data.mkdir(parents=True)
        self.port = free_port()
        self._live_port = free_port()
        self._output = open(folder / "serve.out", "ab")  # noqa: SIM115 (open as long as it runs)
        foreign = ("INCUST_", "DATABASE_URL", "DJANGO_")
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(foreign)},
            "INCUST_DATA": str(self.data), "INCUST_PUBLIC_URL": public_url or f"http://localhost:{self.port}",
            "INCUST_SMTP_HOST": "127.0.0.1", "INCUST_SMTP_PORT": str(smtp_port),
            "INCUST_ENCRYPTION_KEYS": "dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktdGVzdC0=",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        }  # fmt: skip
        self._serve: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Deployment:
        try:
            self.start()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        try:
            assert self.stop() == 0, "it stops cleanly"
        finally:
            self._remove()

    def start(self) -> None:
        command = [
            sys.executable, "-m", "incust", "serve", "--port", str(self.port), "--live-port", str(self._live_port)
        ]  # fmt: skip
        self._serve = subprocess.Popen(
            command, env=self.environment, cwd=self.data, stdout=self._output, stderr=self._output,
            start_new_session=True,
        )  # fmt: skip
        self.wait_until_it_answers(STARTS_WITHIN_S)

    def stop(self) -> int:
        assert self._serve is not None
        self._serve.send_signal(signal.SIGTERM)
        return self._serve.wait(60)

    def kill_all_at_once(self) -> None:
        """The supervisor too: nobody is left who could restart anything. `start` begins anew."""
        assert self._serve is not None
        for pid in (self._serve.pid, *(self.pid(part) for part in ("web", "web's child", "worker", "postgres"))):
            os.kill(pid, signal.SIGKILL)
        self._serve.wait()

    def kill_supervisor(self) -> None:
        """`incust serve` alone; what it started runs on. `start` begins anew."""
        assert self._serve is not None
        self._serve.kill()
        self._serve.wait()

    def kill(self, part: str) -> None:
        """``kill -9``; raises `ProcessLookupError` where the part is not there just now."""
        os.kill(self.pid(part), signal.SIGKILL)

    def pid(self, part: str) -> int:
        """Process id of a part now; raises `ProcessLookupError` where there is none."""
        assert self._serve is not None
        if part.startswith("postgres"):
            postmaster = PostgresServer(self.data / "postgres").pid
            if postmaster is None:
                raise ProcessLookupError(part)
            return postmaster if part == "postgres" else _one(_children(postmaster), _says("incust_app"), part)
        # granian writes a title of its own over its command.
        words = "incust worker" if part == "worker" else "incust.config.wsgi:application"
        pid = _one(_children(self._serve.pid), _says(words), part)
        return _one(_children(pid), lambda _child: True, part) if part == "web's child" else pid

    def answers(self) -> bool:
        """A page that asks the database, and a worker that runs."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/terminal/v1/hello", b"{}", {"Authorization": "Bearer nobody"}
        )
        try:
            self.pid("worker")
            urllib.request.urlopen(request, timeout=2)
        except urllib.error.HTTPError as answer:
            return answer.code == 401
        except (OSError, ValueError):
            return False
        return True

    def wait_until_it_answers(self, within_s: float = COMES_BACK_WITHIN_S) -> None:
        until(self.answers, "the server does not answer", within_s)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A program of ours in the deployment's environment, such as ``-m incust ledger verify``."""
        return subprocess.run(
            [sys.executable, *command], env=self.environment, cwd=self.data, capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip

    def open_cafe(self, name: str, *, tills: int, guests: int) -> Cafe:
        done = self.run("-m", "tests.crash.open_cafe", name, str(tills), str(guests))
        assert done.returncode == 0, done.stderr
        made = json.loads(done.stdout)
        return Cafe(
            business_id=made["business_id"], keys=tuple(made["keys"]),
            guests=tuple(Guest(**guest) for guest in made["guests"]),
        )  # fmt: skip

    @contextmanager
    def books(self) -> Iterator[psycopg.Connection[Any]]:
        """The administrator's connection, which looks past all fences; each statement commits."""
        socket = folders_for(self.data / "postgres").socket
        with psycopg.connect(host=str(socket), user="postgres", dbname="incust", autocommit=True) as connection:
            yield connection

    def log(self, program: str) -> str:
        path = self.data / "logs" / f"{program}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _remove(self) -> None:
        self._output.close()
        folders = folders_for(self.data / "postgres")
        for folder in (folders.data, folders.socket):
            shutil.rmtree(folder, ignore_errors=True)


def until(condition: Callable[[], Any], complaint: str, within_s: float = COMES_BACK_WITHIN_S) -> Any:
    """The condition's value once it is true; a database or a part that is away meanwhile is waited for."""
    deadline = time.monotonic() + within_s
    while True:
        try:
            if found := condition():
                return found
        except (psycopg.OperationalError, ProcessLookupError):
            pass
        assert time.monotonic() < deadline, complaint
        time.sleep(0.05)


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task")
    try:
        return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]
    except OSError:
        return []


def _says(words: str) -> Callable[[int], bool]:
    return lambda pid: words in _command(pid)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _one(pids: list[int], fits: Callable[[int], bool], part: str) -> int:
    for pid in pids:
        if fits(pid):
            return pid
    raise ProcessLookupError(part)
