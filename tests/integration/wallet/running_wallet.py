"""The web server and the live process over a test's database, as `incust serve` starts them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from tests.free_port import free_port
from tests.phone_process import SOURCE


@dataclass(frozen=True)
class RunningWallet:
    """``url`` is the public address, ``live_url`` that of the live process; without one, pages have to poll."""

    url: str
    live_url: str
    live: subprocess.Popen[bytes] | None

    def kill_live(self) -> None:
        assert self.live is not None
        os.killpg(self.live.pid, signal.SIGKILL)
        self.live.wait()


@contextmanager
def running_wallet(*, live: bool) -> Iterator[RunningWallet]:
    port, live_port = free_port(), free_port()
    url = f"http://localhost:{port}"
    environment = {
        **os.environ, "INCUST_PUBLIC_URL": url, "PYTHONPATH": str(SOURCE),
        "INCUST_LIVE_URL": f"http://localhost:{live_port}" if live else "",
        "DJANGO_SETTINGS_MODULE": "incust.config.settings",
    }  # fmt: skip
    web = _granian("wsgi", port, "incust.config.wsgi:application", environment, "--blocking-threads", "4")
    streams = (
        _granian("asgi", live_port, "incust.wallet.live:application", environment, "--workers-kill-timeout", "1")
        if live
        else None
    )
    try:
        for process, address in ((web, port), (streams, live_port)):
            if process is not None:
                _wait_for(process, f"http://127.0.0.1:{address}/alive")
        yield RunningWallet(url=url, live_url=f"http://localhost:{live_port}", live=streams)
    finally:
        for process in (web, streams):
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait(30)


def _granian(
    interface: str, port: int, application: str, environment: dict[str, str], *more: str
) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-m", "granian", "--interface", interface, "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--no-ws", "--log-level", "warning", *more, application,
    ]  # fmt: skip
    return subprocess.Popen(command, env=environment, start_new_session=True)


def _wait_for(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            if httpx.get(address, timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert process.poll() is None, f"{address}: the process ended"
        assert time.monotonic() < deadline, f"{address} does not answer"
        time.sleep(0.1)
