"""The demo café made ready for measuring: connected, a linked terminal, guests with wallets on their phones."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, expect

from tests.e2e.guide.people import Cashier, Guest, Owner
from tests.e2e.guide.running_demo import RunningDemo

TERMINAL = "Bar, Center"
SPARE_TERMINAL = "Hall, Center"


class Scanner(Enum):
    """What the register reads codes with."""

    USB = "usb"
    CAMERA = "camera"


class Cafe:
    """Everything is done as people do it: panel and console by browser, guests by the terminal API of a spare till."""

    def __init__(self, demo: RunningDemo, browser: Browser, folder: Path) -> None:
        self._demo, self._browser, self._folder = demo, browser, folder
        self._owner = Owner(browser, folder)
        self._wallets: dict[int, Guest] = {}
        self._key = ""
        self._number = 0

    def open(self) -> None:
        """Sign in, connect Poster, link the terminal, make a key for the spare one."""
        owner, demo = self._owner, self._demo
        owner.page.goto(demo.addresses["panel"])
        owner.hook("email").fill(demo.sign_ins["panel_email"])
        owner.hook("password").fill(demo.sign_ins["panel_password"])
        owner.tap("sign-in-submit")
        owner.hook("menu").first.wait_for(state="attached")
        owner.open_console(demo.addresses["poster_console"])
        owner.tap("menu-group-applications", "menu-marketplace")
        owner.page.locator('[data-test^="app-"]').first.click()
        owner.tap("connect", "allow-access", "choose-business-submit")
        expect(owner.hook("plugin-installed")).to_be_visible()
        self._edit(TERMINAL)
        owner.tap("tab-poster")
        owner.hook("use_poster").check()
        for field, value in {
            "poster_account": "demo-cafe", "poster_customer_number": "333226",
            "poster_location_id": "1", "poster_register_id": "1",
        }.items():  # fmt: skip
            owner.hook(field).fill(value)
        owner.tap("save")
        owner.hook("terminals").wait_for()
        self._edit(SPARE_TERMINAL)
        owner.tap("tab-keys", "key-add")
        self._key = owner.hook("new-key").inner_text().strip()

    def set_terminal(self, *, ask_at_pay: bool) -> None:
        """The profile shows for new customers only, so that a recognised guest costs no tap."""
        self._edit(TERMINAL)
        self._owner.page.locator("[name=ask_at_pay]").set_checked(ask_at_pay)
        self._owner.page.locator("[name=profile_display]").select_option("new")
        self._owner.tap("save")
        self._owner.hook("terminals").wait_for()

    @contextmanager
    def register(self, scanner: Scanner) -> Iterator[Cashier]:
        """The register, just switched on; with the camera it is an Android tablet."""
        cashier = Cashier(self._browser, self._folder)
        cashier.page.goto(self._demo.addresses["poster_register"])
        if scanner is Scanner.CAMERA:
            cashier.hook("platform-switch").click()
        cashier.log_in()
        expect(cashier.hook("notification").first).to_contain_text("onnected")
        cashier.hook("notification-dismiss").first.click()
        cashier.taps = 0
        yield cashier
        cashier.context.close()

    def newcomer(self) -> int:
        """A guest with a wallet and no points yet."""
        self._number += 1
        phone = f"+38050777{self._number:04d}"
        answer = self._call("customers", {"phone": phone, "consent": True, "name": "Guest"})
        customer = int(answer["customer"]["id"])
        guest = Guest(self._browser, self._folder)
        guest.page.goto(self._link_sent_to(phone))
        guest.tap("open-wallet")
        guest.page.locator("#qr[data-code]").wait_for()
        self._wallets[customer] = guest
        guest.close()
        return customer

    def guest_with_points(self) -> int:
        """A guest with a wallet who collected on an earlier receipt."""
        customer = self.newcomer()
        check = {
            "external_id": f"bench-{customer}", "transaction_id": "", "currency": "UAH",
            "lines": [{"line_id": "0", "product_id": "1", "modification_id": "", "quantity": "1.000",
                       "amount_minor": 60000, "discountable": True, "promotion": False}],
            "total_minor": 60000, "service_minor": 0, "pre_check_printed": False,
        }  # fmt: skip
        self._call("checks/finalize", {
            "check_id": None, "customer_id": str(customer), "identification_id": None, "check": check,
            "redeemed_minor": 0, "closed_without_payment": False, "closed_at": "2026-01-01T12:00:00+00:00",
            "payment": {"cash_minor": 60000, "card_minor": 0, "other_minor": 0, "poster_bonus_minor": 0},
            "salesperson": None,
        })  # fmt: skip
        return customer

    def code_of(self, customer: int) -> str:
        """The guest takes out his phone, opens the wallet, and puts it away: it would only keep the machine busy."""
        guest = self._wallets[customer]
        guest.open_again()
        code = guest.page.locator("#qr[data-code]").get_attribute("data-code")
        guest.close()
        assert code
        return code

    def show_code(self, cashier: Cashier, scanner: Scanner, code: str) -> None:
        """The register reads the rotating code of the guest's wallet."""
        cashier.in_till("identify-field").wait_for()
        if scanner is Scanner.USB:
            cashier.scan(code)
            return
        cashier.tap_in_till("identify-scan")
        cashier.hook("camera-input").fill(code)
        cashier.hook("camera-done").click()

    def _edit(self, terminal: str) -> None:
        self._owner.page.goto(f"{self._demo.addresses['panel']}b/demo-cafe/settings/terminals/")
        self._owner.page.locator("tr", has_text=terminal).locator('[data-test="terminal-edit"]').click()

    def _call(self, operation: str, content: dict[str, Any]) -> dict[str, Any]:
        answer = httpx.post(
            f"{self._demo.addresses['terminal_api']}{operation}", json=content, timeout=10,
            headers={"Authorization": f"Bearer {self._key}", "Idempotency-Key": secrets.token_hex(16)},
        )  # fmt: skip
        answer.raise_for_status()
        return dict(answer.json())

    def _link_sent_to(self, phone: str) -> str:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            messages = httpx.get(f"{self._demo.addresses['guest_phone']}messages", params={"to": phone}, timeout=5).json()
            for message in messages:
                if found := re.search(r"https?://\S+/w/\S+", message["text"]):
                    return found[0]
            time.sleep(0.1)
        raise TimeoutError(f"no wallet link reached {phone}")
