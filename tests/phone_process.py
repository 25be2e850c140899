"""The guest's phone as a process of its own, for tests that look at what a guest received."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.free_port import free_port

SOURCE = Path(__file__).resolve().parent.parent / "src"


@dataclass
class Phone:
    """Switched on by ``with``, or by `switch_on` and `switch_off`; its ports stay the same meanwhile."""

    port: int = field(default_factory=free_port)
    smtp_port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sms_url(self) -> str:
        return f"{self.url}/sms"

    def switch_on(self) -> None:
        command = [sys.executable, "-m", "guest_phone", "--port", str(self.port), "--smtp-port", str(self.smtp_port)]
        self._process = subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": str(SOURCE)}, stdout=subprocess.DEVNULL
        )
        _until(self._answers, "the guest's phone did not start")

    def switch_off(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def __enter__(self) -> Phone:
        self.switch_on()
        return self

    def __exit__(self, *_: object) -> None:
        self.switch_off()

    def messages(self, to: str = "") -> list[dict[str, Any]]:
        """What has arrived, the newest first."""
        return httpx.get(f"{self.url}/messages", params={"to": to} if to else {}).json()

    def wait_for(self, to: str, *, count: int = 1, timeout_s: float = 30) -> list[dict[str, Any]]:
        """Messages to this address once there are ``count``; fails after ``timeout_s``."""
        _until(lambda: len(self.messages(to)) >= count, f"{to} got no {count} messages", timeout_s)
        return self.messages(to)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/alive").text == "ok"
        except httpx.TransportError:
            return False


def _until(condition: Any, complaint: str, timeout_s: float = 30) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(complaint)
        time.sleep(0.05)
