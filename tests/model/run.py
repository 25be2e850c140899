"""Runs of the machine by a seed: the same seed does the same."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from .machine import TwoCafes


def run(number: int, *, examples: int, steps: int, shrink: bool = True) -> None:
    """Raise with the shortest found list of steps where the program and its specification differ."""

    class Seeded(TwoCafes):
        pass

    Seeded.__qualname__ = TwoCafes.__qualname__
    run_state_machine_as_test(
        seed(number)(Seeded),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            print_blob=False,
            phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
