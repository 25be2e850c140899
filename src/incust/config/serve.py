"""``incust serve``: the database where it is ours, and the processes of the server."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from .database import embedded_home, external_url
from .postgres.server import PostgresServer
from .processes import AlreadySupervised, Program, ProgramDidNotStart, Supervisor, sole_supervision

WEB_THREADS = 8
"""As many as the pool has connections: while one waits for the disk to keep its receipt, others compute, and receipts
that are ready together are written at once."""
STATEMENT_MS_MAX = 1200
"""Of one statement of the web. A till waits two seconds; pages of the panel allow themselves more."""
CONNECTIONS_MAX = 10_000
"""Of each process. Registers and guests' pages keep theirs open, and one beyond the limit would hear nothing at all
until another is closed; what is worked on at once is bounded by threads and the database's pool, not by this."""
CONNECTIONS_WAITING_MAX = 4_096
"""Connections that come at the same moment, as after a pause of the network."""
FILES_MAX = 2 * CONNECTIONS_MAX


@contextmanager
def database_running() -> Iterator[list[PostgresServer]]:
    """Make sure that PostgreSQL runs: with ``DATABASE_URL`` it is yours, else ours is started, and stopped again.

    Gives what a supervisor has to keep running: our server, or nothing.
    """
    if external_url():
        yield []
        return
    server = PostgresServer(embedded_home())
    server.start()
    try:
        yield [server]
    finally:
        server.stop()


def migrated() -> None:
    """Migrate in a process of its own, because it connects as the owner of the schema."""
    subprocess.run([sys.executable, "-m", "incust", "migrate"], check=True, stdout=subprocess.DEVNULL)


def programs(*, port: int, live_port: int, web_workers: int) -> list[Program]:
    """The processes of the server: web (WSGI), live balances (ASGI) and the worker."""
    # A worker that was killed is replaced at once: while there is none, requests wait on the open port.
    granian = [
        sys.executable, "-m", "granian", "--host", "127.0.0.1", "--no-ws", "--log-level", "warning",
        "--respawn-failed-workers", "--respawn-interval", "0.2",
        "--backlog", str(CONNECTIONS_WAITING_MAX), "--backpressure", str(CONNECTIONS_MAX),
    ]  # fmt: skip
    return [
        Program(
            name="web",
            command=[
                *granian, "--interface", "wsgi", "--port", str(port), "--workers", str(web_workers),
                "--blocking-threads", str(WEB_THREADS), "incust.config.wsgi:application",
            ],
            environment={"INCUST_STATEMENT_TIMEOUT_MS": str(STATEMENT_MS_MAX)},
            ready_url=f"http://127.0.0.1:{port}/alive",
        ),
        Program(
            name="live",
            command=[
                *granian, "--interface", "asgi", "--port", str(live_port),
                # Guests' streams never end by themselves; their pages come back.
                "--workers-kill-timeout", "2", "incust.wallet.live:application",
            ],
            ready_url=f"http://127.0.0.1:{live_port}/alive",
        ),
        Program(name="worker", command=[sys.executable, "-m", "incust", "worker"]),
    ]  # fmt: skip


def allow_many_files() -> None:
    """Let this process and those that it starts keep as many connections open as they may, where the system allows it:
    an ordinary login starts with 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wished = FILES_MAX if hard == resource.RLIM_INFINITY else min(FILES_MAX, hard)
    if soft != resource.RLIM_INFINITY and soft < wished:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wished, hard))


def serve(*, port: int, live_port: int, web_workers: int) -> int:
    """Run the server until SIGINT or SIGTERM. Gives 1 where another process runs it over the same data folder."""
    logs = embedded_home().parent / "logs"
    allow_many_files()
    try:
        with sole_supervision(logs), database_running() as database:
            migrated()
            with Supervisor(logs, kept=database) as supervisor:
                supervisor.start(*programs(port=port, live_port=live_port, web_workers=web_workers))
                print(f"inCust answers at http://127.0.0.1:{port}", flush=True)
                return supervisor.watch()
    except (AlreadySupervised, ProgramDidNotStart) as error:
        print(error, file=sys.stderr)
        return 1
