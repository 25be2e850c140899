"""The real till behind a bad line: what its outbox repeats counts once.

Espresso (11) costs 45.00, the program credits 5 %.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.guide.cafe import Bonus, ConnectedCafe, eventually
from tests.e2e.guide.register import KnownGuest, Register, a_guest
from tests.e2e.guide.running_demo import RunningDemo
from tests.free_port import free_port
from tests.network.fault_proxy import Fault, FaultProxy, Request

NEWCOMERS = [[Fault.DROP_ANSWER, Fault.DROP_REQUEST, Fault.DUPLICATE], [Fault.DELAY_REQUEST]]
"""What the tries to finalize the receipt of each suffer. The till waits longer than six seconds in the background."""


class Faults:
    """What requests of these operations suffer, in this order; then the line is good."""

    def __init__(self, **per_operation: list[Fault]) -> None:
        self._waiting = {f"checks/{operation}": list(faults) for operation, faults in per_operation.items()}

    def __call__(self, request: Request) -> Fault:
        waiting = self._waiting.get(request.operation)
        return waiting.pop(0) if waiting else Fault.NONE

    @property
    def over(self) -> bool:
        return not any(self._waiting.values())


@pytest.fixture(scope="module")
def proxy() -> Iterator[FaultProxy]:
    with FaultProxy(free_port()) as running:
        yield running


@pytest.fixture(scope="module")
def cafe(proxy: FaultProxy, tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[ConnectedCafe]:
    folder = tmp_path_factory.mktemp("bad-line")
    address = f"http://localhost:{proxy.port}"
    demo = RunningDemo(folder, program=["tests.e2e.guide.demo_behind_proxy", address, str(proxy.server_port)])
    try:
        opened = ConnectedCafe(demo, browser, folder)
        opened.open()
        yield opened
        assert opened.owner.faults == []
        opened.owner.context.close()
    finally:
        code = demo.stop()
    assert code == 0


def test_receipts_sent_over_a_bad_line_count_once(
    proxy: FaultProxy, cafe: ConnectedCafe, browser: Browser, tmp_path: Path
) -> None:
    register = Register(cafe, browser, tmp_path)
    register.switch_on()
    register.says("Connected as terminal")
    newcomers = [a_guest(cafe) for _ in NEWCOMERS]

    for guest, suffered in zip(newcomers, NEWCOMERS, strict=True):
        proxy.plan = faults = Faults(finalize=suffered)
        register.cashier.order("1", "11", "11")
        register.choose(guest)
        register.cashier.tap("pay")
        register.shows_payment("90.00")
        register.take_cash()
        _calm_down(register, faults, guest, 450)
    proxy.wait_for_stragglers()
    for guest in newcomers:
        assert cafe.bonus_of(guest.phone) == Bonus(balance_minor=450, available_minor=450)
    for key, answers in proxy.answers().items():
        assert len({answer for answer in answers if answer.status < 300}) <= 1, f"{key} was answered in different ways"
    register.cashier.context.close()
    assert register.cashier.faults == []


def _calm_down(register: Register, faults: Faults, guest: KnownGuest, balance_minor: int) -> None:
    """The till repeats by itself until the line has been as bad as it was meant to be; then it is connected again."""
    eventually(lambda: "over" if faults.over else None, "the till did not try often enough")
    register.cafe.wait_for_bonus(guest.phone, balance_minor)
    register.reconnects()
