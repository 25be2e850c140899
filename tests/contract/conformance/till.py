"""A till with an API key. Speaks HTTP and remembers what was said, for whoever has to find out what went wrong."""

from __future__ import annotations

import json
import secrets
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import httpx
from document import Document

BUSY_TRIES_MAX = 12
BUSY_PAUSE_S = 0.15
TIMEOUT_S = 20.0
SHOWN_LENGTH_MAX = 700


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Status, headers and decoded body of an answer; `operation` is what it answers."""

    operation: str
    status: int
    headers: httpx.Headers
    body: Any

    @property
    def code(self) -> str:
        """The stable code of a problem; empty for anything else."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""

    @property
    def replayed(self) -> bool:
        return self.headers.get("Idempotent-Replay") == "true"

    def must(self, status: int) -> dict[str, Any]:
        """The body of an answer that has to have this status."""
        assert self.status == status, f"{self.operation}: {status} was expected, the answer is {self}"
        return dict(self.body)

    def must_refuse(self, status: int, code: str) -> dict[str, Any]:
        """The members of a problem that has to be this one."""
        assert (self.status, self.code) == (status, code), (
            f"{self.operation}: {status} {code} was expected, the answer is {self}"
        )
        content_type = self.headers.get("Content-Type", "")
        assert content_type == "application/problem+json", f"{code} came as {content_type!r}"
        return dict(self.body)

    def __str__(self) -> str:
        return f"{self.status} {_short(self.body)}"


@dataclass(kw_only=True)
class Till:
    """A terminal that comes in with its API key. A server that is busy is asked again, as the contract says."""

    url: str
    api_key: str
    document: Document
    currency: str = ""
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=TIMEOUT_S), repr=False)
    exchanges: deque[str] = field(default_factory=lambda: deque(maxlen=6), repr=False)

    def post(
        self, operation: str, body: Any = None, *, key: str | None = None, lang: str = "en",
        headers: dict[str, str] | None = None, raw: bytes | None = None,
    ) -> Answer:  # fmt: skip
        """Post to an operation. `key` is the key against doubles (new without one); an empty header is left away."""
        sent = json.dumps({} if body is None else body).encode() if raw is None else raw
        all_headers = {
            "Authorization": f"Bearer {self.api_key}", "Content-Type": "application/json",
            "Idempotency-Key": new_key() if key is None else key, **(headers or {}),
        }  # fmt: skip
        kept = {name: value for name, value in all_headers.items() if value}
        query = {"lang": lang} if lang else None
        for attempt in range(1, BUSY_TRIES_MAX + 1):
            response = self.client.post(self.address(operation), content=sent, headers=kept, params=query)
            answer = self._read(operation, response)
            self.exchanges.append(f"{operation}  key={kept.get('Idempotency-Key', '')}  {_short(sent)}\n  -> {answer}")
            if answer.code != "busy" or attempt == BUSY_TRIES_MAX:
                break
            time.sleep(BUSY_PAUSE_S * attempt)
        return answer

    def get(self, path: str) -> httpx.Response:
        return self.client.get(f"{self.url}{path}")

    def address(self, operation: str) -> str:
        return f"{self.url}/terminal/v1/{operation}"

    def send_and_hang_up(self, operation: str, body: Any, *, key: str) -> None:
        """Send the whole request and close the connection without waiting for the answer."""
        headers = {"Authorization": f"Bearer {self.api_key}", "Idempotency-Key": key}
        timeout = httpx.Timeout(TIMEOUT_S, read=0.001)
        self.exchanges.append(f"{operation}  key={key}  {_short(body)}\n  -> hung up before the answer")
        with httpx.Client(timeout=timeout) as client:
            try:
                client.post(self.address(operation), json=body, headers=headers)
            except httpx.ReadTimeout:
                pass  # which was the purpose

    def send_half(self, operation: str, body: Any, *, key: str) -> None:
        """Send the first half of a request and break the connection."""
        whole = json.dumps(body).encode()

        def half() -> Any:
            yield whole[: len(whole) // 2]
            raise BrokenPipeError

        headers = {
            "Authorization": f"Bearer {self.api_key}", "Idempotency-Key": key, "Content-Length": str(len(whole)),
        }  # fmt: skip
        self.exchanges.append(f"{operation}  key={key}  half of {_short(body)}\n  -> the line broke")
        with httpx.Client(timeout=TIMEOUT_S) as client:
            try:
                client.post(self.address(operation), content=half(), headers=headers)
            except (BrokenPipeError, httpx.HTTPError):
                pass  # which was the purpose

    def _read(self, operation: str, response: httpx.Response) -> Answer:
        try:
            body = response.json()
        except ValueError:
            body = response.text
        answer = Answer(operation=operation, status=response.status_code, headers=response.headers, body=body)
        self.document.note(operation, answer.status, response.headers.get("Content-Type", ""), body)
        return answer


def new_key() -> str:
    return secrets.token_hex(16)


def _short(value: Any) -> str:
    text = value.decode(errors="replace") if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN_LENGTH_MAX else f"{text[:SHOWN_LENGTH_MAX]}…"
