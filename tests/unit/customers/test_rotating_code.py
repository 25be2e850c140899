"""The wallet's rotating code: its form, its steps, and its check digit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incust.customers.rotating_code import (
    device_number_of,
    is_rotating_code,
    luhn_digit,
    rotating_code,
    step_at,
    step_of,
)

NOON = datetime(2026, 9, 1, 12, 0, 10, tzinfo=UTC)
SECRET = bytes(range(32))
DEVICE = "0123456789"


def code_at(moment: datetime) -> str:
    return rotating_code(device_number=DEVICE, secret=SECRET, step=step_at(moment))


class TestForm:
    def test_a_known_code(self) -> None:
        """The wallet's JavaScript is held against the same vector."""
        assert rotating_code(device_number=DEVICE, secret=SECRET, step=59_575_680) == "701234567891420637534"

    def test_it_is_twenty_one_digits_that_name_the_device(self) -> None:
        code = code_at(NOON)
        assert (len(code), code.isdigit(), code[0], device_number_of(code)) == (21, True, "7", DEVICE)
        assert is_rotating_code(code)

    @given(st.integers(0, 20), st.integers(1, 9))
    def test_a_mistyped_digit_is_noticed(self, position: int, shift: int) -> None:
        code = code_at(NOON)
        wrong = str((int(code[position]) + shift) % 10)
        assert not is_rotating_code(code[:position] + wrong + code[position + 1 :])

    @pytest.mark.parametrize("text", ["", "7" * 20, "7" * 22, "x" * 21, "٧" * 21])
    def test_what_has_another_form_is_none(self, text: str) -> None:
        assert not is_rotating_code(text)

    @pytest.mark.parametrize(("number", "digit"), [("7992739871", "3"), ("0", "0"), ("18", "2")])
    def test_luhn(self, number: str, digit: str) -> None:
        assert luhn_digit(number) == digit


class TestSteps:
    @pytest.mark.parametrize("offset_s", [-30, 0, 30])
    def test_the_step_before_and_after_are_open(self, offset_s: int) -> None:
        shown_at = NOON + timedelta(seconds=offset_s)
        assert step_of(code_at(shown_at), secret=SECRET, now=NOON) == step_at(shown_at)

    @pytest.mark.parametrize("offset_s", [-60, 60, 3600])
    def test_other_steps_are_closed(self, offset_s: int) -> None:
        assert step_of(code_at(NOON + timedelta(seconds=offset_s)), secret=SECRET, now=NOON) is None

    def test_another_secret_makes_another_code(self) -> None:
        assert step_of(code_at(NOON), secret=b"another", now=NOON) is None
