"""From Poster's Connect to the first receipt with a guest, by the set-up page: few presses, and nothing typed."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.guide.people import DESK, PHONE, Cashier, Owner
from tests.e2e.guide.running_demo import ROOT, RunningDemo
from tests.e2e.guide.test_guide import last_message, pictured_at_failure
from tests.e2e.hands import Hands

PRESSES_TO_A_WORKING_PROGRAM = 4
"""Allow Access, "Yes, go on", link the registers, put the program into force."""
OWNERS_PHONE = "+380501110099"
TURNS_GREEN_WITHIN_S = 10.0


@pytest.fixture(scope="module")
def album() -> Path:
    folder = ROOT / ".data" / "screenshots-setup"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def test_from_connect_to_green(empty_demo: RunningDemo, browser: Browser, album: Path) -> None:
    owner, cashier = Owner(browser, album), Cashier(browser, album)
    hands = Hands(owner.context)
    with pictured_at_failure(owner, cashier):
        press_connect(owner, empty_demo)
        hands.rest()
        allow_access(owner, album)
        link_the_registers(owner, album)
        put_a_program_into_force(owner, album)
        assert (hands.presses, hands.typed) == (PRESSES_TO_A_WORKING_PROGRAM, 0)
        leave_and_come_back(owner, album)
        hands.rest()
        be_the_first_guest(owner, empty_demo, album)
        assert (hands.presses, hands.typed) == (1, 0)
        log_in(cashier, empty_demo)
        turns(owner, "connected", album, "07-connected")
        sell(cashier)
        seconds = turns(owner, "sold", album, "08-green")
    assert seconds < TURNS_GREEN_WITHIN_S
    expect(tills(owner)).to_have_count(3)
    assert [till.get_attribute("data-state") for till in tills(owner).all()] == ["sold", "waiting", "waiting"]
    expect(owner.hook("setup-progress")).to_have_text("Set-up: 3 of 3 done")
    expect(owner.hook("till").first).to_contain_text(re.compile(r"90\.00.*4\.50 bonuses credited", re.S))
    owner.tap("setup-home")
    expect(owner.hook("setup-card")).to_have_count(0)
    photograph(owner, album, "09-home")
    for person in (owner, cashier):
        assert person.faults == []
        person.context.close()


def photograph(owner: Owner, album: Path, name: str) -> None:
    """As it is on a desk and on a phone, from top to bottom."""
    for size in (PHONE, DESK):
        owner.page.set_viewport_size(size)  # type: ignore[arg-type]
        wide = owner.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], f"{name} is {wide} wide on {size['width']}"
        owner.page.screenshot(path=album / f"{name}-{size['width']}.png", full_page=True)


def press_connect(owner: Owner, demo: RunningDemo) -> None:
    owner.open_console(demo.addresses["poster_console"])
    owner.tap("menu-group-applications", "menu-marketplace", "category-loyalty")
    owner.page.locator('[data-test^="app-"]').first.click()
    owner.tap("connect")
    owner.hook("allow-access").wait_for()


def allow_access(owner: Owner, album: Path) -> None:
    owner.tap("allow-access", "confirm-connection")
    expect(owner.hook("plugin-installed")).to_contain_text("Your plugin is installed")
    photograph(owner, album, "01-installed")


def link_the_registers(owner: Owner, album: Path) -> None:
    owner.tap("open-registers")
    expect(owner.hook("register-linked")).to_have_count(3)
    expect(owner.hook("setup-progress")).to_have_text("Set-up: 1 of 3 done")
    photograph(owner, album, "02-linked")


def put_a_program_into_force(owner: Owner, album: Path) -> None:
    expect(owner.hook("offer-cash-back-5")).to_be_checked()
    owner.tap("publish-offer")
    expect(owner.hook("program-example")).to_contain_text("A coffee of 60.00 UAH earns 3.00.")
    expect(owner.hook("setup-progress")).to_have_text("Set-up: 2 of 3 done")
    photograph(owner, album, "03-program")


def leave_and_come_back(owner: Owner, album: Path) -> None:
    owner.tap("setup-later")
    expect(owner.hook("setup-card")).to_contain_text("Set-up: 2 of 3 done")
    photograph(owner, album, "04-left")
    owner.tap("setup-continue")
    expect(tills(owner)).to_have_count(3)
    expect(owner.hook("till").first).to_have_attribute("data-state", "waiting")


def be_the_first_guest(owner: Owner, demo: RunningDemo, album: Path) -> None:
    expect(owner.hook("guest-address")).to_have_value(OWNERS_PHONE)
    owner.tap("invite-guest")
    expect(owner.hook("guest-invited")).to_contain_text(OWNERS_PHONE)
    assert "/w/l/" in last_message(demo, OWNERS_PHONE, "/w/")
    photograph(owner, album, "06-invited")


def log_in(cashier: Cashier, demo: RunningDemo) -> None:
    cashier.page.goto(demo.addresses["poster_register"])
    cashier.log_in()
    expect(cashier.hook("notification").first).to_contain_text("onnected")
    cashier.hook("notification-dismiss").first.click()


def sell(cashier: Cashier) -> None:
    """The register finds the owner by his phone, who has no name yet."""
    cashier.order("1", "11", "11")
    cashier.choose_customer()
    cashier.key("0" + OWNERS_PHONE.removeprefix("+380"))
    cashier.tap_in_till("identify-submit", "profile-close")
    cashier.tap("pay")
    cashier.pay_rest_in_cash()


def turns(owner: Owner, state: str, album: Path, name: str) -> float:
    """Waits without touching the page; gives the seconds."""
    began = time.monotonic()
    expect(owner.hook("till").first).to_have_attribute("data-state", state)
    seconds = time.monotonic() - began
    photograph(owner, album, name)
    return seconds


def tills(owner: Owner):  # type: ignore[no-untyped-def]
    return owner.hook("till")
