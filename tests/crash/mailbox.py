"""A real mail server that never dies, and what it received."""

from __future__ import annotations

import asyncio
import email
import email.policy
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller

from tests.free_port import free_port

AMOUNT = re.compile(r"([−+]?)(\d[\d,]*\.\d\d)")


class Mailbox:
    """Started by ``with``."""

    def __init__(self) -> None:
        self.port = free_port()
        self._lock = threading.Lock()
        self._texts: dict[str, list[str]] = defaultdict(list)
        self._slow = False
        self._server = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> Mailbox:
        self._server.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.stop()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """aiosmtpd calls it for each letter."""
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = letter.get_body(("plain",))
        assert body is not None
        with self._lock:
            for recipient in envelope.rcpt_tos:
                self._texts[recipient].append(body.get_content().strip())
        while self._slow:
            await asyncio.sleep(0.02)
        return "250 OK"

    @contextmanager
    def slow_to_thank(self) -> Iterator[None]:
        """Letters are taken, but whoever sends them is not told so while the block lasts."""
        self._slow = True
        try:
            yield
        finally:
            self._slow = False

    def texts(self, address: str) -> list[str]:
        with self._lock:
            return list(self._texts[address])

    def receipts(self, address: str) -> Counter[tuple[int, int, int]]:
        """How often each notice of a receipt came: redeemed, earned and balance in minor units."""
        return Counter(read for text in self.texts(address) if (read := _amounts(text)) is not None)


def _amounts(text: str) -> tuple[int, int, int] | None:
    """Of "kava: −40.00, +2.50. Balance: 82.50."; None for any other letter."""
    if not re.fullmatch(r"[\w -]+: [−+].*\. Balance: .*\.", text):
        return None
    moved = {sign: round(float(digits.replace(",", "")) * 100) for sign, digits in AMOUNT.findall(text)}
    return moved.get("−", 0), moved.get("+", 0), moved[""]
