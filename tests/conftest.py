"""Real PostgreSQL for every test, entered as the application's own role.

The first process of a run starts a server of its own under ``.data/test`` (unless ``DATABASE_URL`` names one),
migrates a template database once per version of the schema, and every worker works in a copy of it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import psycopg
import pytest

from incust.config import database, migrate
from incust.config.postgres.server import PostgresServer, Settings

ROOT = Path(__file__).resolve().parent.parent
pytest_plugins = ["tests.crash.running"]

_server: PostgresServer | None = None
_users: IO[str] | None = None


def pytest_configure(config: pytest.Config) -> None:
    global _server, _users
    if hasattr(config, "workerinput") or database.external_url():
        return
    _server = PostgresServer(database.embedded_home(), Settings(durable=False))
    _server.folders.home.mkdir(parents=True, exist_ok=True)
    # Runs side by side share the server; the last one to end stops it.
    _users = open(_server.folders.home / "users.lock", "w")  # noqa: SIM115 (held until the run ends)
    fcntl.flock(_users, fcntl.LOCK_SH)
    _server.start()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from tests.spreading import BrowserModulesTogether

    return BrowserModulesTogether(config, log)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _server is None or _users is None:
        return
    with _users:
        try:
            fcntl.flock(_users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return
        _server.start()  # takes over the supervision, should another run have started it
        _server.stop()


def _schema_version() -> str:
    """Changes whenever a migration, a model or an SQL function does."""
    digest = hashlib.sha256()
    source = ROOT / "src" / "incust"
    schema = [*source.glob("*/sql/*.sql"), *source.glob("*/migrations/*.py"), *source.glob("*/migrations/*.sql")]
    for path in sorted([*schema, source / "config/migrate.py"]):
        digest.update(path.read_bytes())
    for path in (source / "config/settings.py", source / "businesses/schema.py", source / "config/postgres/roles.sql"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _administrator(name: str = "postgres") -> psycopg.Connection[Any]:
    return psycopg.connect(**database.connection_parameters(role="", database=name), autocommit=True)


def _ensure_template() -> str:
    name = f"incust_template_{_schema_version()}"
    with _administrator() as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [77])
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        building = f"{name}_building"
        admin.execute(f'DROP DATABASE IF EXISTS "{building}" WITH (FORCE)')
        migrate.prepare_database(building)
        code = "import sys; from incust.config.migrate import migrate; migrate(sys.argv[1])"
        # Not the settings of the tests: they would name the database of a process of their own.
        environment = {
            **os.environ, "INCUST_DATABASE": building, "PYTHONPATH": str(ROOT / "src"),
            "DJANGO_SETTINGS_MODULE": "incust.config.settings",
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", code, building],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
            timeout=300,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        admin.execute(f'ALTER DATABASE "{building}" RENAME TO "{name}"')
    return name


def _copy_template(name: str) -> None:
    template = _ensure_template()
    with _administrator() as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        # One copy at a time: PostgreSQL refuses a template that another copy is reading.
        admin.execute("SELECT pg_advisory_lock(%s)", [78])
        migrate.create_database(admin, name, template=template)


def _drop(name: str) -> None:
    with _administrator() as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Replaces pytest-django's: the worker's database is a copy of the migrated template."""
    from django.db import connection

    name = os.environ["INCUST_DATABASE"]
    _copy_template(name)
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.close_pool()
    _drop(name)


@pytest.fixture
def committed_database(django_db_setup: None, django_db_blocker: Any, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of the test's own whose transactions really commit; dropped afterwards. Gives its name.

    For tests with several connections or processes. Not together with ``db``.
    """
    from django.db import connection

    worker_database = connection.settings_dict["NAME"]
    digest = hashlib.sha256(f"{os.getpid()} {request.node.nodeid}".encode()).hexdigest()[:10]
    name = f"incust_test_{digest}"
    _copy_template(name)
    with django_db_blocker.unblock():
        connection.close()
        connection.close_pool()
        connection.settings_dict["NAME"] = name
        os.environ["INCUST_DATABASE"] = name
        try:
            yield name
        finally:
            connection.close()
            connection.close_pool()
            connection.settings_dict["NAME"] = worker_database
            os.environ["INCUST_DATABASE"] = worker_database
            _drop(name)


@pytest.fixture
def as_owner() -> Iterator[psycopg.Connection[Any]]:
    """A connection of the schema's owner to the test's database, for tests that drop a guard or look past one."""
    with psycopg.connect(**database.connection_parameters(role=database.OWNER_ROLE)) as connection:
        yield connection
        connection.rollback()
