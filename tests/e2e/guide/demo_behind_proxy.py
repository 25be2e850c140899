"""The demo where a proxy stands between the registers and our server, as a process of its own.

``python -m tests.e2e.guide.demo_behind_proxy PUBLIC_URL WEB_PORT --data FOLDER``
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from incust.config.demo.run import run_stack
from incust.config.demo.stack import Ports, Stack
from incust.config.processes import sole_supervision


@dataclass(frozen=True, kw_only=True)
class StackBehindProxy(Stack):
    """Reached by another address than that of its own port."""

    public_url: str

    @property
    def web(self) -> str:
        return self.public_url


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("public_url")
    parser.add_argument("web_port", type=int)
    parser.add_argument("--data", type=Path, required=True)
    chosen = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "incust.config.settings"
    data = chosen.data.resolve()
    ports = replace(Ports.free(), web=chosen.web_port)
    with sole_supervision(data / "logs"):
        return run_stack(StackBehindProxy(data=data, ports=ports, public_url=chosen.public_url), seeded=True)


if __name__ == "__main__":
    sys.exit(main())
