"""`python -m bench`: measure, print, and write `bench/results/latest.json`. Units stand last in the names."""

from __future__ import annotations

import json
import socket
from pathlib import Path

from . import database

RESULTS = Path(__file__).parent / "results" / "latest.json"


def main() -> None:
    """Run everything in one go on one machine, so that the ratios are of one run."""
    # First, because it starts a whole demo of its own, with nothing of the other measurements in its environment.
    from . import cashier

    figures = cashier.measure()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    database.configure(port)
    import django

    django.setup()
    from . import engine, finalize, till

    figures |= {**engine.measure(), **till.measure()}
    with database.fresh_database():
        database.let_the_baseline_write()
        figures |= finalize.measure(port)
    rounded = {name: round(value, 3) for name, value in sorted(figures.items())}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rounded, indent=2) + "\n")
    for name, value in rounded.items():
        print(f"{name:36} {value:>12,}")
    print(f"\nwritten to {RESULTS}")


if __name__ == "__main__":
    main()
