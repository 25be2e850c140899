"""The web server as `incust serve` runs it, over one of the bench's databases."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.free_port import free_port

READY_S_MAX = 60


@dataclass(frozen=True, kw_only=True)
class Web:
    """A running server: where it answers, and what it needs."""

    port: int
    process_id: int
    database: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def memory_mb(self) -> float:
        """Memory of all its processes; what they share is divided among them."""
        return sum(_memory_kb(process) for process in _with_children(self.process_id)) / 1024

    def database_connections(self) -> int:
        """How many connections it has to PostgreSQL now."""
        from .database import administrator

        with administrator() as admin:
            row = admin.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usename = 'incust_app'", [self.database]
            ).fetchone()
        return int(row[0]) if row else 0


@contextmanager
def running(database: str) -> Iterator[Web]:
    """Start it on a free port, with as many processes and threads as `incust serve` has by default."""
    from incust.config.command_line import _parser
    from incust.config.serve import programs

    port = free_port()
    workers = _parser().parse_args(["serve"]).web_workers
    web = next(program for program in programs(port=port, live_port=port, web_workers=workers) if program.name == "web")
    # Collected at an installation; the operations of tills need none of it, and its absence would be warned of.
    (Path(os.environ["INCUST_DATA"]) / "static").mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "INCUST_DATABASE": database, "INCUST_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    process = subprocess.Popen(list(web.command), stdout=subprocess.DEVNULL, stderr=sys.stderr, env=environment)
    try:
        _wait_until_ready(process, str(web.ready_url))
        yield Web(port=port, process_id=process.pid, database=database)
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_ready(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + READY_S_MAX
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the web server did not start")


def _with_children(process_id: int) -> list[int]:
    found = [process_id]
    for task in Path(f"/proc/{process_id}/task").glob("*/children"):
        for child in task.read_text().split():
            found += _with_children(int(child))
    return found


def _memory_kb(process_id: int) -> int:
    for line in Path(f"/proc/{process_id}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
