"""``incust doctor``: what is wrong with the installation, a line for each thing looked at."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

import psycopg
from cryptography.fernet import Fernet

from . import database
from .addresses import allowed_hosts, host_of, is_local, trusted_proxies
from .postgres.server import PostgresServer

VERIFIED_WITHIN = timedelta(hours=27)
"""A night is made up for within two hours."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    good: bool
    sentence: str


def examine(out: TextIO) -> int:
    """Write one line for each check. Gives 0 if all is well, else 1."""
    findings = [finding for check in CHECKS for finding in check()]
    for finding in findings:
        out.write(f"{'ok  ' if finding.good else 'BAD '}  {finding.sentence}\n")
    wrong = sum(not finding.good for finding in findings)
    out.write("All is well.\n" if not wrong else f"{wrong} of {len(findings)} need your attention.\n")
    return 1 if wrong else 0


def _database() -> Iterator[Finding]:
    if not database.external_url():
        server = PostgresServer(database.embedded_home())
        if not server.alive():
            yield Finding(good=False, sentence="The embedded PostgreSQL is not running: start `incust serve`.")
            return
    try:
        with psycopg.connect(**database.connection_parameters(role=database.APP_ROLE), connect_timeout=5) as app:
            yield from _database_answers(app)
    except psycopg.OperationalError as error:
        yield Finding(good=False, sentence=f"The database does not let us in: {str(error).strip()}")


def _database_answers(app: psycopg.Connection[tuple[object, ...]]) -> Iterator[Finding]:
    version = app.info.server_version // 10000
    yield Finding(good=version >= 15, sentence=f"PostgreSQL {version} answers (15 or newer is needed).")
    privileged = app.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user").fetchone()
    yield Finding(good=privileged == (False,), sentence="The program's role is bound by row-level security.")
    found = app.execute("SELECT to_regprocedure('checks.verification_summary()') IS NOT NULL").fetchone()
    yield Finding(
        good=found == (True,),
        sentence="The database is migrated."
        if found == (True,)
        else "The database is empty or old: run `incust migrate`.",
    )
    if found == (True,):
        yield _ledger(app, datetime.now(tz=UTC))


def _ledger(app: psycopg.Connection[tuple[object, ...]], now: datetime) -> Finding:
    """The nightly comparison: when it ran last in every business, and whether all agreed."""
    row = app.execute("SELECT oldest_at, never, differing FROM checks.verification_summary()").fetchone()
    oldest_at, never, differing = row or (None, 0, 0)
    by_hand = "run `incust ledger verify`"
    if differing:
        return Finding(good=False, sentence=f"The ledger differs in {differing} of the businesses: {by_hand}.")
    if not isinstance(oldest_at, datetime):
        waits = "The worker does so within the hour." if never else "There is no business yet."
        return Finding(good=True, sentence=f"The ledger has not been checked yet. {waits}")
    since = f"{oldest_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if now - oldest_at > VERIFIED_WITHIN:
        return Finding(
            good=False, sentence=f"The ledger was last checked at {since}: is a worker running? Or {by_hand}."
        )
    also = f" ({never} new businesses follow within the hour)" if never else ""
    return Finding(good=True, sentence=f"The ledger was checked at {since}, and all is well{also}.")


def _secrets() -> Iterator[Finding]:
    yield Finding(
        good=bool(os.environ.get("INCUST_SECRET_KEY")),
        sentence="INCUST_SECRET_KEY is set (it signs sessions and links).",
    )
    keys = [key for key in os.environ.get("INCUST_ENCRYPTION_KEYS", "").split(",") if key]
    yield Finding(
        good=bool(keys) and all(map(_is_fernet_key, keys)),
        sentence="INCUST_ENCRYPTION_KEYS holds valid keys (they encrypt tokens of Poster).",
    )
    yield Finding(
        good=bool(os.environ.get("INCUST_POSTER_APPLICATION_SECRET")),
        sentence="INCUST_POSTER_APPLICATION_ID and _SECRET are set (they verify what Poster sends).",
    )


def _is_fernet_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def _addresses() -> Iterator[Finding]:
    public = os.environ.get("INCUST_PUBLIC_URL", "")
    host = host_of(public)
    yield Finding(
        good=bool(host) and (public.startswith("https://") or is_local(public)),
        sentence=f"INCUST_PUBLIC_URL is the address that guests and Poster reach: {public or 'not set'}.",
    )
    listed = os.environ.get("INCUST_HOSTS", "")
    yield Finding(
        good=bool(host) and (not listed or host in allowed_hosts("", listed)),
        sentence=f"INCUST_HOSTS is empty or lists the host of INCUST_PUBLIC_URL ({host or 'none'}).",
    )
    if not is_local(public):
        proxies = trusted_proxies(public, os.environ.get("INCUST_TRUSTED_PROXIES", ""))
        yield Finding(
            good=proxies > 0,
            sentence=f"INCUST_TRUSTED_PROXIES counts the proxies in front ({proxies}): one at least brings TLS.",
        )


def _till() -> Iterator[Finding]:
    bundle = Path(__file__).resolve().parents[3] / "till" / "dist" / "bundle.js"
    yield Finding(good=bundle.exists(), sentence="The till bundle is built (till/dist/bundle.js).")


CHECKS: list[Callable[[], Iterator[Finding]]] = [_database, _secrets, _addresses, _till]
