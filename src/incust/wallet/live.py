"""``incust live``: server-sent events for the guests' pages. A bare ASGI application beside the web server, because a
stream would block one of the few threads that tills need.

``GET /live?ticket=…`` streams ``event: change`` with the account's version as data (0: look for yourself) whenever the
guest's balance has changed. The page then asks the web server for its state. ``GET /alive`` answers "ok".
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "incust.config.settings")
django.setup()

from django.conf import settings  # noqa: E402 (Django comes first)

from .live_hub import Hub, Listener, TooManyListeners, poll  # noqa: E402 (likewise)
from .tickets import read_ticket  # noqa: E402 (likewise)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

HEARTBEAT_S = 15.0
STREAM_AGE_MAX_S = 3600.0


class LiveApplication:
    """One hub and one poller per process. The poller starts with the process, at the latest with the first stream."""

    def __init__(self) -> None:
        self._hub = Hub()
        self._poller: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            self._ensure_poller()
            await self._http(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._ensure_poller()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self._poller is not None:
                    self._poller.cancel()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def _ensure_poller(self) -> None:
        if self._poller is None or self._poller.done():
            self._poller = asyncio.get_running_loop().create_task(poll(self._hub))

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/alive":
            await _answer(send, 200, "ok")
        elif scope["path"] == "/live" and scope["method"] == "GET":
            ticket = parse_qs(scope["query_string"].decode("latin-1")).get("ticket", [""])[0]
            customer = read_ticket(ticket)
            if customer is None:
                await _answer(send, 401, "the ticket is not good (any more)")
                return
            try:
                with self._hub.listening(customer) as listener:
                    await _stream(listener, receive, send)
            except TooManyListeners:
                await _answer(send, 503, "too many streams")
        else:
            await _answer(send, 404, "there is nothing here")


async def _stream(listener: Listener, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _headers("text/event-stream")})
    await _write(send, ": listening\n\n")
    gone = asyncio.ensure_future(_disconnected(receive))
    end = asyncio.get_running_loop().time() + STREAM_AGE_MAX_S
    try:
        while asyncio.get_running_loop().time() < end:
            news = asyncio.ensure_future(listener.get())
            await asyncio.wait({news, gone}, timeout=HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                news.cancel()
                return
            if news.done():
                await _write(send, f"event: change\ndata: {news.result()}\n\n")
            else:
                news.cancel()
                await _write(send, ": still here\n\n")
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        gone.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _answer(send: Send, status: int, text: str) -> None:
    await send({"type": "http.response.start", "status": status, "headers": _headers("text/plain")})
    await send({"type": "http.response.body", "body": text.encode()})


def _headers(kind: str) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", kind.encode()),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"access-control-allow-origin", settings.PUBLIC_URL.encode()),
        (b"vary", b"origin"),
    ]


application = LiveApplication()
