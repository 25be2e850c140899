"""Kills parts of a deployment in turn, at random moments that a seed decides."""

from __future__ import annotations

import random
import threading
import time

from tests.crash.deployment import PARTS, Deployment

PAUSE_S = (0.3, 2.0)
"""Between the server's being well again and the next kill."""


class Killer:
    """Runs beside the load while the ``with`` block lasts; each round kills every part once, in another order.

    There are at least so many rounds, and further ones until `seconds` have passed.
    """

    def __init__(self, deployment: Deployment, chance: random.Random, *, rounds: int, seconds: float) -> None:
        self.killed: list[str] = []
        self._rounds = rounds
        self._ends_at = time.monotonic() + seconds
        self._deployment = deployment
        self._chance = chance
        self._stop = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="killer")

    @property
    def at_work(self) -> bool:
        return self._thread.is_alive()

    def __enter__(self) -> Killer:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            while len(self.killed) < self._rounds * len(PARTS) or time.monotonic() < self._ends_at:
                for part in self._chance.sample(PARTS, len(PARTS)):
                    if self._stop.wait(self._chance.uniform(*PAUSE_S)):
                        return
                    self._kill(part)
                    self._deployment.wait_until_it_answers()
        except BaseException as failure:
            self._failure = failure

    def _kill(self, part: str) -> None:
        for _ in range(100):
            try:
                self._deployment.kill(part)
            except ProcessLookupError:
                time.sleep(0.05)  # between two lives of the part
                continue
            self.killed.append(part)
            return
        raise AssertionError(f"there is no {part} to kill")
