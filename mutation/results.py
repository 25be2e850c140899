"""What became of each mutant, one JSON line each, so that a run can be broken off and taken up again."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from .mutants import Mutant

FILE = Path(".data") / "mutation" / "results.jsonl"


class Result(NamedTuple):
    """``verdict``: killed, survived, or invalid (PostgreSQL does not take it, so it is no mutant)."""

    verdict: str
    by: str
    took_s: float


class Results:
    def __init__(self, file: Path = FILE) -> None:
        self.file = file
        self.known: dict[str, dict[str, Any]] = {}
        if file.exists():
            for line in file.read_text().splitlines():
                one = json.loads(line)
                self.known[one["key"]] = one

    def add(self, mutant: Mutant, result: Result) -> None:
        one = {
            "key": mutant.key, "subject": mutant.subject, "kind": mutant.kind, "line": mutant.line, "at": mutant.at,
            "change": mutant.change, **result._asdict(),
        }  # fmt: skip
        self.known[mutant.key] = one
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a") as out:
            out.write(json.dumps(one, ensure_ascii=False) + "\n")
        print(
            f"{result.verdict:9}{result.took_s:6.1f}s  {place(one)}  {result.by if result.verdict == 'killed' else ''}"
        )

    def summary(self, keys: set[str]) -> tuple[str, bool]:
        """Counts by kind over these mutants, and the survivors that nobody has explained; whether there are such."""
        ours = [one for key, one in self.known.items() if key in keys and one["verdict"] != "invalid"]
        explained = [one for one in ours if one["verdict"] == "survived" and why(one)]
        unexplained = [one for one in ours if one["verdict"] == "survived" and not why(one)]
        count = Counter((one["kind"], one["verdict"]) for one in ours)
        lines = [
            f"{kind:12}{count[kind, 'killed']:5} of {count[kind, 'killed'] + count[kind, 'survived']:5}"
            for kind in sorted({one["kind"] for one in ours})
        ]
        killed = sum(one["verdict"] == "killed" for one in ours)
        lines.append(f"{'all':12}{killed:5} of {len(ours):5}, {len(explained)} survivors explained")
        lines += [f"explained: {place(one)}: {why(one)}" for one in explained]
        lines += [f"survived: {place(one)}" for one in unexplained]
        return "\n".join(lines), bool(unexplained)


EXPLAINED = tomllib.loads((Path(__file__).parent / "explained.toml").read_text()).get("survivor", [])


def why(one: dict[str, Any]) -> str:
    """Why no test could notice it; '' where that is not known."""
    for survivor in EXPLAINED:
        if all(one[member] == survivor[member] for member in ("subject", "at", "change")):
            return str(survivor["why"])
    return ""


def place(one: dict[str, Any]) -> str:
    return f"{one['subject']}:{one['line']} [{one['kind']}] {one['change']}   {one['at']}"
