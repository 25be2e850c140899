"""`python -m bench [part …]`: measure, write `bench/results/latest.json` and the table of `docs/performance.md`.

Parts: cashier, engine, till, finalize, guest, lunch, growth; all of them without an argument. What is compared with
each other is always measured in turns by one part. Units stand last in the names, before what was varied.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from . import database
from .progress import Progress

GUESTS, REGISTERS = 50_000, 2_000
"""Of the chain of cafés that the parts guest and lunch go to."""
RESULTS = Path(__file__).parent / "results" / "latest.json"


@dataclass(frozen=True, kw_only=True)
class Part:
    """`expected_s` where no earlier run tells how long it takes; `prefixes` of the names of its figures."""

    expected_s: float
    prefixes: tuple[str, ...]
    needs_database: bool = True


PARTS = {
    "cashier": Part(expected_s=120, prefixes=("cashier_",), needs_database=False),
    "engine": Part(expected_s=3, prefixes=("engine_",), needs_database=False),
    "till": Part(expected_s=1, prefixes=("till_",), needs_database=False),
    "finalize": Part(expected_s=120, prefixes=("finalize_", "pgbench_")),
    "guest": Part(expected_s=180, prefixes=("guest_",)),
    "lunch": Part(expected_s=300, prefixes=("lunch_",)),
    "growth": Part(expected_s=240, prefixes=("growth_", "p95_growth_")),
}


def main() -> None:
    """Measure the chosen parts in one go on one machine; figures of the others stay as they were."""
    chosen = _chosen()
    known: dict[str, float] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    progress = Progress({part: known.get(f"bench_{part}_s", PARTS[part].expected_s) for part in chosen})
    from . import page

    with ExitStack() as served:
        for part in chosen:
            progress.part(part)
            started = time.monotonic()
            figures = _measure(part, served, progress)
            progress.end()
            figures[f"bench_{part}_s"] = time.monotonic() - started
            known = {name: value for name, value in known.items() if not name.startswith(PARTS[part].prefixes)}
            known |= _rounded(figures)
            RESULTS.parent.mkdir(exist_ok=True)
            RESULTS.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")
            page.note_machine(part)
    page.write(known)
    print(f"\nwritten to {RESULTS} and {page.PAGE}")


def _chosen() -> list[str]:
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").partition("\n\n")[2])
    parser.add_argument("parts", nargs="*", metavar="part", help="one or several of the parts; all by default")
    wished = parser.parse_args().parts
    unknown = set(wished) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return [part for part in PARTS if part in wished or not wished]


def _measure(part: str, served: ExitStack, progress: Progress) -> dict[str, float]:
    if part == "cashier":
        # First, because it starts a whole demo of its own, with nothing of the other measurements in its environment.
        from . import cashier

        return cashier.measure()
    database.configure()
    import django

    django.setup()
    from . import engine, finalize, growth, guest, history, lunch, till

    if PARTS[part].needs_database and not database.is_served():
        served.enter_context(database.server())
    match part:
        case "engine":
            return engine.measure()
        case "till":
            return till.measure()
        case "finalize":
            return finalize.measure(progress)
        case "growth":
            return growth.measure(progress)
    chain = history.ready("incust_bench_chain", guests=GUESTS, terminals=REGISTERS, progress=progress)
    return guest.measure(chain, progress) if part == "guest" else lunch.measure(chain, progress)


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    """Figures as they are kept and shown. One that nothing was measured for is left out, and said so."""
    kept = {name: round(value, 3) for name, value in sorted(figures.items()) if not math.isnan(value)}
    for name in sorted(figures):
        print(f"{name:44} {kept[name]:>14,}" if name in kept else f"{name:44} nothing was answered")
    return kept


if __name__ == "__main__":
    main()
