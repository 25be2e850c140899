"""An honest till: it repeats what it tells with the same key until it is answered, and writes down every answer."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

GIVES_UP_WAITING_AFTER_S = 2.0
PAUSE_S = (0.05, 1.0)
"""Between tries: doubling from the first to the second, with chance in it."""
ANSWERED_WITHIN_S = 90.0


@dataclass(frozen=True, kw_only=True)
class Acknowledged:
    """An operation with its final answer. `tries` counts how often it was sent."""

    till: int
    operation: str
    key: str
    body: dict[str, Any]
    status: int
    answer: dict[str, Any]
    replayed: bool
    tries: int

    @property
    def done(self) -> bool:
        return self.status < 300

    @property
    def code(self) -> str:
        return str(self.answer.get("code", ""))


@dataclass
class Journal:
    """All acknowledged operations of all tills, in memory and, line by line, in a file for whoever looks into it."""

    path: Path
    entries: list[Acknowledged] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, entry: Acknowledged) -> None:
        with self._lock, self.path.open("a") as file:
            self.entries.append(entry)
            file.write(json.dumps(asdict(entry)) + "\n")

    def done(self, operation: str) -> list[Acknowledged]:
        return [entry for entry in self.entries if entry.operation == operation and entry.done]


class NeverAnswered(AssertionError):
    """The server did not answer in `ANSWERED_WITHIN_S`, however often it was asked."""


class Till:
    """One terminal with its API key."""

    def __init__(self, number: int, *, port: int, key: str, journal: Journal, chance: random.Random) -> None:
        self.number = number
        self.journal = journal
        self.chance = chance
        self._port = port
        self._key = key

    def new_key(self) -> str:
        return f"{self.chance.getrandbits(128):032x}"

    def ask(self, operation: str, body: dict[str, Any]) -> dict[str, Any]:
        """A read, asked until it is answered; it must succeed."""
        status, answer, _replayed, _tries = self._until_answered(operation, body, "")
        assert status < 300, (operation, status, answer)
        return answer

    def tell(self, operation: str, body: dict[str, Any], key: str = "") -> Acknowledged:
        """A mutation, told until it is answered, whatever the answer."""
        key = key or self.new_key()
        status, answer, replayed, tries = self._until_answered(operation, body, key)
        entry = Acknowledged(
            till=self.number, operation=operation, key=key, body=body, status=status, answer=answer,
            replayed=replayed, tries=tries,
        )  # fmt: skip
        self.journal.write(entry)
        return entry

    def try_once(self, operation: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """A mutation that is given up if no answer comes; None then, or where it was refused."""
        try:
            status, answer, _replayed = self._send(operation, body, self.new_key())
        except (OSError, http.client.HTTPException):
            return None
        return answer if status < 300 else None

    def _until_answered(self, operation: str, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any], bool, int]:
        deadline, pause_s, tries = time.monotonic() + ANSWERED_WITHIN_S, PAUSE_S[0], 0
        last: object = None
        while time.monotonic() < deadline:
            tries += 1
            try:
                status, answer, replayed = self._send(operation, body, key)
                if status < 500:
                    return status, answer, replayed, tries
                last = answer
            except (OSError, http.client.HTTPException) as error:
                last = error
            time.sleep(pause_s * self.chance.uniform(0.5, 1))
            pause_s = min(PAUSE_S[1], pause_s * 2)
        raise NeverAnswered(f"{operation} {key}: {last!r} after {tries} tries")

    def _send(self, operation: str, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any], bool]:
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=GIVES_UP_WAITING_AFTER_S)
        try:
            line.request("POST", f"/terminal/v1/{operation}", json.dumps(body), headers)
            answer = line.getresponse()
            content = json.loads(answer.read())
        except ValueError as error:  # an answer that was cut off, or a page of somebody in between
            raise http.client.HTTPException("no JSON") from error
        finally:
            line.close()
        return answer.status, content, answer.headers.get("Idempotent-Replay") == "true"
