"""The wallet's rotating QR code: digits only, because a scanner types keys and a Cyrillic layout garbles letters.

Twenty-one digits::

    7 | DDDDDDDDDD | CCCCCCCCC | L
    mark, number of the device, code of this step, Luhn's check digit over the twenty before it

A step is thirty seconds of Unix time (``step = unix_seconds // 30``). The phone makes the code without a connection::

    mac  = HMAC-SHA256(key = the device's secret, message = the step in decimal digits, ASCII)
    code = (first six bytes of mac, big-endian) mod 1_000_000_000, nine digits with leading zeros

Six bytes stay exact in a JavaScript number. The server accepts the step before and after its own, and each step once.

Guessing: device numbers are no secret, so a guess at one device is right with a chance of three in a thousand million
(three steps are open); ten unusable codes close the terminal to codes for minutes (``customers.guess_wait``). Trying
without a pause at one terminal takes, on average, more than three hundred years.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime

STEP_S = 30
SKEW_STEPS = 1
MARK = "7"
DEVICE_DIGITS = 10
CODE_DIGITS = 9
CODE_LENGTH = len(MARK) + DEVICE_DIGITS + CODE_DIGITS + 1


def step_at(now: datetime) -> int:
    """The number of the thirty seconds that ``now`` lies in."""
    return int(now.timestamp()) // STEP_S


def rotating_code(*, device_number: str, secret: bytes, step: int) -> str:
    """The twenty-one digits that the device shows during ``step``."""
    body = f"{MARK}{device_number}{_code_of_step(secret, step)}"
    return body + luhn_digit(body)


def is_rotating_code(digits: str) -> bool:
    """Whether these digits have the form of a code: length, mark, check digit."""
    return (
        len(digits) == CODE_LENGTH
        and bool(re.fullmatch("[0-9]+", digits))
        and digits.startswith(MARK)
        and luhn_digit(digits[:-1]) == digits[-1]
    )


def device_number_of(digits: str) -> str:
    """The public number of the device that a code of the right form names."""
    return digits[len(MARK) : len(MARK) + DEVICE_DIGITS]


def step_of(digits: str, *, secret: bytes, now: datetime) -> int | None:
    """The step the code was made in, or ``None`` if it is not one of the three that are open now."""
    shown = digits[len(MARK) + DEVICE_DIGITS : -1]
    current = step_at(now)
    for step in (current, current - SKEW_STEPS, current + SKEW_STEPS):
        if hmac.compare_digest(_code_of_step(secret, step), shown):
            return step
    return None


def luhn_digit(digits: str) -> str:
    """The check digit that makes the whole number pass Luhn's test."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if position % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def _code_of_step(secret: bytes, step: int) -> str:
    mac = hmac.digest(secret, str(step).encode(), hashlib.sha256)
    return f"{int.from_bytes(mac[:6], 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}}"
