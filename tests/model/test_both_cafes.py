"""The program against its specification: fixed seeds here, random ones under `make torture`."""

from __future__ import annotations

import pytest

from .machine import TwoCafes
from .run import run

SEEDS = range(8)
EXAMPLES, STEPS = 6, 50


@pytest.mark.parametrize("number", SEEDS)
def test_the_program_does_what_the_specification_says(db: None, number: int) -> None:
    before = TwoCafes.steps
    run(number, examples=EXAMPLES, steps=STEPS)
    assert TwoCafes.steps - before >= EXAMPLES * STEPS
