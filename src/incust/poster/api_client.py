"""Poster's web API: time-outs, bounded retries, typed errors. The token is in the address and must never be logged."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from types import TracebackType
from typing import Any

import httpx
import stamina

from .account_address import account_url
from .problems import CodeRefused, PosterUnavailable, TokenRefused, refusal

TIMEOUT = httpx.Timeout(5.0, connect=3.0)
TRIES_MAX = 3
RETRIES_END_AFTER = timedelta(seconds=12)
ANSWER_BYTES_MAX = 8 * 1024 * 1024


class _AnswerNotSensible(Exception):
    """Not the JSON that Poster documents, or a status that says "later"."""


class PosterApi:
    """One account's web API. Use as a context manager: it keeps its connections open between calls.

    Every method raises `PosterUnavailable` or a kind of `PosterRefused`. Call outside of transactions.
    """

    def __init__(
        self,
        account: str,
        token: str,
        *,
        tries_max: int = TRIES_MAX,
        deadline_s: float | None = None,
        when_refused: Callable[[], object] | None = None,
    ) -> None:
        """``deadline_s``: for all calls together from now on; who exceeds it gets `PosterUnavailable`.
        ``when_refused``: called where Poster no longer accepts the token, before `TokenRefused` is raised."""
        self._when_refused = when_refused
        self._ends_at = None if deadline_s is None else time.monotonic() + deadline_s
        self.account = account
        self._token = token
        self._tries_max = tries_max
        self._client = httpx.Client(base_url=f"{account_url(account)}/api/", timeout=TIMEOUT, follow_redirects=False)

    def __enter__(self) -> PosterApi:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(self, method: str, **parameters: str) -> Any:
        """Read. Repeated up to ``tries_max`` times when the line or Poster fails."""
        try:
            for attempt in stamina.retry_context(
                on=(httpx.TransportError, _AnswerNotSensible), attempts=self._tries_max, timeout=RETRIES_END_AFTER,
                wait_initial=0.2, wait_max=2.0,
            ):  # fmt: skip
                with attempt:
                    return self._once("GET", method, parameters=parameters)
        except (httpx.TransportError, _AnswerNotSensible):
            raise PosterUnavailable from None
        raise AssertionError("a retry context ends with a result or an error")

    def post(self, method: str, form: Mapping[str, str]) -> Any:
        """Write, once: whether Poster did it before the line broke is not known."""
        try:
            return self._once("POST", method, form=form)
        except (httpx.TransportError, _AnswerNotSensible):
            raise PosterUnavailable from None

    def _once(
        self,
        verb: str,
        method: str,
        *,
        parameters: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Any:
        query = {"token": self._token, **(parameters or {})}
        timeout = TIMEOUT if self._ends_at is None else httpx.Timeout(self._left_s())
        with self._client.stream(verb, method, params=query, data=form, timeout=timeout) as answer:
            content = bytearray()
            # A line that trickles is never silent for long enough to time out by itself.
            for chunk in answer.iter_bytes():
                content += chunk
                self._left_s()
                if len(content) > ANSWER_BYTES_MAX:
                    raise _AnswerNotSensible
        try:
            return _unwrapped(_json(answer, bytes(content)))
        except TokenRefused:
            if self._when_refused is not None:
                self._when_refused()
            raise

    def _left_s(self) -> float:
        """Seconds until the deadline; none left is an answer that did not come."""
        if self._ends_at is None:
            return 0.0
        left_s = self._ends_at - time.monotonic()
        if left_s <= 0:
            raise _AnswerNotSensible
        return left_s


def exchange_code(*, account: str, application_id: str, secret: str, redirect_uri: str, code: str) -> dict[str, Any]:
    """Exchange the code of an OAuth redirect for the token and what Poster tells with it.

    Raises `CodeRefused`, `PosterUnavailable`. A code works once, so this is not repeated.
    """
    form = {
        "application_id": application_id,
        "application_secret": secret,
        "grant_type": "authorization_code",
        "redirect_uri": redirect_uri,
        "code": code,
    }
    try:
        answer = httpx.post(f"{account_url(account)}/api/v2/auth/access_token", data=form, timeout=TIMEOUT)
        granted = _json(answer, answer.content)
    except (httpx.TransportError, _AnswerNotSensible):
        raise PosterUnavailable from None
    if not isinstance(granted.get("access_token"), str):
        raise CodeRefused
    return granted


def _json(answer: httpx.Response, content: bytes) -> dict[str, Any]:
    # Errors of Poster come with status 200; a status of 500 and above is its front door speaking.
    if answer.status_code >= 500 or answer.is_redirect or len(content) > ANSWER_BYTES_MAX:
        raise _AnswerNotSensible
    try:
        decoded = json.loads(content)
    except ValueError:
        raise _AnswerNotSensible from None
    if not isinstance(decoded, dict):
        raise _AnswerNotSensible
    return decoded


def _unwrapped(decoded: dict[str, Any]) -> Any:
    if "response" in decoded:
        return decoded["response"]
    error = decoded.get("error")
    # Seen as an object and, from the older methods, as a bare number with the message beside it.
    if isinstance(error, Mapping):
        raise refusal(_number(error.get("code")), str(error.get("message", "")))
    if error is not None:
        raise refusal(_number(error), str(decoded.get("message", "")))
    raise _AnswerNotSensible


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


class TokenHidden(logging.Filter):
    """httpx logs each address it calls; ours carry a token."""

    _token = re.compile(r"(token=)[^&\s\"']+")

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = self._token.sub(r"\1…", record.getMessage())
        record.args = None
        return True


def hide_tokens_in_logs() -> None:
    """Called once at start (`PosterConfig.ready`)."""
    for name in ("httpx", "httpcore"):
        logger = logging.getLogger(name)
        if not any(isinstance(known, TokenHidden) for known in logger.filters):
            logger.addFilter(TokenHidden())
