"""What the wallet's pages may load and do: our own files, our own server, and the server of live balances."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.conf import settings
from django.http import HttpResponseBase

P = ParamSpec("P")


def content_security_policy() -> str:
    live = f" {settings.LIVE_URL}" if settings.LIVE_URL else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        f"connect-src 'self'{live}; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def guarded_page(view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Decorator of views that answer with a page."""

    @wraps(view)
    def with_headers(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(*args, **kwargs)
        response.headers["Content-Security-Policy"] = content_security_policy()
        response.headers["Referrer-Policy"] = "same-origin"  # an address may hold a link's token
        response.headers["Cache-Control"] = "no-store"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        return response

    return with_headers
