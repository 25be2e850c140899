"""A request that changes a customer is done once, however often it arrives."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from incust.businesses.encryption import decrypt, encrypt
from incust.businesses.problems import Problem
from incust.businesses.terminal_access import Busy, Caller

from .at_terminal import CallingTerminal, at_terminal
from .problems import IdempotencyMismatch

TRIES_MAX = 3


@dataclass(frozen=True, kw_only=True)
class Answer:
    """``repeated``: the stored answer of an earlier request with the same key and input."""

    body: dict[str, Any]
    repeated: bool = False


Act = Callable[[CallingTerminal], dict[str, Any] | Problem]


def done_once(caller: Caller, operation: str, request: dict[str, Any], act: Act, *, now: datetime) -> Answer:
    """Run ``act`` in the terminal's transaction and store its answer there under the caller's request id.

    ``act`` may return a `Problem` instead of raising it: then what it wrote stays, nothing is stored as an answer, and
    the problem is raised after the transaction. Raises `IdempotencyMismatch` for a known key with another request, and
    `Busy` where locks are not had in three tries.
    """
    input_hash = hashlib.sha256(json.dumps([operation, request], sort_keys=True, default=str).encode()).digest()
    for _wait in range(TRIES_MAX - 1):
        with suppress(Busy):
            return _try(caller, input_hash, act, now)
    return _try(caller, input_hash, act, now)


def _try(caller: Caller, input_hash: bytes, act: Act, now: datetime) -> Answer:
    outcome: dict[str, Any] | Problem
    with at_terminal(caller) as terminal:
        if not _claim(terminal, caller.request_id, input_hash, now):
            return Answer(body=_stored(terminal, caller.request_id, input_hash), repeated=True)
        outcome = act(terminal)
        if isinstance(outcome, Problem):
            _release(terminal, caller.request_id)
        else:
            _store(terminal, caller.request_id, outcome)
    if isinstance(outcome, Problem):
        raise outcome
    return Answer(body=outcome)


def _claim(terminal: CallingTerminal, key: str, input_hash: bytes, now: datetime) -> bool:
    """Whether the key is new. A second request with it waits here until the first one has ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            """DELETE FROM customers.stored_answer
            WHERE business_id = %s AND terminal_id = %s AND created_at < %s::timestamptz - interval '1 day'
              AND answer_sealed IS NOT NULL""",
            [terminal.business_id, terminal.terminal_id, now],
        )
        cursor.execute(
            """INSERT INTO customers.stored_answer
              (business_id, terminal_id, key, input_hash, answer_sealed, created_at)
            VALUES (%s, %s, %s, %s, '', %s) ON CONFLICT DO NOTHING""",
            [terminal.business_id, terminal.terminal_id, key, input_hash, now],
        )
        return cursor.rowcount == 1


def _stored(terminal: CallingTerminal, key: str, input_hash: bytes) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT input_hash, answer_sealed FROM customers.stored_answer
            WHERE business_id = %s AND terminal_id = %s AND key = %s""",
            [terminal.business_id, terminal.terminal_id, key],
        )
        stored_hash, sealed = cursor.fetchone()
    if bytes(stored_hash) != input_hash:
        raise IdempotencyMismatch
    answer: dict[str, Any] = json.loads(decrypt(sealed))
    return answer


def _store(terminal: CallingTerminal, key: str, answer: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE customers.stored_answer SET answer_sealed = %s
            WHERE business_id = %s AND terminal_id = %s AND key = %s""",
            [encrypt(json.dumps(answer)), terminal.business_id, terminal.terminal_id, key],
        )


def _release(terminal: CallingTerminal, key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM customers.stored_answer WHERE business_id = %s AND terminal_id = %s AND key = %s",
            [terminal.business_id, terminal.terminal_id, key],
        )
