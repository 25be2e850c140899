"""``incust backup`` and ``incust restore``: PostgreSQL's own pg_dump and pg_restore, with what a newcomer would forget.

A restored database is brought to this version of the program, counts on from far ahead (``incust skip-numbers``) and
is compared (``incust ledger verify``) before it takes the place of the present one, which is kept aside. See
docs/backup.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from .database import connection_parameters
from .migrate import create_database, prepare_database
from .postgres.folders import client_program


class BackupRefused(Exception):
    """Why nothing was written or changed; a sentence for whoever runs the server."""


def backup(file: Path) -> str:
    """Write all of the database into a new file that only its owner can read. Returns what was done, in a sentence.

    Raises `BackupRefused`: the file exists, the login does not see every row, or pg_dump refuses.
    """
    if file.exists():
        raise BackupRefused(f"{file} exists already. Give each backup a name of its own.")
    _require_full_sight()
    started = time.monotonic()
    partial = file.with_name(f"{file.name}.partial")
    partial.touch(mode=0o600)
    try:
        _run("pg_dump", "--format=custom", f"--file={partial}", database=_present())
        partial.rename(file)
    finally:
        partial.unlink(missing_ok=True)
    return f"{file}: {file.stat().st_size / 1e6:.1f} MB in {time.monotonic() - started:.0f} s."


def restore(file: Path, *, replace: bool) -> str:
    """Put the database of a backup in the place of the present one. Returns what was done, in a sentence.

    Raises `BackupRefused`, and the present database has not been touched: no backup, a server or worker is still at
    work, there is data and `replace` was not said, or what was restored does not pass `incust ledger verify`.
    """
    started = time.monotonic()
    _run("pg_restore", "--list", str(file))
    prepare_database()
    _require_full_sight()
    target, fresh = _present(), f"{_present()}_restoring"
    has_data = _has_data(target)
    if has_data and not replace:
        raise BackupRefused(f"The database {target} is in use. Say --replace to put the backup in its place.")
    _require_nobody_inside(target)
    with _administrator("postgres") as admin:
        _drop(admin, fresh)
        create_database(admin, fresh)
    print(f"Restoring {file} …", flush=True)
    _run("pg_restore", "--exit-on-error", str(file), database=fresh)
    for step in ("migrate", "skip-numbers", "ledger verify"):
        environment = {**os.environ, "INCUST_DATABASE": fresh}
        if subprocess.run([sys.executable, "-m", "incust", *step.split()], env=environment, check=False).returncode:
            raise BackupRefused(f"`incust {step}` failed over what was restored; it is kept as the database {fresh}.")
    aside = _swap(target, fresh, has_data=has_data)
    seconds = f"{time.monotonic() - started:.0f} s"
    return f"Restored in {seconds}." + (f" What was there before is kept as the database {aside}." if has_data else "")


def _swap(target: str, fresh: str, *, has_data: bool) -> str:
    """The restored database takes the name of the present one; both names change at once, or neither."""
    aside = f"{target}_before_{datetime.now(tz=UTC):%Y%m%d_%H%M%S}"
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    _require_nobody_inside(target)
    with _administrator("postgres") as admin:
        if not has_data:
            _drop(admin, target)
        with admin.transaction():
            if has_data:
                admin.execute(rename.format(sql.Identifier(target), sql.Identifier(aside)))
            admin.execute(rename.format(sql.Identifier(fresh), sql.Identifier(target)))
    return aside


def _present() -> str:
    return str(connection_parameters(role="")["dbname"])


def _administrator(database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(**connection_parameters(role="", database=database), autocommit=True)


def _drop(admin: psycopg.Connection[Any], database: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(database)))


def _has_data(database: str) -> bool:
    with _administrator(database) as admin:
        found = admin.execute("SELECT to_regclass('businesses.business') IS NOT NULL").fetchone()
    return found == (True,)


def _require_full_sight() -> None:
    """Row-level security binds even the owner of the tables: who is bound by it would save a part of the rows."""
    with _administrator(_present()) as admin:
        row = admin.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = session_user").fetchone()
    if row != (True,):
        raise BackupRefused("The user of DATABASE_URL does not see all rows: give it BYPASSRLS, or use a superuser.")


def _require_nobody_inside(database: str) -> None:
    with _administrator("postgres") as admin:
        row = admin.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [database]).fetchone()
    if row != (0,):
        raise BackupRefused("The database is in use: stop `incust serve` and everything else that is connected first.")


def _run(program: str, *arguments: str, database: str | None = None) -> None:
    """Run a client of PostgreSQL, on a database or none. Raises `BackupRefused` with what it says."""
    environment = dict(os.environ)
    command = [str(client_program(program)), *arguments]
    if database is not None:
        parameters = connection_parameters(role="", database=database)
        environment["PGPASSWORD"] = parameters.pop("password")  # not on the command line, where others could read it
        command.append(f"--dbname={make_conninfo(**parameters)}")
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    if done.returncode:
        raise BackupRefused(f"{program}: {done.stderr.decode(errors='replace').strip()}")
