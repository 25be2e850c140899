"""The same guests in a young database and in one with a million customers and ten million entries, in turns."""

from __future__ import annotations

import statistics
import time
from contextlib import ExitStack

from . import database, history, open_loop, web
from .history import History
from .progress import Progress
from .sale import OPERATIONS, Door

SIZES = {"1k": 1_000, "1m": 1_000_000}
TERMINALS = 100
PER_S, ROUND_S, ROUNDS, WARM_UP_S = 25.0, 10.0, 4, 10.0


def measure(progress: Progress) -> dict[str, float]:
    """`p95_growth_1k_to_1m` is the ratio of the medians of the rounds' p95. The ledger is verified after the load."""
    pasts = {
        size: history.ready(f"incust_bench_{size}", guests=guests, terminals=TERMINALS, progress=progress)
        for size, guests in SIZES.items()
    }
    rounds = _in_turns(pasts, progress)
    p95_ms = {size: statistics.median(one.ms("guest", 95) for one in measured) for size, measured in rounds.items()}
    figures = {"p95_growth_1k_to_1m": p95_ms["1m"] / p95_ms["1k"]}
    for size, measured in rounds.items():
        figures[f"growth_guest_p95_ms_{size}"] = p95_ms[size]
        figures[f"growth_guest_p50_ms_{size}"] = statistics.median(one.ms("guest", 50) for one in measured)
        figures[f"growth_refused_{size}"] = sum(sum(one.refusals.values()) for one in measured)
        for name in OPERATIONS:
            figures[f"growth_{name}_p95_ms_{size}"] = statistics.median(one.ms(name, 95) for one in measured)
    large = pasts["1m"].database
    progress.say("ledger verify over all entries")
    started = time.monotonic()
    database.run(large, "incust", "ledger", "verify")
    return {
        **figures,
        "growth_verify_1m_s": time.monotonic() - started,
        "growth_made_in_s_1m": pasts["1m"].seconds,
        "growth_entries_1m": history.count_of(large, "ledger.entry"),
        "growth_checks_1m": history.count_of(large, "checks.check"),
        "growth_database_mb_1m": history.size_mb(large),
    }


def _in_turns(pasts: dict[str, History], progress: Progress) -> dict[str, list[open_loop.Measured]]:
    measured: dict[str, list[open_loop.Measured]] = {size: [] for size in pasts}
    with ExitStack() as servers:
        doors = {
            size: Door(chain=past.chain, port=servers.enter_context(web.running(past.database)).port)
            for size, past in pasts.items()
        }
        for size, door in doors.items():
            database.settle(pasts[size].database)
            progress.say(f"warming up {size}")
            open_loop.run(door, open_loop.arrivals(per_s=PER_S, seconds=WARM_UP_S, seed=0))
        progress.begin("rounds", ROUNDS * len(doors))
        for number in range(1, ROUNDS + 1):
            at_s = open_loop.arrivals(per_s=PER_S, seconds=ROUND_S, seed=number)
            # Each goes first as often as the other.
            for size in sorted(doors, reverse=number % 2 == 0):
                measured[size].append(open_loop.run(doors[size], at_s))
                progress.advance()
    return measured
