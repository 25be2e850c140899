"""A pytest plugin for mutmut's runs: asks first the tests that turned red before, then the quickest.

mutmut stops at the first red test but hands a mutant's tests over in no order, so that nearly all of its time goes into
tests that are green. What turned red is kept in a file beside mutmut's statistics, for each mutant is a process.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

KILLERS = Path("killers.tsv")
STATISTICS = Path("mutmut-stats.json")


def function_under_test() -> str:
    """Its mangled name; '' while mutmut only counts."""
    name, _, number = os.environ.get("MUTANT_UNDER_TEST", "").rpartition("__mutmut_")
    return name if number.isdigit() else ""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    function = function_under_test()
    if not function:
        return
    own, all_red = killers(function)
    took_s = json.loads(STATISTICS.read_text())["duration_by_test"] if STATISTICS.exists() else {}
    items.sort(key=lambda item: (-own[item.nodeid], -all_red[item.nodeid], took_s.get(item.nodeid, 0.0)))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    function = function_under_test()
    if report.failed and function:
        with KILLERS.open("a") as out:
            out.write(f"{function}\t{report.nodeid}\n")


def killers(function: str) -> tuple[Counter[str], Counter[str]]:
    """How often each test turned red for this function's mutants, and for any."""
    lines = KILLERS.read_text().splitlines() if KILLERS.exists() else []
    red = [line.partition("\t")[::2] for line in lines]
    return Counter(test for of, test in red if of == function), Counter(test for _, test in red)
