"""Requests of tills take the short way, pages the whole chain; both answer like themselves."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from incust.config.wsgi import application

pytestmark = pytest.mark.django_db


def ask(method: str, path: str, body: bytes = b"") -> tuple[str, dict[str, str], bytes]:
    """(status, headers, body) of one request to the WSGI application."""
    started: list[Any] = []
    response = application(
        {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000", "HTTP_HOST": "localhost", "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http",
        },
        lambda status, headers, exc_info=None: started.append((status, dict(headers))),
    )  # fmt: skip
    content = b"".join(response)
    status, headers = started[0]
    return status, headers, content


def test_an_operation_answers_with_problem_details_and_no_session() -> None:
    status, headers, content = ask("POST", "/terminal/v1/hello", b"{}")
    assert status == "401 Unauthorized"
    assert json.loads(content)["code"] == "key-unknown"
    assert headers["Content-Type"] == "application/problem+json"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Length"] == str(len(content))
    assert "Set-Cookie" not in headers


def test_an_unknown_operation_is_a_problem_too() -> None:
    status, headers, _ = ask("POST", "/terminal/v1/checks/guess", b"{}")
    assert (status, headers["Content-Type"]) == ("404 Not Found", "application/problem+json")


def test_pages_pass_the_whole_chain() -> None:
    status, headers, _ = ask("GET", "/terminal/v1/")
    assert status == "200 OK"
    assert headers["X-Frame-Options"] == "DENY"
