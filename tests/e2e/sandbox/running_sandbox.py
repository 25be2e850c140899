"""The sandbox as a process of its own, with apps that are connected to its demo account already."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from poster_sandbox.seed.accounts import seed_state
from tests.e2e.sandbox.app_server import AppServer
from tests.free_port import free_port

ACCOUNT = "demo-cafe"
STARTS_WITHIN_S = 60
FAR_FUTURE_S = 4_000_000_000


class RunningSandbox:
    """`python -m poster_sandbox` on a free port. `secret_of` is each app's secret, by its id."""

    def __init__(self, folder: Path, bundles: tuple[str, ...], app_server: AppServer) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.app_server = app_server
        self._state_path = folder / "sandbox.json"
        self._state_path.write_text(json.dumps(_state_with(len(bundles))), "utf-8")
        apps = [_app_file(folder, number, name, app_server) for number, name in enumerate(bundles, 1)]
        command = [sys.executable, "-m", "poster_sandbox", "--port", str(self.port), "--state", str(self._state_path)]
        for path in apps:
            command += ["--app", str(path)]
        source = Path(__file__).resolve().parents[3] / "src"
        self._process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(source)})
        self._wait()

    def data(self, path: str) -> Any:
        """JSON of the register's data address, as its server sees things."""
        with urllib.request.urlopen(f"{self.url}/{ACCOUNT}/register/1/data/{path}", timeout=10) as answer:
            return json.load(answer)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)

    def _wait(self) -> None:
        deadline = time.monotonic() + STARTS_WITHIN_S
        while True:
            try:
                self.data("bootstrap")
                return
            except OSError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.1)


def secret_of(number: int) -> str:
    return f"secret-{number}"


def _state_with(apps: int) -> dict[str, Any]:
    state = seed_state()
    for number in range(1, apps + 1):
        state["accounts"][ACCOUNT]["installations"][str(number)] = {
            "token": f"333226:{number:032x}",
            "user_id": 1,
            "installed_at": 0,
            "expires_at": FAR_FUTURE_S,
        }
    return state


def _app_file(folder: Path, number: int, bundle: str, app_server: AppServer) -> Path:
    path = folder / f"app-{number}.json"
    app = {
        "application_id": str(number),
        "secret": secret_of(number),
        "name": bundle.capitalize(),
        "redirect_uri": f"{app_server.address}/connected",
        "category": "Loyalty",
        "bundle_address": f"{app_server.address}/{bundle}",
    }
    path.write_text(json.dumps(app), "utf-8")
    return path
