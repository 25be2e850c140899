"""A whole guest (identify, quote, reserve, finalize) in an open loop: a chain's minute, and what the machine bears."""

from __future__ import annotations

from . import database, open_loop, web
from .history import History
from .progress import Progress
from .sale import Door

PER_MINUTE, PER_S = 150, 150
MINUTE_S, SECONDS, STEP_S, WARM_UP_S = 60.0, 20.0, 8.0, 6.0
BEARABLE_P95_MS = 1_000.0
STEPS = 5


def measure(past: History, progress: Progress) -> dict[str, float]:
    """Percentiles at 150 guests a minute and at 150 a second, and the highest rate whose p95 stays under a second."""
    database.settle(past.database)
    with web.running(past.database) as server:
        door = Door(chain=past.chain, port=server.port)
        _warm_up(door, progress)
        progress.say(f"{PER_MINUTE} guests a minute")
        calm = open_loop.run(door, open_loop.arrivals(per_s=PER_MINUTE / 60, seconds=MINUTE_S))
        progress.say(f"{PER_S} guests a second")
        rush = open_loop.run(door, open_loop.arrivals(per_s=PER_S, seconds=SECONDS))
        highest_per_s = _highest(door, progress)
        memory_mb = server.memory_mb()
    for measured in (calm, rush):
        _tell(measured, progress)
    return {
        **_named(calm, f"{PER_MINUTE}_per_min"),
        **_named(rush, f"{PER_S}_per_s"),
        f"guest_served_per_s_at_{PER_S}_per_s": rush.served / rush.elapsed_s,
        "guest_highest_per_s_with_p95_under_1_s": highest_per_s,
        f"guest_unserved_{PER_S}_per_s": rush.unserved,
        "guest_web_memory_mb": memory_mb,
    }


def _named(measured: open_loop.Measured, rate: str) -> dict[str, float]:
    late_ms = 1000 * open_loop.percentile(measured.late_s, 99)
    return {**measured.figures("guest", f"_{rate}"), f"guest_load_late_p99_ms_{rate}": late_ms}


def _warm_up(door: Door, progress: Progress) -> None:
    progress.say("warming up")
    open_loop.run(door, open_loop.arrivals(per_s=20, seconds=WARM_UP_S, seed=1))


def _highest(door: Door, progress: Progress) -> float:
    """By halving the distance between a rate that is borne and one that is not."""
    borne_per_s, too_much_per_s = 0.0, 2.0 * PER_S
    for step in range(STEPS):
        per_s = (borne_per_s + too_much_per_s) / 2
        progress.say(f"what is borne: {per_s:.0f} guests a second")
        measured = open_loop.run(door, open_loop.arrivals(per_s=per_s, seconds=STEP_S, seed=step))
        if measured.ms("guest", 95) < BEARABLE_P95_MS and not measured.refusals and not measured.unserved:
            borne_per_s = per_s
        else:
            too_much_per_s = per_s
    return borne_per_s


def _tell(measured: open_loop.Measured, progress: Progress) -> None:
    for refused, count in measured.refusals.most_common(5):
        progress.say(f"refused: {count} × {refused}")
