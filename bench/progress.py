"""What the bench is at, and how long it will take: a bar on a terminal, a line per step elsewhere."""

from __future__ import annotations

import sys
import threading
import time

WIDTH = 30
LINE_EVERY_S = 5.0
"""Where no bar can be drawn."""


class Progress:
    """Of the whole run. `expected_s` is how long each part took the last time; parts are begun in that order."""

    def __init__(self, expected_s: dict[str, float]) -> None:
        self._expected_s = expected_s
        self._done_s = 0.0
        self._part = ""
        self._part_started = self._started = time.monotonic()
        self._lock = threading.Lock()
        self._step, self._steps, self._steps_done = "", 0, 0
        self._live = sys.stderr.isatty()
        self._line_at = 0.0

    def part(self, name: str) -> None:
        """Begin a part; the one before has ended."""
        self._done_s += self._expected_s.get(self._part, 0.0)
        self._part, self._part_started = name, time.monotonic()
        self._steps = 0
        self.say("started")

    def begin(self, step: str, steps: int) -> None:
        """Begin something within the part that has that many steps."""
        with self._lock:
            self._step, self._steps, self._steps_done = step, steps, 0
        self.say(step)

    def advance(self) -> None:
        """One step is done. May be called by several threads."""
        with self._lock:
            self._steps_done += 1
            done = self._steps_done
        if self._live or done == self._steps or time.monotonic() - self._line_at > LINE_EVERY_S:
            self.say(f"{self._step} {done} of {self._steps}")

    def say(self, what: str) -> None:
        """Show what is being done now."""
        self._line_at = time.monotonic()
        all_s = sum(self._expected_s.values()) or 1.0
        of_part_s = min(time.monotonic() - self._part_started, self._expected_s.get(self._part, 0.0))
        share = min((self._done_s + of_part_s) / all_s, 1.0)
        left_s = max(0.0, all_s - self._done_s - of_part_s)
        bar = "█" * round(share * WIDTH) + "░" * (WIDTH - round(share * WIDTH))
        gone_s = time.monotonic() - self._started
        line = f"{bar} {share:4.0%}  {_clock(gone_s)} gone, about {_clock(left_s)} left  {self._part}: {what}"
        if self._live:
            print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)
        else:
            print(line, file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the line of the bar."""
        if self._live:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
