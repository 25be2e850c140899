"""A till-side load generator that costs little itself: prepared requests, kept-alive connections, one thread."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a round of requests came to. Latencies are from the request's being written to its answer's end."""

    per_s: float
    latency_ms_p50: float
    latency_ms_p95: float


class UnexpectedAnswer(Exception):
    """A request was not answered with 200; the message is the answer."""


class _Client(asyncio.Protocol):
    """One connection that sends its requests one after the other."""

    def __init__(self, requests: Sequence[bytes], latencies: list[float], done: asyncio.Future[None]) -> None:
        self._requests = iter(requests)
        self._latencies = latencies
        self._done = done
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send_next()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end or len(body) < content_length(head):
            return
        self._latencies.append(time.perf_counter() - self._sent_at)
        if not head.startswith(b"HTTP/1.1 200"):
            self._fail(UnexpectedAnswer(self._received.decode(errors="replace")))
            return
        self._received = b""
        self._send_next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._fail(exc or ConnectionResetError("the server closed the connection"))

    def _send_next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self._done.set_result(None)
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)

    def _fail(self, error: Exception) -> None:
        if not self._done.done():
            self._done.set_exception(error)
        self._transport.close()


def post(path: str, headers: dict[str, str], body: bytes) -> bytes:
    """The bytes of one request."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def run(port: int, per_client: Sequence[Sequence[bytes]]) -> Measured:
    """Send each client's requests over a connection of its own, all clients at once."""
    latencies: list[float] = []

    async def all_clients() -> float:
        loop = asyncio.get_running_loop()
        futures = [loop.create_future() for _ in per_client]
        started = time.perf_counter()
        for requests, done in zip(per_client, futures, strict=True):
            await loop.create_connection(lambda r=requests, d=done: _Client(r, latencies, d), "127.0.0.1", port)  # type: ignore[misc]
        await asyncio.gather(*futures)
        return time.perf_counter() - started

    elapsed_s = asyncio.run(all_clients())
    latencies.sort()
    return Measured(
        per_s=len(latencies) / elapsed_s,
        latency_ms_p50=1000 * latencies[len(latencies) // 2],
        latency_ms_p95=1000 * latencies[len(latencies) * 95 // 100],
    )


def content_length(head: bytes) -> int:
    """How long the body is that follows this head of an answer."""
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    raise UnexpectedAnswer(f"without Content-Length: {head.decode(errors='replace')}")
