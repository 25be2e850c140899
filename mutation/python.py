"""``python -m mutation.python engine|checks [mutmut's arguments]``: mutmut over one room of Python code.

mutmut works in a copy of the sources beside its results; so that neither the checkout nor another room's results are
touched, each room has a copy of its own under .data/mutation. The room's settings narrow those of pyproject.toml.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from incust.config import database
from incust.config.postgres.server import PostgresServer, Settings

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".data" / "mutation"
NEEDED = ("src", "tests", "pyproject.toml")

# The engine is pure: its tests need neither Django nor a database, and no server is started for each mutant.
WITHOUT_DJANGO = ["--noconftest", "-p", "no:django", "-W", "ignore"]
# mutmut runs the suite several times in one process, which Hypothesis takes for a mistake; these ask SQL alone.
ASIDE = ["--ignore", "tests/integration/checks/test_refund_arithmetic.py"]
TESTS = {
    "engine": ["tests/unit/engine"],
    "checks": ["tests/unit/checks", "tests/integration/checks"],
}


def main() -> int:
    room, *arguments = sys.argv[1:]
    folder = WORK / room
    refresh(folder)
    (folder / "pyproject.toml").write_text(settings_of(room))
    environment = {**os.environ, "PYTHONPATH": ""}
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


def settings_of(room: str) -> str:
    """pyproject.toml with mutmut's settings for this room alone."""
    before, _, _ = (ROOT / "pyproject.toml").read_text().partition("[tool.mutmut]")
    arguments = ["-p", "no:xdist", "-p", "no:cacheprovider", *(WITHOUT_DJANGO if room == "engine" else ASIDE)]
    return before + (
        "[tool.mutmut]\n"
        'source_paths = ["src"]\n'
        f'only_mutate = ["src/incust/{room}/*.py"]\n'
        f"pytest_add_cli_args_test_selection = {TESTS[room]!r}\n"
        f"pytest_add_cli_args = {arguments!r}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
