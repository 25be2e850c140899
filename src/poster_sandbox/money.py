"""Money in the state is integer minor units; floats and texts exist only at Poster's edges."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any


def to_minor(units: Any) -> int:
    """Currency units (number or text) to minor units, half up; 0.1 + 0.2 is 30. Raises ValueError for nonsense."""
    return round_half_up(decimal_of(units) * 100)


def to_units(minor: int) -> float:
    """Minor units to currency units as Poster's JavaScript and webhooks carry them; whole sums stay whole."""
    return minor // 100 if minor % 100 == 0 else minor / 100


def decimal_of(value: Any) -> Decimal:
    """A finite number out of JSON or a form, without binary noise. Raises ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError(f"{value!r} is not a number")
    try:
        number = Decimal(str(value).strip() or "0")
    except InvalidOperation as error:
        raise ValueError(f"{value!r} is not a number") from error
    if not number.is_finite() or abs(number) > 10**15:  # times in milliseconds are numbers, too
        raise ValueError(f"{value!r} is out of range")
    return number


def round_half_up(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def allocate(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Split a sum by weights, largest remainder first; the parts add up exactly (all 0 where the weights are)."""
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    parts = [total_minor * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total_minor * weights[i] % whole), i))
    for index in by_remainder[: total_minor - sum(parts)]:
        parts[index] += 1
    return parts
