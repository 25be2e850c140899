"""Many clients at the same instant: one barrier, and a connection of its own for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from typing import Generic, TypeVar

from django.db import connection

from incust.businesses.terminal_access import Busy

CLIENTS = 32
REPEATS_MAX = 20
"""How often a till repeats that is told `busy`; the real one does so for longer."""
Result = TypeVar("Result")


@dataclass
class Together(Generic[Result]):
    """What each client was answered, in the clients' order, and how often one was told `busy` before."""

    answers: list[Result] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    busy: list[int] = field(default_factory=list)


def at_once(actions: Sequence[Callable[[], Result]]) -> Together[Result]:
    """Run all actions from one barrier. A client that is told `busy` repeats, so an action has to bear it."""
    connection.close()
    barrier = Barrier(len(actions))
    together: Together[Result] = Together()

    def run(action: Callable[[], Result]) -> Result | Exception:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            for busy in range(REPEATS_MAX):
                try:
                    answer = action()
                except Busy:
                    continue
                together.busy.append(busy)
                return answer
            return AssertionError(f"busy {REPEATS_MAX} times over")
        except Exception as error:  # the test looks at it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        for outcome in pool.map(run, actions):
            if isinstance(outcome, Exception):
                together.errors.append(outcome)
            else:
                together.answers.append(outcome)
    return together
