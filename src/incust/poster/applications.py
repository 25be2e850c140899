"""The applications we are in Poster: the one of the settings, and white-label ones of the table."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DatabaseError, connection

from incust.businesses.encryption import decrypt, encrypt

from .models import Application

KNOWN_FOR_S = 60
"""A process asks the table again after so long, so that a new application needs no restart."""
READ_AGAIN_AFTER_FAILURE_S = 5


@dataclass(frozen=True, kw_only=True)
class KnownApplication:
    """``secret`` never shows in logs or error reports."""

    application_id: str
    name: str
    secret: str = field(repr=False)


_lock = threading.Lock()
_in_table: tuple[KnownApplication, ...] | None = None
_read_again_at = 0.0

log = logging.getLogger(__name__)


def known_applications() -> tuple[KnownApplication, ...]:
    """All applications, the one of the settings first. The table's are kept per process for `KNOWN_FOR_S`, and longer
    while the database is away."""
    # The settings win over a row of the same number: there the secret is changed without the database.
    rows = (row for row in _of_table() if row.application_id != settings.POSTER_APPLICATION_ID)
    return (*_of_settings(), *rows)


def secret_of(application_id: str) -> str | None:
    """The application's secret, or ``None`` if it is not ours."""
    found = application_of(application_id)
    return found.secret if found else None


def application_of(application_id: str) -> KnownApplication | None:
    """By its number. That of the settings, which nearly every register has, is known without the database."""
    return next(
        (
            known
            for applications in (_of_settings, known_applications)
            for known in applications()
            if known.application_id == application_id
        ),
        None,
    )


def application_named(name: str) -> KnownApplication | None:
    """The application by the name a person typed; large and small letters are alike."""
    wanted = name.strip().casefold()
    return next((known for known in known_applications() if known.name.casefold() == wanted), None)


def own_application() -> KnownApplication | None:
    """The application that comes with the installation; ``None`` while the settings name none."""
    return application_of(settings.POSTER_APPLICATION_ID) if settings.POSTER_APPLICATION_ID else None


def register_application(*, application_id: str, name: str, secret: str) -> None:
    """Add a white-label application, or replace the name and secret of a known one."""
    Application.objects.update_or_create(
        application_id=application_id, defaults={"name": name, "secret_encrypted": encrypt(secret)}
    )
    forget_known()


def forget_known() -> None:
    """Read the table again at the next look-up."""
    global _in_table, _read_again_at
    with _lock:
        _in_table, _read_again_at = None, 0.0


def _of_settings() -> tuple[KnownApplication, ...]:
    if not settings.POSTER_APPLICATION_ID or not settings.POSTER_APPLICATION_SECRET:
        return ()
    own = KnownApplication(
        application_id=settings.POSTER_APPLICATION_ID,
        name=settings.POSTER_APPLICATION_NAME,
        secret=settings.POSTER_APPLICATION_SECRET,
    )
    return (own,)


def _of_table() -> tuple[KnownApplication, ...]:
    """One thread reads the table, the others go on with what they know: nobody waits for anybody's query."""
    global _in_table, _read_again_at
    with _lock:
        known = _in_table
        if known is not None and time.monotonic() < _read_again_at:
            return known
        _read_again_at = time.monotonic() + READ_AGAIN_AFTER_FAILURE_S
    try:
        rows = tuple(_read())
    except DatabaseError as error:
        if known is None or connection.in_atomic_block:
            raise
        log.warning("applications: the database refused: %s", type(error).__name__)
        return known
    with _lock:
        _in_table, _read_again_at = rows, time.monotonic() + KNOWN_FOR_S
    return rows


def _read() -> list[KnownApplication]:
    return [
        KnownApplication(application_id=row.application_id, name=row.name, secret=decrypt(row.secret_encrypted))
        for row in Application.objects.order_by("name")
    ]
