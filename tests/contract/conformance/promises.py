"""One line per promise, and the result as JSON. Takes the place of pytest's own output."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from preconditions import Ground

NOT_TRIED = (
    "what takes time: a reservation lapses after thirty minutes, a code after five, a key against doubles after days",
    "ten wrong codes at one terminal, and the limits of confirmation codes: they would close the terminal for a while",
    "the door of Poster, which needs the signature of Poster",
    "the expiry of bonuses",
)
WIDTH = 9


class PromiseReporter:
    """Prints each promise as it is tried. `kept`, `broken` or `left out`."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._started = time.monotonic()
        self._ground: Ground | None = None
        self._promises: dict[str, dict[str, Any]] = {}
        self._details: list[tuple[str, str]] = []
        self._groups: dict[str, str] = {}
        self._sentences: dict[str, str] = {}
        self._group = ""

    def begin(self, ground: Ground) -> None:
        self._ground = ground
        print(f"{ground.till.url}: terminal “{ground.terminal}” of “{ground.business}”, program “{ground.program}”"
              f" (version {ground.program_version})")  # fmt: skip

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            self._groups[item.nodeid] = _heading(item)
            self._sentences[item.nodeid] = _sentence(item)
            if session.config.option.collectonly:
                self._head(item.nodeid)
                print(f"  {self._sentences[item.nodeid]}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            print(report.longreprtext, file=sys.stderr)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        uneventful = report.passed if report.when == "setup" else not report.failed
        if report.when != "call" and uneventful:
            return
        result = "broken" if report.failed else "left out" if report.skipped else "kept"
        why = ""
        if report.skipped:
            why = str(report.longrepr[2]).removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else ""
        elif report.failed:
            why = _crash(report)
            said = dict(report.sections).get("the last requests and answers", "")
            self._details.append((self._sentences[report.nodeid], f"{why}\n{said}".rstrip()))
        self._promises[report.nodeid] = {
            "promise": self._sentences[report.nodeid], "group": self._groups[report.nodeid], "id": report.nodeid,
            "result": result, "why": why, "duration_s": round(report.duration, 3),
        }  # fmt: skip
        self._head(report.nodeid)
        mark = result.upper() if report.failed else result
        reason = f" — {why}" if report.skipped else ""
        print(f"  {mark:{WIDTH}} {self._sentences[report.nodeid]}{reason}", flush=True)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if session.config.option.collectonly or self._ground is None:
            return
        for sentence, why in self._details:
            print(f"\nBROKEN: {sentence}\n{why}")
        counts = {
            result: sum(each["result"] == result for each in self._promises.values())
            for result in ("kept", "broken", "left out")
        }
        told = ", ".join(f"{count} {result}" for result, count in counts.items())
        print(f"\n{len(self._promises)} promises: {told}, in {time.monotonic() - self._started:.0f} s.")
        print("Not tried by this suite:", *NOT_TRIED, sep="\n  - ")
        if self._config.option.report:
            self._write(self._config.option.report, self._ground, counts)

    def _write(self, path: Path, ground: Ground, counts: dict[str, int]) -> None:
        content = {
            "url": ground.till.url, "terminal": ground.terminal, "business": ground.business,
            "program": ground.program, "program_version": ground.program_version,
            "finished_at": datetime.now(UTC).isoformat(), **{name.replace(" ", "_"): n for name, n in counts.items()},
            "promises": list(self._promises.values()), "not_tried": list(NOT_TRIED),
        }  # fmt: skip
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

    def _head(self, nodeid: str) -> None:
        if self._groups[nodeid] != self._group:
            self._group = self._groups[nodeid]
            print(f"\n{self._group}")


def _sentence(item: pytest.Item) -> str:
    """The promise that a test's name makes, or its docstring: ``test_a_key_is_kept[x]`` → ``A key is kept (x)``."""
    name, _bracket, parameter = item.name.partition("[")
    words = name.removeprefix("test_").replace("_", " ")
    told = getattr(item, "obj", None) and item.obj.__doc__
    sentence = told.strip().rstrip(".") if told else words[0].upper() + words[1:]
    return sentence + (f" ({parameter.removesuffix(']')})" if parameter else "")


def _heading(item: pytest.Item) -> str:
    module = item.getparent(pytest.Module)
    return (module.obj.__doc__ or "").strip().splitlines()[0] if module else ""


def _crash(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message if crash else report.longreprtext)
