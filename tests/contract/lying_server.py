"""A server that stands in front of ours and lies about one thing."""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

PREFIX = "/terminal/v1/"


@dataclass(kw_only=True)
class Exchange:
    """One request on its way there, and its answer on the way back."""

    operation: str
    headers: dict[str, str]
    body: dict[str, Any]
    status: int = 0
    answer_headers: dict[str, str] | None = None
    answer: dict[str, Any] | None = None


Change = Callable[[Exchange], None]


def as_it_is(_exchange: Exchange) -> None:
    """Changes nothing."""


@dataclass(frozen=True, kw_only=True)
class Lie:
    """What is changed on the way there and on the way back."""

    request: Change = as_it_is
    answer: Change = as_it_is


def post_every_report_anew(exchange: Exchange) -> None:
    if exchange.operation == "checks/finalize" and "check" in exchange.body:
        exchange.headers["Idempotency-Key"] = secrets.token_hex(16)
        exchange.body["check"]["external_id"] = secrets.token_hex(16)


def take_another_input_under_a_known_key(exchange: Exchange) -> None:
    told = f"{exchange.headers.get('Idempotency-Key')} {exchange.operation} {json.dumps(exchange.body)}"
    exchange.headers["Idempotency-Key"] = hashlib.sha256(told.encode()).hexdigest()


def raise_the_balance(exchange: Exchange) -> None:
    if exchange.operation == "checks/finalize" and exchange.status == 200 and exchange.answer:
        exchange.answer["balance_minor"] += 1


def promise_more_than_is_credited(exchange: Exchange) -> None:
    if exchange.operation == "checks/quote" and exchange.status == 200 and exchange.answer:
        exchange.answer["earn_minor"] += 1
        exchange.answer["earn_without_redeem_minor"] += 1


def hide_which_answer_is_a_repeat(exchange: Exchange) -> None:
    assert exchange.answer_headers is not None
    exchange.answer_headers.pop("idempotent-replay", None)


def forget_the_text_for_the_receipt(exchange: Exchange) -> None:
    if exchange.answer and "print_text" in exchange.answer:
        exchange.answer["print_text"] = None


def adding_up_refunds() -> Change:
    """Takes each target for what came back this time."""
    returned: Counter[tuple[str, str]] = Counter()

    def change(exchange: Exchange) -> None:
        if exchange.operation != "checks/refund":
            return
        for line in exchange.body.get("lines") or []:
            told = (exchange.body["check_id"], line["line_id"])
            returned[told] += round(1000 * float(line["returned_quantity"]))
            line["returned_quantity"] = f"{returned[told] / 1000:.3f}"

    return change


@contextmanager
def lying_server(url: str, lie: Lie) -> Iterator[str]:
    """Its address. Everything else is what the server at `url` says."""
    with httpx.Client(base_url=url, timeout=20) as upstream:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(upstream, lie))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def _handler(upstream: httpx.Client, lie: Lie) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._send(upstream.get(self.path))

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            sent = self.rfile.read(length)
            if len(sent) < length:
                self.close_connection = True  # the till's line broke; the server would not have got it either
                return
            headers = {
                name: value for name, value in self.headers.items()
                if name.lower() not in ("host", "content-length", "connection")
            }  # fmt: skip
            try:
                body = json.loads(sent)
            except ValueError:
                body = None
            if not isinstance(body, dict):
                self._send(upstream.post(self.path, content=sent, headers=headers))
                return
            operation = self.path.partition("?")[0].removeprefix(PREFIX)
            exchange = Exchange(operation=operation, headers=headers, body=body)
            lie.request(exchange)
            response = upstream.post(self.path, content=json.dumps(exchange.body), headers=exchange.headers)
            exchange.status, exchange.answer = response.status_code, response.json()
            exchange.answer_headers = dict(response.headers)
            lie.answer(exchange)
            self._send(response, exchange)

        def _send(self, response: httpx.Response, changed: Exchange | None = None) -> None:
            content = json.dumps(changed.answer).encode() if changed else response.content
            headers = changed.answer_headers if changed and changed.answer_headers else dict(response.headers)
            self.send_response(changed.status if changed else response.status_code)
            for name, value in headers.items():
                if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            try:
                self.wfile.write(content)
            except OSError:
                self.close_connection = True  # the till hung up

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Handler
