"""The demo café made ready: connected, a linked register, guests and receipts by the terminal API of a spare till."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, expect

from tests.e2e.guide.people import Owner
from tests.e2e.guide.running_demo import RunningDemo

TERMINAL = "Bar"
SPARE_TERMINAL = "Hall"
EARN_PERCENT = 5
"""What the demo café's program credits; half of a check may be redeemed."""
PATIENCE_S = 60


@dataclass(frozen=True, kw_only=True)
class Bonus:
    """What a guest has, in minor units; `available_minor` is less by what open receipts hold."""

    balance_minor: int
    available_minor: int


class ConnectedCafe:
    """Everything is done as people do it: panel and console by browser, the rest over HTTP."""

    def __init__(self, demo: RunningDemo, browser: Browser, folder: Path) -> None:
        self.demo, self.browser, self.folder = demo, browser, folder
        self.owner = Owner(browser, folder)
        self._key = ""
        self._number = 0

    def open(self) -> None:
        """Sign in, connect Poster, link the terminal, make a key for the spare one."""
        owner, demo = self.owner, self.demo
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
        self.edit(TERMINAL)
        owner.tap("tab-poster")
        owner.hook("use_poster").check()
        for field, value in {
            "poster_account": "demo-cafe", "poster_customer_number": "333226",
            "poster_location_id": "1", "poster_register_id": "1",
        }.items():  # fmt: skip
            owner.hook(field).fill(value)
        owner.tap("save")
        owner.hook("terminals").wait_for()
        self.edit(SPARE_TERMINAL)
        owner.tap("tab-keys", "key-add")
        self._key = owner.hook("new-key").inner_text().strip()

    def edit(self, terminal: str) -> None:
        """Opens a terminal's page in the panel."""
        self.owner.page.goto(f"{self.demo.addresses['panel']}b/demo-cafe/settings/terminals/")
        self.owner.page.locator("tr", has_text=terminal).locator('[data-test="terminal-edit"]').click()

    def new_phone(self) -> str:
        """A phone that nobody has yet."""
        self._number += 1
        return f"+38050777{self._number:04d}"

    def join(self, phone: str, name: str = "Guest") -> int:
        """Registers a guest who consents; gives his id."""
        answer = self.call("customers", {"phone": phone, "consent": True, "name": name})
        return int(answer["customer"]["id"])

    def grant(self, customer: int, points_minor: int) -> None:
        """An earlier receipt of the guest that earned him this much."""
        paid_minor = points_minor * 100 // EARN_PERCENT
        check = {
            "external_id": f"earlier-{customer}", "transaction_id": "", "currency": "UAH",
            "lines": [{"line_id": "0", "product_id": "1", "modification_id": "", "quantity": "1.000",
                       "amount_minor": paid_minor, "discountable": True, "promotion": False}],
            "total_minor": paid_minor, "service_minor": 0, "pre_check_printed": False,
        }  # fmt: skip
        answer = self.call("checks/finalize", {
            "check_id": None, "customer_id": str(customer), "identification_id": None, "check": check,
            "redeemed_minor": 0, "closed_without_payment": False, "closed_at": datetime.now(UTC).isoformat(),
            "payment": {"cash_minor": paid_minor, "card_minor": 0, "other_minor": 0, "poster_bonus_minor": 0},
            "salesperson": None,
        })  # fmt: skip
        assert answer["earned_minor"] == points_minor, answer

    def bonus_of(self, phone: str) -> Bonus:
        """What the guest has by the server's books."""
        bonus = self.call("identify", {"identifier": phone})["customer"]["bonus"]
        return Bonus(balance_minor=bonus["balance_minor"], available_minor=bonus["available_minor"])

    def wait_for_bonus(self, phone: str, balance_minor: int, available_minor: int | None = None) -> None:
        """Waits until the guest has exactly this; nothing is held unless said otherwise."""
        held = balance_minor if available_minor is None else available_minor
        wanted = Bonus(balance_minor=balance_minor, available_minor=held)
        deadline = time.monotonic() + PATIENCE_S
        while (bonus := self.bonus_of(phone)) != wanted:
            assert time.monotonic() < deadline, f"{bonus} never became {wanted}"
            time.sleep(0.2)

    def change_weather(self, **members: Any) -> None:
        """Poster's weather (see the sandbox's README)."""
        httpx.post(f"{self._sandbox}/sandbox/weather", json=members, timeout=10).raise_for_status()

    def calm_weather(self) -> None:
        self.change_weather(proxy="up", proxy_delay_s=0, web_api="up", web_api_delay_s=0)

    def messages(self, phone: str) -> list[str]:
        """Texts on the guest's phone, the newest first."""
        answer = httpx.get(f"{self.demo.addresses['guest_phone']}messages", params={"to": phone}, timeout=30).json()
        return [str(message["text"]) for message in answer]

    def find_in_message(self, phone: str, pattern: str, *, but: str = "") -> str:
        """What the newest message that has such a thing says, once it is another than `but`."""

        def found() -> str | None:
            matches = (re.search(pattern, text) for text in self.messages(phone))
            return next((match[0] for match in matches if match and match[0] != but), None)

        return eventually(found, f"{phone} got no message with {pattern}")

    def call(self, operation: str, content: dict[str, Any]) -> dict[str, Any]:
        """A request of the spare till."""
        answer = httpx.post(
            f"{self.demo.addresses['terminal_api']}{operation}", json=content, timeout=10,
            headers={"Authorization": f"Bearer {self._key}", "Idempotency-Key": secrets.token_hex(16)},
        )  # fmt: skip
        answer.raise_for_status()
        return dict(answer.json())

    @property
    def _sandbox(self) -> str:
        return self.demo.addresses["poster_console"].partition("/demo-cafe/")[0]


def eventually(what: Callable[[], str | None], complaint: str) -> str:
    """The value once there is one."""
    deadline = time.monotonic() + PATIENCE_S
    while not (value := what()):
        assert time.monotonic() < deadline, complaint
        time.sleep(0.1)
    return value
