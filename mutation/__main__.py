"""``python -m mutation [--only ledger.post_check …] [--kind lock …] [--list] [--again] [tests …]``"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

import psycopg
import pytest

TESTS = ("tests/integration/guards", "tests/integration/ledger", "tests/integration/checks")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m mutation", description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], help="functions or tables, as ledger.post_check")
    parser.add_argument("--kind", nargs="*", default=[], help="kinds of mutants, as lock or comparison")
    parser.add_argument("--survivors", action="store_true", help="only those that survived before, unexplained")
    parser.add_argument("--again", action="store_true", help="also those whose result is known")
    parser.add_argument("--part", default="1/1", help="2/3: the second third of them, for runs side by side")
    parser.add_argument("--most", type=int, help="tests for each mutant; survivors are then worth a longer look")
    parser.add_argument("--list", action="store_true", help="name the mutants and what is known of them, run nothing")
    parser.add_argument("tests", nargs="*", default=[], help=f"pytest's arguments; {' '.join(TESTS)} by default")
    asked = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

    from tests import settings  # noqa: F401  (names the database before anything connects)

    from .laboratory import Laboratory
    from .mutants import Mutant, function_mutants, guard_mutants
    from .results import Results, place, why

    results = Results()
    all_keys: set[str] = set()

    def choose(template: psycopg.Connection[Any]) -> list[Mutant]:
        mutants = [
            mutant
            for mutant in (*function_mutants(template), *guard_mutants(template))
            if (not asked.only or mutant.subject in asked.only) and (not asked.kind or mutant.kind in asked.kind)
        ]
        all_keys.update(mutant.key for mutant in mutants)
        if asked.list:
            for mutant in mutants:
                print(f"{results.known.get(mutant.key, {}).get('verdict', '?'):9}", place(vars(mutant)))
            return []
        known = results.known
        if asked.survivors:
            survived = {key for key, one in known.items() if one["verdict"] == "survived" and not why(one)}
            mutants = [mutant for mutant in mutants if mutant.key in survived]
        elif not asked.again:
            mutants = [mutant for mutant in mutants if mutant.key not in known]
        part, of = map(int, asked.part.split("/"))
        return mutants[part - 1 :: of]

    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    code = pytest.main(
        ["-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist", *(asked.tests or TESTS)],
        plugins=[Laboratory(choose, results.add, asked.most)],
    )
    summary, unexplained = results.summary(all_keys)
    print(summary)
    return int(code) if code not in (0, pytest.ExitCode.NO_TESTS_COLLECTED) else int(unexplained)


if __name__ == "__main__":
    sys.exit(main())
