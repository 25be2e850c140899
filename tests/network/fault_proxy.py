"""A bad line: drops requests or answers, delays them, sends them twice, lets them overtake one another."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import Enum
from typing import Any

DELAY_S = 6.0
"""Three times as long as a till waits: it has repeated the request meanwhile."""
OVERTAKEN_WITHIN_S = 1.5


class Fault(Enum):
    """What happens to one request."""

    NONE = "none"
    DROP_REQUEST = "drop-request"
    DROP_ANSWER = "drop-answer"
    DELAY_REQUEST = "delay-request"
    DELAY_ANSWER = "delay-answer"
    DUPLICATE = "duplicate"
    REORDER = "reorder"  # held until a later request has been answered


@dataclass(frozen=True, kw_only=True)
class Request:
    """`number` counts from 0; `key` is the request's idempotency key at either door, or empty."""

    number: int
    operation: str
    key: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    body: bytes


class FaultProxy:
    """In front of one port; runs in a thread of its own while the ``with`` block lasts."""

    def __init__(self, server_port: int, *, port: int = 0) -> None:
        self.port = port
        self.plan: Callable[[Request], Fault] = lambda _request: Fault.NONE
        self.on_drop: Callable[[], None] = lambda: None
        self.suffered: Counter[Fault] = Counter()
        self.server_port = server_port
        self._answers: dict[str, list[Answer]] = defaultdict(list)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault-proxy")
        self._working: set[asyncio.Task[None]] = set()
        self._next_number = 0
        self._answered = asyncio.Event()

    def __enter__(self) -> FaultProxy:
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._serve, "127.0.0.1", self.port))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_error: object) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def answers_to(self, key: str) -> list[Answer]:
        """What the server answered to the requests with this key, in the order in which it did."""
        return list(self._answers[key])

    def answers(self) -> dict[str, list[Answer]]:
        """All answers by key."""
        return {key: list(answers) for key, answers in self._answers.items() if key}

    def wait_for_stragglers(self) -> None:
        """Until the last delayed request has reached the server and been answered."""
        self._run(self._drain())

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _drain(self) -> None:
        while self._working:
            await asyncio.wait(self._working)

    async def _close(self) -> None:
        self._server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                raw = await _read_message(reader)
                request = Request(number=self._next_number, operation=_operation(raw), key=_key(raw))
                self._next_number += 1
                # A till that gives up hangs up; what it sent is on its way all the same.
                task = asyncio.ensure_future(self._suffer(request, raw, writer))
                self._working.add(task)
                task.add_done_callback(self._working.discard)
                await asyncio.shield(task)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _suffer(self, request: Request, raw: bytes, writer: asyncio.StreamWriter) -> None:
        fault = self.plan(request)
        self.suffered[fault] += 1
        answer = None
        if fault is Fault.DELAY_REQUEST:
            await asyncio.sleep(DELAY_S)
        elif fault is Fault.REORDER:
            await self._let_another_pass()
        if fault is Fault.DUPLICATE:
            answer, _second = await asyncio.gather(self._forward(request, raw), self._forward(request, raw))
        elif fault is not Fault.DROP_REQUEST:
            answer = await self._forward(request, raw)
        if fault is Fault.DELAY_ANSWER:
            await asyncio.sleep(DELAY_S)
        if fault is Fault.DROP_ANSWER:
            self.on_drop()
            answer = None
        if answer is None or writer.is_closing():
            writer.close()
            return
        writer.write(answer)

    async def _let_another_pass(self) -> None:
        self._answered.clear()
        try:
            await asyncio.wait_for(self._answered.wait(), OVERTAKEN_WITHIN_S)
        except TimeoutError:
            pass  # nobody else was on the line

    async def _forward(self, request: Request, raw: bytes) -> bytes | None:
        """The server's answer as it came; None where it did not."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.server_port)
            writer.write(raw)
            answer = await _read_message(reader)
            writer.close()
        except (OSError, asyncio.IncompleteReadError):
            return None
        head, _, body = answer.partition(b"\r\n\r\n")
        self._answers[request.key].append(Answer(status=int(head.split(b" ", 2)[1]), body=body))
        self._answered.set()
        return answer


async def _read_message(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    return head + await reader.readexactly(int(_header(head, b"content-length") or 0))


def _header(raw: bytes, name: bytes) -> bytes:
    for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]:
        found, _, value = line.partition(b":")
        if found.strip().lower() == name:
            return value.strip()
    return b""


def _address(raw: bytes) -> str:
    return raw.split(b" ", 2)[1].decode()


def _operation(raw: bytes) -> str:
    return _address(raw).partition("?")[0].removeprefix("/terminal/v1/")


def _key(raw: bytes) -> str:
    """API keys come with a header, Poster's door has it in the signed address."""
    in_address = [part[4:] for part in _address(raw).partition("?")[2].split("&") if part.startswith("rid=")]
    return _header(raw, b"idempotency-key").decode() or "".join(in_address)
