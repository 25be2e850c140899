"""Money is an integer in minor units; here is the only place where it is rounded or divided.

Amounts given to these functions are never negative: a discount or a return is a named amount of its own, not a sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

#: Steps a program may round to, in minor units: 0.01, 0.1, 1 currency unit (of two digits).
STEPS_MINOR = (1, 10, 100)
_HUNDREDTHS_OF_PERCENT_IN_WHOLE = 10_000


class Rounding(StrEnum):
    """How a program rounds what a guest earns."""

    DOWN = "down"
    HALF_UP = "half_up"


def round_ratio(numerator: int, denominator: int, *, step_minor: int, rounding: Rounding) -> int:
    """Return `numerator / denominator` as a multiple of `step_minor`, rounded exactly (no floating point)."""
    if numerator < 0 or denominator <= 0 or step_minor <= 0:
        raise ValueError("amounts are not negative, divisors and steps are positive")
    divisor = denominator * step_minor
    steps = numerator // divisor if rounding is Rounding.DOWN else (2 * numerator + divisor) // (2 * divisor)
    return steps * step_minor


def percent_of(amount_minor: int, percent: Decimal, *, step_minor: int, rounding: Rounding) -> int:
    """Return `percent` % of an amount. The percent has at most two decimal places (checked where programs are read)."""
    hundredths = int(percent * 100)
    return round_ratio(
        amount_minor * hundredths, _HUNDREDTHS_OF_PERCENT_IN_WHOLE, step_minor=step_minor, rounding=rounding
    )


def round_down(amount_minor: int, *, step_minor: int) -> int:
    """Return the largest multiple of `step_minor` that is not above the amount."""
    return round_ratio(amount_minor, 1, step_minor=step_minor, rounding=Rounding.DOWN)


def allocate(total_minor: int, weights_minor: Mapping[str, int]) -> dict[str, int]:
    """Spread a total over keyed weights by largest remainder.

    The shares sum exactly to the total, no share exceeds its weight while the total does not exceed the sum of weights,
    and the result does not depend on the order of the keys: equal remainders go to the heavier weight, then to the
    smaller key. A total of zero gives zeros; spreading a positive total over nothing is an error (`ValueError`).
    """
    if total_minor < 0 or any(weight < 0 for weight in weights_minor.values()):
        raise ValueError("neither total nor weights are negative")
    whole = sum(weights_minor.values())
    if total_minor == 0:
        return dict.fromkeys(weights_minor, 0)
    if whole == 0:
        raise ValueError("a positive total needs something to be spread over")
    shares = {key: total_minor * weight // whole for key, weight in weights_minor.items()}
    left_over = total_minor - sum(shares.values())
    if left_over:
        by_remainder = sorted(
            weights_minor, key=lambda key: (-(total_minor * weights_minor[key] % whole), -weights_minor[key], key)
        )
        for key in by_remainder[:left_over]:
            shares[key] += 1
    return shares
