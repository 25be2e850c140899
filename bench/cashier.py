"""A scripted cashier at the sandbox's register: taps that loyalty adds to a sale, and how long each sale takes.

Taps are counted inside our windows and in the ••• menu; Poster's own Pay and tender are not ours. Scanning and typing
by others than the cashier are no taps. Times are a machine's, without human pauses: from Pay to the payment screen,
which is what loyalty adds, and for a new guest from the first key to the filled profile.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.browser import running_browser
from tests.e2e.guide.people import Cashier
from tests.e2e.guide.running_demo import RunningDemo

from bench.cafe import Cafe, Scanner

NEW_PHONES = {Scanner.USB: "0505550199", Scanner.CAMERA: "0505550198"}


@dataclass(frozen=True, kw_only=True)
class Sale:
    taps: int
    seconds: float


def measure() -> dict[str, float]:
    """Figures of every scenario, camera and USB scanner separately."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, running_browser() as browser:
        demo = RunningDemo(Path(folder), empty=False)
        try:
            cafe = Cafe(demo, browser, Path(folder))
            cafe.open()
            for scanner in (Scanner.USB, Scanner.CAMERA):
                figures |= _scenarios(cafe, scanner)
        finally:
            demo.stop()
    return figures


def _scenarios(cafe: Cafe, scanner: Scanner) -> dict[str, float]:
    name = f"cashier_{scanner.value}"
    figures: dict[str, float] = {}

    cafe.set_terminal(ask_at_pay=False)
    with cafe.register(scanner) as cashier:
        figures |= _figures(f"{name}_anonymous", _sale(cashier, lambda: None))
        figures |= _figures(f"{name}_new_guest", _new_guest(cashier, NEW_PHONES[scanner]))
    cafe.set_terminal(ask_at_pay=True)
    with cafe.register(scanner) as cashier:
        figures |= _figures(f"{name}_anonymous_asked", _sale(cashier, lambda: _no_card(cashier)))
        figures |= _figures(f"{name}_collect", _collecting(cafe, cashier, scanner, cafe.newcomer()))
        figures |= _figures(f"{name}_redeem", _redeeming(cafe, cashier, scanner, cafe.guest_with_points()))
        figures |= _queue_of_ten(cafe, cashier, scanner, name)
    return figures


def _queue_of_ten(cafe: Cafe, cashier: Cashier, scanner: Scanner, name: str) -> dict[str, float]:
    """Four anonymous, four collecting, two redeeming guests."""
    collecting = [cafe.newcomer() for _ in range(4)]
    redeeming = [cafe.guest_with_points() for _ in range(2)]
    sales: list[Sale] = []
    for position in range(4):
        sales.append(_sale(cashier, lambda: _no_card(cashier)))
        sales.append(_collecting(cafe, cashier, scanner, collecting[position]))
        if position % 2:
            sales.append(_redeeming(cafe, cashier, scanner, redeeming[position // 2]))
    total = Sale(taps=sum(sale.taps for sale in sales), seconds=sum(sale.seconds for sale in sales))
    return _figures(f"{name}_queue_of_ten", total)


def _collecting(cafe: Cafe, cashier: Cashier, scanner: Scanner, guest: int) -> Sale:
    code = cafe.code_of(guest)
    return _sale(cashier, lambda: cafe.show_code(cashier, scanner, code))


def _redeeming(cafe: Cafe, cashier: Cashier, scanner: Scanner, guest: int) -> Sale:
    code = cafe.code_of(guest)

    def at_pay() -> None:
        cafe.show_code(cashier, scanner, code)
        cashier.tap_in_till("redeem-max")

    return _sale(cashier, at_pay)


def _sale(cashier: Cashier, at_pay: Callable[[], None]) -> Sale:
    cashier.order("1", "11", "11")
    taps, started = cashier.taps, time.monotonic()
    cashier.tap("pay")
    at_pay()
    cashier.hook("payment-screen").wait_for()
    sale = Sale(taps=cashier.taps - taps - 1, seconds=time.monotonic() - started)
    cashier.pay_rest_in_cash()
    cashier.tap("next-order")
    return sale


def _new_guest(cashier: Cashier, phone: str) -> Sale:
    cashier.order("1", "11")
    taps, started = cashier.taps, time.monotonic()
    cashier.choose_customer()
    cashier.key(phone)
    cashier.tap_in_till("identify-submit")
    cashier.in_till("new-guest-consent").check()
    cashier.tap_in_till("new-guest-save")
    cashier.in_till("guest-name").wait_for()
    sale = Sale(taps=cashier.taps - taps, seconds=time.monotonic() - started)
    cashier.tap_in_till("profile-close")
    cashier.tap("pay")
    cashier.pay_rest_in_cash()
    cashier.tap("next-order")
    return sale


def _no_card(cashier: Cashier) -> None:
    cashier.tap_in_till("no-card")


def _figures(name: str, sale: Sale) -> dict[str, float]:
    return {f"{name}_taps": sale.taps, f"{name}_s": sale.seconds}
