"""What became of each of mutmut's mutants, read out of the files that it keeps beside them."""

from __future__ import annotations

import contextlib
import json
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code

EXPLAINED = tomllib.loads((Path(__file__).parent / "explained.toml").read_text()).get("python", [])
WHY = {tuple(mutant): explained["why"] for explained in EXPLAINED for mutant in explained["mutants"]}
_NAME = re.compile(r"incust\.([\w.]+)\.x(?:_|ǁ(\w+?)ǁ)(\w+?)__mutmut_\d+")


class Survivor(NamedTuple):
    """`at` is what was written, `becomes` what the mutant makes of it; both without indent, one line or more."""

    name: str
    status: str
    function: str
    at: str
    becomes: str

    @property
    def why(self) -> str:
        """Why no test could notice it; '' where that is not known."""
        return WHY.get((self.function, self.at, self.becomes), "")


def forget_survivors(folder: Path) -> None:
    """Leave known only what is known of the killed and of the explained."""
    asked_again = {
        name
        for path, name, status in _verdicts(folder)
        if status not in ("killed", "not checked") and not _survivor(folder, path, name, status).why
    }
    for file in _files(folder):
        known = json.loads(file.read_text())
        verdicts = known["exit_code_by_key"]
        known["exit_code_by_key"] = {name: None if name in asked_again else verdicts[name] for name in verdicts}
        file.write_text(json.dumps(known))


def summary(folder: Path) -> tuple[str, bool]:
    """Counts, and the survivors with what is known of them; whether there are some that nobody has explained."""
    verdicts = _verdicts(folder)
    survivors = [_survivor(folder, *one) for one in verdicts if one[2] != "killed"]
    explained = [one for one in survivors if one.why]
    unexplained = [one for one in survivors if not one.why]
    killed = len(verdicts) - len(survivors)
    lines = [f"explained: {place(one)}\n    {one.why}" for one in explained]
    lines += [f"{one.status}: {place(one)}" for one in unexplained]
    lines += [
        f"{len(verdicts)} mutants, {killed} killed, {len(explained)} explained, {len(unexplained)} open"
        f" {dict(Counter(one.status for one in unexplained)) or ''}"
    ]
    return "\n".join(lines), bool(unexplained)


def place(one: Survivor) -> str:
    return f"{one.name}\n    - {one.at}\n    + {one.becomes}"


def _files(folder: Path) -> list[Path]:
    mutants = folder / "mutants"
    files = sorted((mutants / "src" / "incust").glob("*/*.py.meta"))
    return [file for file in files if (folder / file.relative_to(mutants)).with_suffix("").exists()]


def _verdicts(folder: Path) -> list[tuple[Path, str, str]]:
    return [
        (file.relative_to(folder / "mutants").with_suffix(""), name, status_by_exit_code[code])
        for file in _files(folder)
        for name, code in json.loads(file.read_text())["exit_code_by_key"].items()
    ]


def _survivor(folder: Path, path: Path, name: str, status: str) -> Survivor:
    parts = _NAME.fullmatch(name)
    assert parts is not None, name
    with contextlib.chdir(folder):
        lines = get_diff_for_mutant(name, path=path).splitlines()[2:]
    at, becomes = ("\n".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return Survivor(name, status, ".".join(filter(None, parts.groups())), at, becomes)
