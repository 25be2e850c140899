"""The page, its JSON, and the gateway that takes SMS. Loopback only.

- ``GET /`` the page; ``GET /messages?to=<address>`` what has arrived, the newest first; ``DELETE /messages`` clears it
- ``POST /sms`` with JSON ``{"to", "text", "sender", "key"}``: takes an SMS, 202
- ``GET /alive`` answers "ok"
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from .inbox import Inbox, Received

BODY_MAX_BYTES = 100_000
PAGE = Path(__file__).parent / "page"
FILES = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/phone.css": ("phone.css", "text/css; charset=utf-8"),
    "/phone.js": ("phone.js", "text/javascript; charset=utf-8"),
    "/favicon.svg": ("favicon.svg", "image/svg+xml"),
}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'"


class _Requests(BaseHTTPRequestHandler):
    inbox: ClassVar[Inbox]
    protocol_version = "HTTP/1.1"
    server_version = "guest_phone"
    timeout = 30

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/messages":
            to = parse_qs(address.query).get("to", [None])[0]
            self._json(HTTPStatus.OK, [message.as_json() for message in self.inbox.messages(to)])
        elif address.path == "/alive":
            self._answer(HTTPStatus.OK, b"ok", "text/plain")
        elif address.path in FILES:
            name, kind = FILES[address.path]
            self._answer(HTTPStatus.OK, (PAGE / name).read_bytes(), kind)
        else:
            self._json(HTTPStatus.NOT_FOUND, {"detail": "There is nothing here."})

    def do_DELETE(self) -> None:
        if urlsplit(self.path).path != "/messages":
            self._json(HTTPStatus.NOT_FOUND, {"detail": "There is nothing here."})
            return
        self.inbox.clear()
        self._answer(HTTPStatus.NO_CONTENT, b"", "text/plain")

    def do_POST(self) -> None:
        body = self._body()
        if urlsplit(self.path).path != "/sms":
            self._json(HTTPStatus.NOT_FOUND, {"detail": "There is nothing here."})
            return
        sms = _sms(body)
        if sms is None:
            self._json(HTTPStatus.BAD_REQUEST, {"detail": "Send JSON with the texts to and text."})
            return
        self._json(HTTPStatus.ACCEPTED, {"id": self.inbox.put(sms).id})

    def _body(self) -> bytes:
        try:
            length = int(self.headers.get("Content-Length", "0"))
        except ValueError:
            length = 0
        if not 0 <= length <= BODY_MAX_BYTES:
            self.close_connection = True
            return b""
        return self.rfile.read(length)

    def _json(self, status: HTTPStatus, content: Any) -> None:
        self._answer(status, json.dumps(content, ensure_ascii=False).encode(), "application/json")

    def _answer(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        if status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the query holds addresses."""


def _sms(body: bytes) -> Received | None:
    try:
        sms = json.loads(body)
        to, text = sms["to"], sms["text"]
    except (ValueError, KeyError, TypeError):
        return None
    if not (isinstance(to, str) and to and isinstance(text, str)):
        return None
    return Received(
        channel="sms", to=to, sender=str(sms.get("sender", "")), subject="", text=text,
        at=datetime.now(UTC), key=str(sms.get("key", "")),
    )  # fmt: skip


@contextmanager
def web_server(inbox: Inbox, port: int) -> Iterator[str]:
    """Serve until the block ends; gives the page's address. Port 0 takes a free one."""
    requests = type("Requests", (_Requests,), {"inbox": inbox})
    server = ThreadingHTTPServer(("127.0.0.1", port), requests)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="web", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
