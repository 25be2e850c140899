"""A kept-alive connection of a till, for loads whose next request depends on the last answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from .load import content_length

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of one answer."""

    status: int
    body: bytes


class ConnectionLost(Exception):
    """The server closed the connection before it answered."""


class Connection(asyncio.Protocol):
    """One request at a time. Speaks as much HTTP as our server's answers need, to cost little."""

    def __init__(self) -> None:
        self._received = b""
        self._answer: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None

    @property
    def is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    async def ask(self, request: bytes) -> Answer:
        """Send the request and wait for its answer. Raises `ConnectionLost`. Closed where nobody waits any more."""
        if self._transport is None or self._transport.is_closing():
            raise ConnectionLost
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            return await self._answer
        except asyncio.CancelledError:
            self.close()
            raise

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end or len(body) < content_length(head):
            return
        self._received = b""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(Answer(int(head[9:12]), body))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionLost())


async def connect(port: int) -> Connection:
    """A new connection to our server. Raises `OSError`."""
    _transport, connection = await asyncio.get_running_loop().create_connection(Connection, HOST, port)
    return connection
