"""The web server's entrance: requests of tills by a short way, everything else by Django's whole chain."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.security import SecurityMiddleware
from django.urls import ResolverMatch, get_resolver, set_script_prefix

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "incust.config.settings")

TILLS = "/terminal/v1/"
PATHS_MAX = 256
"""Whose view a process remembers: all operations, and those of some customers' numbers."""


class TillHandler(WSGIHandler):
    """Serves operations of the terminal API without session, forms, messages, static files and signals.

    They use none of these, and passing through them took more time than all else outside of the database together.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        """Instead of ``MIDDLEWARE``: host, length and security headers, and exceptions turned into responses."""
        self._view_middleware = []
        self._template_response_middleware = []
        self._exception_middleware = []
        self._security = SecurityMiddleware(self._get_response)
        self._security_headers_of: dict[bool, list[tuple[str, str]]] = {}
        self._middleware_chain = convert_exception_to_response(self._answer)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer whole: operations never stream."""
        set_script_prefix("/")
        request = self.request_class(environ)
        try:
            response = self.get_response(request)
            content = response.content
        finally:
            # What Django hangs on its signal `request_finished`: connections go back to the pool.
            for connection in connections.all(initialized_only=True):
                connection.close_if_unusable_or_obsolete()
        # Without a length, answers would be sent in chunks.
        headers = [*response.items(), *self._security_headers(request), ("Content-Length", str(len(content)))]
        start_response(f"{response.status_code} {response.reason_phrase}", headers)
        return (content,)

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """The operation's view, looked up once for each path."""
        request.resolver_match = match = _operation(request.path_info)
        return match

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        request.get_host()  # refuses a host that is none of ours
        return self._get_response(request)

    def _security_headers(self, request: HttpRequest) -> list[tuple[str, str]]:
        # They depend on the scheme alone; so they are made once for each.
        is_secure = request.is_secure()
        if is_secure not in self._security_headers_of:
            empty = HttpResponseBase(content_type="-")
            del empty.headers["Content-Type"]
            self._security_headers_of[is_secure] = list(self._security.process_response(request, empty).items())
        return self._security_headers_of[is_secure]


@lru_cache(maxsize=PATHS_MAX)
def _operation(path: str) -> ResolverMatch:
    return get_resolver().resolve(path)


_pages = get_wsgi_application()
_tills = TillHandler()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The WSGI application."""
    of_till = environ["REQUEST_METHOD"] == "POST" and environ.get("PATH_INFO", "").startswith(TILLS)
    return (_tills if of_till else _pages)(environ, start_response)  # type: ignore[no-any-return]
