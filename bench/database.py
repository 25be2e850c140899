"""A durable server and database of the bench's own, made anew for each run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPLICATION_ID, APPLICATION_SECRET = "1", "secret-of-the-bench"


def configure(port: int) -> None:
    """Set the environment for this process and its children. Before anything of the product is imported."""
    os.environ |= {
        "INCUST_DATA": str(ROOT / ".data" / "bench"),
        "INCUST_DATABASE": "incust_bench",
        "INCUST_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "INCUST_POSTER_APPLICATION_ID": APPLICATION_ID,
        "INCUST_POSTER_APPLICATION_SECRET": APPLICATION_SECRET,
        "DJANGO_SETTINGS_MODULE": "incust.config.settings",
    }
    os.environ.setdefault("INCUST_ENCRYPTION_KEYS", "YmVuY2gta2V5LWJlbmNoLWtleS1iZW5jaC1rZXktYmU=")
    os.environ.pop("DATABASE_URL", None)


@contextmanager
def fresh_database() -> Iterator[None]:
    """Start the server with full durability, make the database anew, migrate it."""
    import psycopg

    from incust.config import database, migrate
    from incust.config.postgres.server import PostgresServer, Settings

    server = PostgresServer(database.embedded_home(), Settings(durable=True))
    server.start()
    try:
        with psycopg.connect(**database.connection_parameters(role="", database="postgres"), autocommit=True) as admin:
            admin.execute("DROP DATABASE IF EXISTS incust_bench WITH (FORCE)")
        migrate.prepare_database()
        subprocess.run([sys.executable, "-m", "incust", "migrate"], check=True, stdout=subprocess.DEVNULL)
        yield
    finally:
        server.stop()


def let_the_baseline_write() -> None:
    """In this throw-away database the application's role may write the ledger, so that hand-written statements can do
    the same writes as the same role, behind the same policies and triggers."""
    import psycopg

    from incust.config import database

    with psycopg.connect(**database.connection_parameters(role=database.OWNER_ROLE)) as owner:
        owner.execute("GRANT INSERT, UPDATE ON ALL TABLES IN SCHEMA ledger, messaging TO incust_app")
        owner.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA ledger, messaging TO incust_app")
