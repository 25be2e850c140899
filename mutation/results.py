"""What became of each mutant, one JSON line each, so that a run can be broken off and taken up again."""

from __future__ import annotations

import json
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
            "key": mutant.key, "subject": mutant.subject, "kind": mutant.kind, "line": mutant.line,
            "change": mutant.change, **result._asdict(),
        }  # fmt: skip
        self.known[mutant.key] = one
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a") as out:
            out.write(json.dumps(one, ensure_ascii=False) + "\n")
        print(
            f"{result.verdict:9}{result.took_s:6.1f}s  {place(one)}  {result.by if result.verdict == 'killed' else ''}"
        )

    def summary(self, keys: set[str]) -> str:
        """Counts by kind over these mutants, then the survivors."""
        ours = [one for key, one in self.known.items() if key in keys and one["verdict"] != "invalid"]
        kinds = sorted({one["kind"] for one in ours})
        count = Counter((one["kind"], one["verdict"]) for one in ours)
        lines = [
            f"{kind:12}{count[kind, 'killed']:5} of {count[kind, 'killed'] + count[kind, 'survived']:5}"
            for kind in kinds
        ]
        killed = sum(one["verdict"] == "killed" for one in ours)
        lines.append(f"{'all':12}{killed:5} of {len(ours):5}")
        lines += [f"survived: {place(one)}" for one in ours if one["verdict"] == "survived"]
        return "\n".join(lines)


def place(one: dict[str, Any]) -> str:
    return f"{one['subject']}:{one['line']} [{one['kind']}] {one['change']}"
