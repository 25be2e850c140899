"""How the console writes numbers and times."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template

register = template.Library()


@register.filter
def money(minor: int) -> str:
    """`123450` → `1 234.50`."""
    sign, amount = ("−", -minor) if minor < 0 else ("", minor)
    return f"{sign}{amount // 100:,}.{amount % 100:02}".replace(",", "\u202f")


@register.filter
def moment_ms(time_ms: int, zone: str = "UTC") -> str:
    """Unix milliseconds in a time zone; nothing for 0."""
    return _moment(time_ms / 1000, zone) if time_ms else ""


@register.filter
def moment_s(time_s: float | str, zone: str = "UTC") -> str:
    return _moment(float(time_s), zone) if time_s else ""


def _moment(time_s: float, zone: str) -> str:
    return datetime.fromtimestamp(time_s, UTC).astimezone(ZoneInfo(zone)).strftime("%d %b %Y, %H:%M:%S")


@register.filter
def readable_json(text: str | None) -> str:
    """A JSON text over several lines; anything else as it is."""
    try:
        value: Any = json.loads(text or "null")
    except ValueError:
        return text or ""
    return "" if value is None else json.dumps(value, indent=2, ensure_ascii=False)


@register.filter
def plain(number: float) -> str:
    return format(number, "g")
