"""What the till's bundle weighs on its way to a register."""

from __future__ import annotations

import gzip
from pathlib import Path

BUNDLE = Path(__file__).resolve().parent.parent / "till" / "dist" / "bundle.js"


def measure() -> dict[str, float]:
    """Bytes of the built bundle, compressed as a web server would; nothing where it is not built."""
    if not BUNDLE.exists():
        return {}
    return {"till_bundle_gzip_bytes": len(gzip.compress(BUNDLE.read_bytes(), 9))}
