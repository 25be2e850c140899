"""A durable server of the bench's own, and the databases in it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
APPLICATION_ID, APPLICATION_SECRET = "1", "secret-of-the-bench"
MAIN = "incust_bench"


def configure() -> None:
    """Set the environment for this process and its children. Before anything of the product is imported."""
    os.environ |= {
        "INCUST_DATA": os.environ.get("BENCH_DATA", str(ROOT / ".data" / "bench")),
        "INCUST_DATABASE": MAIN,
        "INCUST_PUBLIC_URL": "http://127.0.0.1",
        "INCUST_POSTER_APPLICATION_ID": APPLICATION_ID,
        "INCUST_POSTER_APPLICATION_SECRET": APPLICATION_SECRET,
        "DJANGO_SETTINGS_MODULE": "incust.config.settings",
    }
    os.environ.setdefault("INCUST_ENCRYPTION_KEYS", "YmVuY2gta2V5LWJlbmNoLWtleS1iZW5jaC1rZXktYmU=")
    os.environ.pop("DATABASE_URL", None)


def is_served() -> bool:
    """Whether the server runs."""
    from incust.config import database
    from incust.config.postgres.server import PostgresServer

    return PostgresServer(database.embedded_home()).alive()


@contextmanager
def server() -> Iterator[None]:
    """The server with full durability, as `incust serve` starts it."""
    from incust.config import database
    from incust.config.postgres.server import PostgresServer, Settings

    running = PostgresServer(database.embedded_home(), Settings(durable=True))
    running.start()
    try:
        yield
    finally:
        running.stop()


def administrator(name: str = "postgres") -> Any:
    """A connection past all fences, for making data and reading statistics. Commits by itself."""
    import psycopg

    from incust.config import database

    return psycopg.connect(**database.connection_parameters(role="", database=name), autocommit=True)


def make_anew(name: str) -> None:
    """Drop the database if it is there, create and migrate it."""
    with administrator() as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    run(name, "incust", "migrate")


def run(name: str, module: str, *arguments: str) -> None:
    """`python -m module …` upon the database `name`, in a process of its own, because Django enters one only.

    Raises `RuntimeError` with what it said where it did not end well.
    """
    command, environment = [sys.executable, "-m", module, *arguments], {**os.environ, "INCUST_DATABASE": name}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} of {name} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def let_the_baseline_write() -> None:
    """In this throw-away database the application's role may write the ledger, so that hand-written statements can do
    the same writes as the same role, behind the same policies and triggers."""
    import psycopg

    from incust.config import database

    with psycopg.connect(**database.connection_parameters(role=database.OWNER_ROLE)) as owner:
        owner.execute("GRANT INSERT, UPDATE ON ALL TABLES IN SCHEMA ledger, messaging TO incust_app")
        owner.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA ledger, messaging TO incust_app")


def settle(name: str) -> None:
    """Plans and visibility as after a night's vacuum, and no writes of the past left for the measured time."""
    with administrator(name) as admin:
        admin.execute("VACUUM ANALYZE")
        admin.execute("CHECKPOINT")
