"""Which Chromium the browser tests use. Run as a script it makes sure that there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def executable() -> str | None:
    """Path of a Chromium or Chrome, or ``None``."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return found
    bundled = sorted(Path("~/.cache/ms-playwright").expanduser().glob("chromium-*/chrome-linux*/chrome"))
    return str(bundled[-1]) if bundled else None


def install() -> None:
    """Playwright's own build, else the distribution's package."""
    print("Installing Chromium for the browser tests …", flush=True)
    playwright = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(playwright, check=False, timeout=600, capture_output=True).returncode == 0 and executable():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, timeout=300, env=quiet)
        packages = ["chromium", "fonts-dejavu-core"]
        subprocess.run(["apt-get", "install", "-y", "-qq", *packages], check=True, timeout=900, env=quiet)


if __name__ == "__main__":
    if executable() is None:
        install()
    if executable() is None:
        sys.exit("No Chromium was found. Install the package `chromium`, then run the tests again.")
