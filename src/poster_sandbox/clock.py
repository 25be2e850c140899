"""The sandbox's clock."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def now_s() -> float:
    """Unix seconds."""
    return time.time()


def now_ms() -> int:
    """Unix milliseconds, Poster's unit for orders."""
    return int(time.time() * 1000)


def local_text(time_ms: int, timezone: str) -> str:
    """`Y-m-d H:i:s` in the account's time zone, as Poster's web API writes dates."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%d %H:%M:%S")
