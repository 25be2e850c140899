"""Which PostgreSQL we speak to, and as which role."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from .postgres.folders import folders_for

SEARCH_PATH = "public,businesses,ledger,messaging,customers,programs,checks,poster,wallet"
APP_ROLE = "incust_app"
OWNER_ROLE = "incust_owner"


def embedded_home() -> Path:
    """Folder of the embedded server (``INCUST_DATA``/postgres; ``.data`` of the working folder by default)."""
    return Path(os.environ.get("INCUST_DATA", ".data")).resolve() / "postgres"


def external_url() -> str:
    return os.environ.get("DATABASE_URL", "")


def connection_parameters(*, role: str, database: str | None = None) -> dict[str, Any]:
    """Parameters of libpq for connecting as ``role`` (`APP_ROLE`, `OWNER_ROLE`, or ``""`` for the administrator).

    With ``DATABASE_URL`` its user logs in and takes the role; the embedded server, which only its owner's processes
    reach, is entered as the role itself, so that no ``RESET ROLE`` leads back to a superuser.
    """
    url = external_url()
    options = f"-c search_path={SEARCH_PATH}"
    if not url:
        folders = folders_for(embedded_home())
        return {
            "host": str(folders.socket),
            "port": 5432,
            "user": role or "postgres",
            "password": "",
            "dbname": database or os.environ.get("INCUST_DATABASE", "incust"),
            "options": options,
        }
    parts = urlsplit(url)
    if role:
        options += f" -c role={role}"
    named = {
        "host": unquote(parts.hostname or ""),
        "port": parts.port or 5432,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "dbname": database or os.environ.get("INCUST_DATABASE") or unquote(parts.path.lstrip("/")),
    }
    # A socket's folder comes as ?host=/run/postgresql, and ?sslmode=… is for libpq as well.
    return {**named, **dict(parse_qsl(parts.query)), "options": options}


def django_database() -> dict[str, Any]:
    """The ``default`` entry of Django's ``DATABASES``; ``INCUST_DATABASE_ROLE`` is set by ``incust migrate`` alone."""
    parameters = connection_parameters(role=os.environ.get("INCUST_DATABASE_ROLE", APP_ROLE))
    extra = {k: v for k, v in parameters.items() if k not in {"host", "port", "user", "password", "dbname"}}
    if statement_ms := os.environ.get("INCUST_STATEMENT_TIMEOUT_MS", ""):
        # By the connection: a function's own setting does not bind the statement that calls it.
        extra["options"] += f" -c statement_timeout={int(statement_ms)}"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parameters["dbname"],
        "HOST": parameters["host"],
        "PORT": str(parameters["port"]),
        "USER": parameters["user"],
        "PASSWORD": parameters["password"],
        # The pool keeps connections open across requests; CONN_MAX_AGE must be 0 beside it.
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            **extra,
            "pool": {
                "min_size": 1,
                "max_size": int(os.environ.get("INCUST_POOL_SIZE", "8")),
                # A till waits two seconds at most; while the database is away it has to hear so within them.
                "timeout": 1,
                "max_lifetime": 1800,
            },
            "server_side_binding": False,
        },
    }
