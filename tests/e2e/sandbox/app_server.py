"""The world outside Poster: serves the test bundles, and answers what apps ask through the proxy."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

BUNDLES = Path(__file__).parent / "bundles"


class AppServer:
    """`/<name>/bundle.js` is `bundles/<name>.js`; `/echo` repeats what it was sent, as JSON; `/text` is no JSON.

    `requests` holds what arrived at `/echo`: method, path, headers (lower case), body text.
    """

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, method: str, path: str, headers: dict[str, str], body: str) -> tuple[int, str, bytes]:
        if path.endswith("/bundle.js"):
            source = BUNDLES / f"{path.split('/')[1]}.js"
            return 200, "text/javascript; charset=utf-8", source.read_bytes()
        if path == "/text":
            return 200, "text/plain", b"no JSON"
        self.requests.append({"method": method, "path": path, "headers": headers, "body": body})
        return 201, "application/json", json.dumps({"method": method, "body": body}).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, kind, content = server.answer(self.command, self.path.split("?")[0], headers, body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                """Quiet."""

        return Handler
