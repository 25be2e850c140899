"""`make torture`: the machine with seeds of the moment, for as long as it is let.

Each seed is printed; SEED=… does the same again.
"""

from __future__ import annotations

import os
import random
import time

from .machine import TwoCafes
from .run import run

EXAMPLES, STEPS = 10, 100


def test_the_program_does_what_the_specification_says_for_a_long_time(db: None) -> None:
    until = time.monotonic() + 60 * float(os.environ.get("MINUTES", "10"))
    wanted = os.environ.get("SEED")
    while True:
        number, before = int(wanted) if wanted else random.randrange(10**9), TwoCafes.steps
        print(f"\nmodel: SEED={number} …", end="", flush=True)
        run(number, examples=EXAMPLES, steps=STEPS)
        print(f" {TwoCafes.steps - before} steps agree", end="", flush=True)
        if wanted or time.monotonic() > until:
            return
