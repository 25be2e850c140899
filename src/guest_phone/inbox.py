"""What has arrived, in memory, the newest first."""

from __future__ import annotations

import re
import threading
from collections import deque
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

KEPT_MAX = 500

CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")


@dataclass(frozen=True, kw_only=True)
class Received:
    """One message. ``code`` is the six-digit number in its text, if it has one; ``links`` are the addresses in it."""

    channel: Literal["email", "sms"]
    to: str
    sender: str
    subject: str
    text: str
    at: datetime
    key: str = ""
    id: int = 0
    code: str | None = field(init=False)
    links: list[str] = field(init=False)

    def __post_init__(self) -> None:
        links = LINK.findall(self.text)
        code = CODE.search(LINK.sub(" ", self.text))
        object.__setattr__(self, "links", links)
        object.__setattr__(self, "code", code[0] if code else None)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "at": self.at.isoformat()}


class Inbox:
    """Thread-safe. Keeps the last `KEPT_MAX` messages."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._received: deque[Received] = deque(maxlen=KEPT_MAX)
        self._last_id = 0

    def put(self, message: Received) -> Received:
        """Take a message; one that comes again with the key of an earlier one is taken once, as gateways do."""
        with self._lock:
            if message.key:
                for known in self._received:
                    if known.key == message.key and known.to == message.to:
                        return known
            self._last_id += 1
            object.__setattr__(message, "id", self._last_id)
            self._received.appendleft(message)
            return message

    def messages(self, to: str | None = None) -> list[Received]:
        """The newest first; ``to`` is a whole address or phone number."""
        with self._lock:
            return [m for m in self._received if to is None or m.to == to]

    def clear(self) -> None:
        with self._lock:
            self._received.clear()
