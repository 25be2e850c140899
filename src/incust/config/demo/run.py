"""``incust demo``: everything at once; prints where to go, and stops all on Ctrl-C."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from ..postgres.folders import folders_for
from ..processes import AlreadySupervised, ProgramDidNotStart, Supervisor, sole_supervision
from .stack import Ports, Stack

OWNER_EMAIL = "owner@demo-cafe.example"


def run_demo(*, reset: bool = False, data: Path = Path(".data/demo"), seeded: bool = True) -> int:
    """Start the demo and keep it running. ``seeded=False`` leaves the database empty, as tests want it.

    The addresses and sign-ins are printed and written to ``<data>/../demo.json`` (``.data/demo.json``).
    """
    data = data.resolve()
    if reset:
        _forget(data)
    data.mkdir(parents=True, exist_ok=True)
    try:
        # What an earlier demo left behind is ended before we look for free ports.
        with sole_supervision(data / "logs"):
            return run_stack(Stack(data=data, ports=Ports.free()), seeded=seeded)
    except (AlreadySupervised, ProgramDidNotStart) as error:
        print(error, file=sys.stderr)
        return 1


def run_stack(stack: Stack, *, seeded: bool) -> int:
    """Run this stack under the caller's sole supervision until SIGINT or SIGTERM. Raises `ProgramDidNotStart`."""
    os.environ.update(stack.environment())

    from ..serve import database_running, migrated, programs

    _say("Starting PostgreSQL …")
    with database_running() as database:
        migrated()
        if seeded:
            _say("Preparing the demo café …")
            subprocess.run([sys.executable, "-m", "incust.config.demo.seed"], check=True)
        with Supervisor(stack.data / "logs", kept=database) as supervisor:
            _say("Starting the server, the sandbox of Poster and the guest's phone …")
            server = programs(port=stack.ports.web, live_port=stack.ports.live, web_workers=1)
            supervisor.start(*stack.surroundings(), *server)
            described = describe(stack, seeded=seeded)
            (stack.data.parent / "demo.json").write_text(json.dumps(described, indent=2, ensure_ascii=False))
            print(_as_text(described), flush=True)
            return supervisor.watch()


def describe(stack: Stack, *, seeded: bool) -> dict[str, dict[str, str]]:
    """What `make demo` prints, for people and scripts."""
    account = "demo-cafe"
    sign_ins = {"poster_account": account, "poster_pin": "0000"}
    if seeded:
        sign_ins |= {"panel_email": OWNER_EMAIL, "panel_password": stack.owner_password}
    return {
        "addresses": {
            "panel": f"{stack.web}/",
            "poster_console": f"{stack.sandbox}/{account}/manage/",
            "poster_register": f"{stack.sandbox}/{account}/register/1/",
            "guest_phone": f"{stack.phone}/",
            "terminal_api": f"{stack.web}/terminal/v1/",
        },
        "sign_ins": sign_ins,
    }


def _as_text(described: dict[str, dict[str, str]]) -> str:
    addresses, sign_ins = described["addresses"], described["sign_ins"]
    lines = [
        "",
        f"  Panel (owner)         {addresses['panel']}",
        f"  Poster console        {addresses['poster_console']}",
        f"  Poster register       {addresses['poster_register']}   PIN {sign_ins['poster_pin']}",
        f"  The guest's phone     {addresses['guest_phone']}",
        f"  Terminal API          {addresses['terminal_api']}",
        "",
    ]
    if "panel_email" in sign_ins:
        lines += [f"  Sign in to the panel: {sign_ins['panel_email']}  {sign_ins['panel_password']}", ""]
    lines += [
        "  Begin in the Poster console: Applications → App Marketplace → Loyalty → inCust → Connect.",
        "  Ctrl-C stops everything.",
    ]
    return "\n".join(lines)


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _forget(data: Path) -> None:
    folders = folders_for(data / "postgres")
    for folder in (folders.data, folders.socket, data):
        shutil.rmtree(folder, ignore_errors=True)
    folders_for.cache_clear()
