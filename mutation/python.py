"""``python -m mutation.python engine|checks [--again | --summary | mutmut's arguments]``: mutmut over a room of Python.

mutmut works in a copy of the sources beside its results; so that neither the checkout nor another room's results are
touched, each room has a copy of its own under .data/mutation. The room's settings narrow those of pyproject.toml.

``--again`` asks the tests of today about the mutants that were not killed; ``--summary`` runs nothing, counts, and
names those that nobody has explained.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from incust.config import database
from incust.config.postgres.server import PostgresServer, Settings

from .python_results import forget_survivors, summary

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".data" / "mutation"
PLUGINS = Path(__file__).resolve().parent / "plugins"
NEEDED = ("src", "tests", "pyproject.toml")

# The engine is pure: its tests need neither Django nor a database, and no server is started for each mutant.
WITHOUT_DJANGO = ["--noconftest", "-p", "no:django", "-W", "ignore"]
# mutmut runs the suite several times in one process, which Hypothesis takes for a mistake; these ask SQL alone.
ASIDE = [
    "--ignore", "tests/integration/checks/test_refund_arithmetic.py",
    # What mutmut counts calls by does not bear threads.
    "--deselect",
    "tests/integration/checks/test_quoted.py::test_threads_that_find_the_memory_full_do_not_disturb_each_other",
]  # fmt: skip
# What a till's request calls the database by belongs to the life of a check, whichever room it stands in.
BESIDE = {"checks": ["src/incust/businesses/till_call.py"]}
TESTS = {
    "engine": ["tests/unit/engine"],
    "checks": ["tests/unit/checks", "tests/integration/checks"],
}


def main() -> int:
    room, *arguments = sys.argv[1:]
    folder = WORK / room
    if arguments == ["--summary"]:
        text, unexplained = summary(folder)
        print(text)
        return int(unexplained)
    refresh(folder)
    (folder / "pyproject.toml").write_text(settings_of(room))
    forget_callers(folder)
    if arguments == ["--again"]:
        forget_survivors(folder)
        arguments = []
    environment = {**os.environ, "PYTHONPATH": str(PLUGINS)}
    server = None
    if room != "engine" and not database.external_url():
        os.environ["INCUST_DATA"] = str(WORK / "data")
        server = PostgresServer(database.embedded_home(), Settings(durable=False))
        server.folders.home.mkdir(parents=True, exist_ok=True)
        server.start()
        environment["DATABASE_URL"] = f"postgresql://postgres@/postgres?host={server.folders.socket}"
    try:
        command = [Path(sys.executable).parent / "mutmut", *(arguments or ["run", "--max-children", "1"])]
        return subprocess.run(command, cwd=folder, env=environment, check=False).returncode
    finally:
        if server:
            server.stop()


def refresh(folder: Path) -> None:
    """Copy what mutmut works on; what it learnt about unchanged functions is kept."""
    for name in NEEDED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    # mutmut brings Python up to date in its own copy, and leaves SQL as it was.
    if (folder / "mutants").exists():
        shutil.copytree(
            folder / "src", folder / "mutants" / "src", ignore=shutil.ignore_patterns("*.py"), dirs_exist_ok=True
        )


def forget_callers(folder: Path) -> None:
    """Let mutmut find out anew which tests call which function.

    It would ask new tests only, so a function that is younger than its tests would have none. Nor does it have to know
    that the tests were others: what was killed stays killed when there are more of them.
    """
    file = folder / "mutants" / "mutmut-stats.json"
    if file.exists():
        learnt = json.loads(file.read_text())
        forgotten = {"tests_by_mangled_function_name": {}, "duration_by_test": {}, "config_fingerprint": {}}
        file.write_text(json.dumps({**learnt, **forgotten}))


def settings_of(room: str) -> str:
    """pyproject.toml with mutmut's settings for this room alone."""
    before, _, _ = (ROOT / "pyproject.toml").read_text().partition("[tool.mutmut]")
    ours = ["-p", "soonest"]
    arguments = ["-p", "no:xdist", "-p", "no:cacheprovider", *ours, *(WITHOUT_DJANGO if room == "engine" else ASIDE)]
    return before + (
        "[tool.mutmut]\n"
        'source_paths = ["src"]\n'
        f"only_mutate = {[f'src/incust/{room}/*.py', *BESIDE.get(room, [])]!r}\n"
        f"pytest_add_cli_args_test_selection = {TESTS[room]!r}\n"
        f"pytest_add_cli_args = {arguments!r}\n"
        # Each mutant is born of a process that has run no test yet. One that has remembers programs by numbers that
        # come anew in each database, and would turn tests red for what another test had published.
        'process_isolation = "forkserver"\n'
    )


if __name__ == "__main__":
    sys.exit(main())
