"""One JSON object a line, from our own logger and from libraries alike. No secrets."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any

import msgspec
import structlog

SECRET_WORDS = ("secret", "token", "password", "authorization", "signature", "code_hash", "api_key")
HIDDEN = "[hidden]"


def without_secrets(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Hide values whose names say that they are secret, however they got there."""
    return {name: HIDDEN if _is_secret(name) else value for name, value in event.items()}


@lru_cache(maxsize=1024)
def _is_secret(name: str) -> bool:
    return any(word in name.lower() for word in SECRET_WORDS)


def _one_line(event: dict[str, Any], **_of_json: Any) -> str:
    return _encoder.encode(event).decode()


# Quicker than Python's own; a line is written for each request. What it does not know is told by `repr`.
_encoder = msgspec.json.Encoder(enc_hook=repr)


def configure_logs() -> dict[str, Any]:
    """Configure structlog, and give Django's ``LOGGING``."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            without_secrets,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_one_line),
        ],
        logger_factory=structlog.WriteLoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    json_lines = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            without_secrets,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        "foreign_pre_chain": [*shared, structlog.stdlib.add_logger_name],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": json_lines},
        "handlers": {"standard_error": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["standard_error"], "level": "WARNING"},
        "loggers": {"django.server": {"level": "ERROR"}, "incust": {"level": "INFO"}},
    }
