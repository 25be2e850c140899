"""The demo's stack as a newcomer starts it: `incust demo` as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

STARTS_WITHIN_S = 120
ROOT = Path(__file__).resolve().parents[3]


class RunningDemo:
    """`incust demo` over a data folder; `addresses` and `sign_ins` are what it prints.

    ``program``: another module that runs the demo's stack, with its arguments.
    """

    def __init__(self, folder: Path, *, empty: bool = False, program: Sequence[str] = ("incust", "demo")) -> None:
        self.data = folder / "demo"
        self._output = open(folder / "demo.out", "w+")  # noqa: SIM115 (open as long as the demo runs)
        command = [sys.executable, "-m", *program, "--data", str(self.data), *(["--empty"] if empty else [])]
        environment = {
            k: v for k, v in os.environ.items() if not k.startswith("INCUST_") and k != "DJANGO_SETTINGS_MODULE"
        }
        self._process = subprocess.Popen(
            command, env={**environment, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}, cwd=folder, stdout=self._output,
            stderr=self._output, start_new_session=True,
        )  # fmt: skip
        described = self._wait(folder / "demo.json")
        self.addresses: dict[str, str] = described["addresses"]
        self.sign_ins: dict[str, str] = described["sign_ins"]

    def stop(self) -> int:
        """As Ctrl-C does; gives the exit code."""
        self._process.send_signal(signal.SIGINT)
        code = self._process.wait(timeout=60)
        self._output.close()
        return code

    @contextmanager
    def hanging(self, module: str) -> Iterator[None]:
        """The program of that module takes connections and answers nothing, as long as the block runs."""
        process = self._program(module)
        os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(process, signal.SIGCONT)

    def log(self, program: str) -> str:
        return (self.data / "logs" / f"{program}.log").read_text(errors="replace")

    def _program(self, module: str) -> int:
        """Process id of the one child of the demo that runs this module."""
        (found,) = [
            int(child)
            for task in Path(f"/proc/{self._process.pid}/task").iterdir()
            for child in (task / "children").read_text().split()
            if module in Path(f"/proc/{child}/cmdline").read_text().split("\0")
        ]
        return found

    def _wait(self, written: Path) -> dict[str, Any]:
        deadline = time.monotonic() + STARTS_WITHIN_S
        while not written.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._output.seek(0)
                raise RuntimeError(f"the demo did not start:\n{self._output.read()}")
            time.sleep(0.1)
        answer: dict[str, Any] = json.loads(written.read_text())
        return answer
