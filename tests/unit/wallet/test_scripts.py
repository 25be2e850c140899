"""What the phone makes is what the server and every QR reader expect."""

from __future__ import annotations

import json
import random

import pytest
import qrcode
from qrcode.util import lost_point
from tests.unit.wallet.scripts import run

from incust.customers.rotating_code import is_rotating_code, luhn_digit, rotating_code, step_of

NUMBERS = random.Random(7)


def digits(length: int) -> str:
    return "".join(NUMBERS.choice("0123456789") for _ in range(length))


def reference(text: str, mask: int) -> list[list[int]]:
    """The symbol as another program draws it."""
    symbol = qrcode.QRCode(
        version=1, error_correction=qrcode.constants.ERROR_CORRECT_Q, mask_pattern=mask, border=0
    )  # fmt: skip
    symbol.add_data(text)
    symbol.make(fit=False)
    return [list(map(int, row)) for row in symbol.get_matrix()]


class TestQr:
    def test_the_symbol_is_the_one_of_the_standard_for_every_mask_and_length(self) -> None:
        cases = [(digits(21), mask) for mask in range(8) for _ in range(3)]
        cases += [(digits(length), length % 8) for length in range(1, 28)]
        drawn = run(
            "qr.js", f"{json.dumps(cases)}.map(([digits, mask]) => it.encodeDigits(digits, mask).modules.map("
            "(row) => row.map(Number)))",
        )  # fmt: skip
        for (text, mask), modules in zip(cases, drawn, strict=True):
            assert modules == reference(text, mask), (text, mask)

    def test_the_mask_is_chosen_by_what_reads_best(self) -> None:
        cases = [digits(21) for _ in range(20)]
        chosen = run(
            "qr.js", f"{json.dumps(cases)}.map((digits) => it.encodeDigits(digits)).map(({{mask, modules}}) =>"
            " [mask, modules.map((row) => row.map(Number))])",
        )  # fmt: skip
        assert len({mask for mask, _modules in chosen}) > 2
        for text, (mask, modules) in zip(cases, chosen, strict=True):
            points = {other: lost_point(reference(text, other)) for other in range(8)}
            assert points[mask] == min(points.values())
            assert modules == reference(text, mask)

    @pytest.mark.parametrize("refused", ["", "12a", "1" * 28])
    def test_anything_but_one_to_27_digits_is_refused(self, refused: str) -> None:
        assert run(
            "qr.js", f"(() => {{ try {{ it.encodeDigits({refused!r}) }} catch (e) {{ return e.name }} }})()"
        ) == ("RangeError")

    def test_the_path_draws_each_dark_module_once(self) -> None:
        modules, path = run(
            "qr.js", "(() => { const { modules } = it.encodeDigits('123456789012345678901');"
            " return [modules, it.pathOf(modules, 1)] })()",
        )  # fmt: skip
        dark = {(x + 1, y + 1) for y, row in enumerate(modules) for x, is_dark in enumerate(row) if is_dark}
        drawn: list[tuple[int, int]] = []
        for run_of_modules in path.strip("z").split("z"):
            x, rest = run_of_modules[1:].split(" ")
            y, length = rest.split("v")[0].split("h")
            drawn += [(int(x) + i, int(y)) for i in range(int(length))]
        assert len(drawn) == len(set(drawn))
        assert set(drawn) == dark


class TestRotatingCode:
    SECRET = bytes(range(32))
    IMPORT = (
        "await crypto.subtle.importKey('raw', Uint8Array.from({length: 32}, (_, i) => i),"
        " {name: 'HMAC', hash: 'SHA-256'}, false, ['sign'])"
    )

    def test_the_phone_makes_the_code_that_the_server_makes(self) -> None:
        steps = [0, 1, 58_000_000, 59_876_543, 2**31, 2**40]
        made = run(
            "rotating_code.js",
            f"await (async (key) => Promise.all({steps}.map((step) => it.rotatingCode('0123456789', key, step))))"
            f"({self.IMPORT})",
        )
        assert made == [rotating_code(device_number="0123456789", secret=self.SECRET, step=step) for step in steps]
        assert all(is_rotating_code(code) for code in made)

    def test_the_server_finds_the_step_of_the_phones_clock(self) -> None:
        from datetime import UTC, datetime

        now = datetime(2026, 11, 24, 10, 0, 29, tzinfo=UTC)
        milliseconds = int(now.timestamp() * 1000)
        code = run(
            "rotating_code.js",
            f"await it.rotatingCode('0123456789', {self.IMPORT}, it.stepAt({milliseconds}))",
        )
        assert step_of(code, secret=self.SECRET, now=now) == milliseconds // 30_000

    def test_the_check_digit_is_luhns(self) -> None:
        cases = [digits(20) for _ in range(50)] + ["0" * 20, "9" * 20]
        assert run("rotating_code.js", f"{json.dumps(cases)}.map(it.luhnDigit)") == [luhn_digit(case) for case in cases]
