"""``incust migrate``: roles and database, Django's migrations, then all SQL functions anew in one transaction."""

from __future__ import annotations

import importlib
import os
from pathlib import Path

import psycopg
from psycopg import sql

from .database import OWNER_ROLE, connection_parameters, external_url

ROOMS_WITH_SQL = (
    "businesses", "ledger", "messaging", "customers", "programs", "checks", "poster", "wallet", "terminal_api",
)  # fmt: skip
"""In the order of the layers, lowest first."""

MIGRATION_LOCK = 5_118_001
"""Advisory lock: two `incust migrate` at once run one after the other."""


def prepare_database(database: str | None = None, *, template: str | None = None) -> None:
    """Create the roles and, on the embedded server, the database. Harmless when they are there."""
    roles = (Path(__file__).parent / "postgres" / "roles.sql").read_text()
    target = database or connection_parameters(role="")["dbname"]
    maintenance = target if external_url() and database is None else "postgres"
    with psycopg.connect(**connection_parameters(role="", database=maintenance), autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        admin.execute(roles)
        if external_url():
            admin.execute(
                sql.SQL("GRANT {}, {} TO CURRENT_USER").format(*map(sql.Identifier, (OWNER_ROLE, "incust_app")))
            )
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [target]).fetchone() is None:
            create_database(admin, target, template=template)
    with psycopg.connect(**connection_parameters(role="", database=target), autocommit=True) as admin:
        admin.execute(f"GRANT CREATE ON DATABASE {_identifier(admin, target)} TO {OWNER_ROLE}")
        admin.execute(f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER_ROLE}")
        admin.execute("GRANT USAGE ON SCHEMA public TO incust_app, incust_lookup")
        admin.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public")
        admin.execute(
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} IN SCHEMA public "
            "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO incust_app"
        )
        admin.execute(
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} IN SCHEMA public GRANT USAGE ON SEQUENCES TO incust_app"
        )


def create_database(admin: psycopg.Connection[tuple[object, ...]], name: str, *, template: str | None = None) -> None:
    """``CREATE DATABASE``, as a copy of ``template`` where one is given (about 0.1 s)."""
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
        sql.Identifier(name), sql.Identifier(template or "template0"), sql.Identifier(OWNER_ROLE)
    )
    admin.execute(statement)


def migrate(database: str | None = None) -> None:
    """Bring the database to this version of the program. Must run in a process of its own: it connects as the owner."""
    os.environ["INCUST_DATABASE_ROLE"] = OWNER_ROLE
    if database:
        os.environ["INCUST_DATABASE"] = database
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "incust.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    install_functions(database)


def install_functions(database: str | None = None) -> None:
    """Reinstall every function of every room (``*/sql/*.sql``), all or nothing."""
    with psycopg.connect(**connection_parameters(role=OWNER_ROLE, database=database)) as owner:
        # Functions may call functions of files that come later.
        owner.execute("SET LOCAL check_function_bodies = off")
        for path in function_files():
            try:
                owner.execute(path.read_text().encode())
            except psycopg.Error as error:
                raise FunctionFileRefused(f"{path.parent.parent.name}/sql/{path.name}: {error}") from error


def function_files() -> list[Path]:
    """All SQL files in the order in which they are installed."""
    found: list[Path] = []
    for room in ROOMS_WITH_SQL:
        try:
            package = importlib.import_module(f"incust.{room}")
        except ModuleNotFoundError:
            continue
        folder = Path(next(iter(package.__path__))) / "sql"
        found += sorted(folder.glob("*.sql"))
    return found


class FunctionFileRefused(Exception):
    """PostgreSQL refused a file; the message names it."""


def _identifier(connection: psycopg.Connection[tuple[object, ...]], name: str) -> str:
    return sql.Identifier(name).as_string(connection)
