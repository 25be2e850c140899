"""The web server's entrance: requests of tills by a short way, everything else by Django's whole chain."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.middleware.common import CommonMiddleware
from django.middleware.security import SecurityMiddleware

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "incust.config.settings")

TILLS = "/terminal/v1/"


class TillHandler(WSGIHandler):
    """Serves operations of the terminal API without session, forms, messages and static files.

    They use none of these, and passing through them took more time than all else outside of the database together.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        """Instead of ``MIDDLEWARE``: security headers, host and length, and exceptions turned into responses."""
        self._view_middleware = []
        self._template_response_middleware = []
        self._exception_middleware = []
        innermost = convert_exception_to_response(self._get_response)
        # CommonMiddleware checks the host and sets Content-Length: without it answers would be sent in chunks.
        common = convert_exception_to_response(CommonMiddleware(innermost))
        self._middleware_chain = convert_exception_to_response(SecurityMiddleware(common))


_pages = get_wsgi_application()
_tills = TillHandler()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The WSGI application."""
    of_till = environ["REQUEST_METHOD"] == "POST" and environ.get("PATH_INFO", "").startswith(TILLS)
    return (_tills if of_till else _pages)(environ, start_response)  # type: ignore[no-any-return]
