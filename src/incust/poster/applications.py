"""The applications we are in Poster: the one of the settings, and white-label ones of the table."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from django.conf import settings

from incust.businesses.encryption import decrypt, encrypt

from .models import Application

KNOWN_FOR_S = 60
"""A process asks the table again after so long, so that a new application needs no restart."""


@dataclass(frozen=True, kw_only=True)
class KnownApplication:
    """``secret`` never shows in logs or error reports."""

    application_id: str
    name: str
    secret: str = field(repr=False)


_lock = threading.Lock()
_known: tuple[KnownApplication, ...] = ()
_known_until = 0.0


def known_applications() -> tuple[KnownApplication, ...]:
    """All applications, the one of the settings first. Kept per process for `KNOWN_FOR_S`."""
    global _known, _known_until
    with _lock:
        if time.monotonic() >= _known_until:
            _known = tuple(_read())
            _known_until = time.monotonic() + KNOWN_FOR_S
        return _known


def secret_of(application_id: str) -> str | None:
    """The application's secret, or ``None`` if it is not ours."""
    return next((known.secret for known in known_applications() if known.application_id == application_id), None)


def application_of(application_id: str) -> KnownApplication | None:
    return next((known for known in known_applications() if known.application_id == application_id), None)


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
    global _known_until
    with _lock:
        _known_until = 0.0


def _read() -> list[KnownApplication]:
    # The settings win over a row of the same number: there the secret is changed without the database.
    of_settings = []
    if settings.POSTER_APPLICATION_ID and settings.POSTER_APPLICATION_SECRET:
        of_settings.append(
            KnownApplication(
                application_id=settings.POSTER_APPLICATION_ID,
                name=settings.POSTER_APPLICATION_NAME,
                secret=settings.POSTER_APPLICATION_SECRET,
            )
        )
    rows = Application.objects.exclude(application_id=settings.POSTER_APPLICATION_ID).order_by("name")
    return of_settings + [
        KnownApplication(application_id=row.application_id, name=row.name, secret=decrypt(row.secret_encrypted))
        for row in rows
    ]
