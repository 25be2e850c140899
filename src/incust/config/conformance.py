"""``incust conformance``: the suite that any till's author can run against a server; it lives with the tests."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SUITE = Path(__file__).resolve().parents[3] / "tests" / "contract" / "conformance"
PACKAGES = ("pytest", "httpx", "hypothesis", "jsonschema")
CANNOT_BEGIN = 2


@dataclass(frozen=True, kw_only=True)
class Conformance:
    """What to run. `only`: words of the promises to try (pytest's ``-k``); `report`: where to write the JSON."""

    url: str
    key: str
    only: str = ""
    report: Path | None = None
    list_only: bool = False


def run_conformance(chosen: Conformance) -> int:
    """Run the suite and give the exit code: 0 all promises are kept, 1 one is broken, 2 it could not begin."""
    unable = _unable()
    if unable:
        print(unable, file=sys.stderr)
        return CANNOT_BEGIN
    arguments = [
        sys.executable, "-m", "pytest", "-c", str(SUITE / "pytest.ini"), "--rootdir", str(SUITE), "--capture=no",
        "-p", "no:terminal", f"--url={chosen.url}",
    ]  # fmt: skip
    if chosen.only:
        arguments += ["-k", chosen.only]
    if chosen.report:
        arguments.append(f"--report={chosen.report.resolve()}")
    if chosen.list_only:
        arguments.append("--collect-only")
    # Only what the suite names itself is loaded, and the key stays out of the list of processes.
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTEST_ADDOPTS", "PYTHONPATH")}
    environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "INCUST_CONFORMANCE_KEY": chosen.key}
    done = subprocess.run([*arguments, str(SUITE)], env=environment, check=False)
    return done.returncode if done.returncode in (0, 1) else CANNOT_BEGIN


def _unable() -> str:
    """Why the suite cannot run here, and what to do; empty where it can."""
    if not SUITE.is_dir():
        return (
            "The suite is part of the repository and is not installed with the package. Get the repository's folder "
            "tests/contract/conformance and run in it: pip install " + " ".join(PACKAGES) + " && pytest --url … --key …"
        )
    missing = [package for package in PACKAGES if importlib.util.find_spec(package) is None]
    return f"Install what the suite needs: pip install {' '.join(missing)}" if missing else ""
