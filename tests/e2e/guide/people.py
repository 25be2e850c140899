"""The people of the guide, each with a browser of his own."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect

from tests.e2e.browser import PATIENCE_MS

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


class Person:
    """Somebody at a screen. `faults` collects errors of the pages he opened."""

    def __init__(self, browser: Browser, pictures: Path, size: dict[str, int], **context: Any) -> None:
        self._pictures = pictures
        self.context = browser.new_context(viewport=size, **context)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def hook(self, name: str) -> Locator:
        return self.page.locator(f'[data-test="{name}"]')

    def tap(self, *names: str) -> None:
        for name in names:
            self.hook(name).click()

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def picture(self, name: str) -> None:
        self.page.screenshot(path=self._pictures / f"{name}.png")


class Owner(Person):
    """At a desk, with Poster's console and our panel."""

    def __init__(self, browser: Browser, pictures: Path) -> None:
        super().__init__(browser, pictures, DESK)

    def open_console(self, address: str) -> None:
        self.page.goto(address)
        self.tap("sign-in")

    def choose_menu(self, *path: str) -> None:
        """Clicks entries of the panel's sidebar by their words."""
        for words in path:
            self.page.locator("nav, aside, #nav-sidebar").get_by_role("link", name=words, exact=False).first.click()


class Cashier(Person):
    """At the register, a tablet of 1280 × 800."""

    app_id = "4021"

    def __init__(self, browser: Browser, pictures: Path) -> None:
        super().__init__(browser, pictures, DESK)
        self.taps = 0

    @property
    def till(self) -> FrameLocator:
        """What is inside our bundle's frame."""
        return self.page.frame_locator(f'[data-test="app-frame-{self.app_id}"]')

    def in_till(self, name: str) -> Locator:
        return self.till.locator(f'[data-test="{name}"]')

    def tap(self, *names: str) -> None:
        for name in names:
            self.hook(name).click()
            self.taps += 1

    def tap_in_till(self, *names: str) -> None:
        for name in names:
            self.in_till(name).click()
            self.taps += 1

    def key(self, digits: str) -> None:
        """Types on the till's own keypad."""
        self.tap_in_till(*(f"key-{digit}" for digit in digits))

    def log_in(self, pin: str = "0000") -> None:
        self.hook("pin-screen").wait_for()
        self.tap(*(f"pin-{digit}" for digit in pin), "pin-enter")
        self.hook("order-screen").wait_for()

    def order(self, category: str, *products: str) -> None:
        self.tap(f"category-{category}")
        for product in products:
            self.tap(f"product-{product}")

    def choose_customer(self) -> None:
        self.tap("more-menu", f"app-order-{self.app_id}")
        self.in_till("identify-field").wait_for()

    def pay_rest_in_cash(self) -> None:
        self.hook("payment-screen").wait_for()
        self.tap("tender-cash", "close-receipt")
        self.hook("closed-screen").wait_for()

    def shows_due(self, amount: str) -> None:
        expect(self.hook("due")).to_contain_text(amount)

    def scan(self, digits: str) -> None:
        """A USB scanner types into whatever has the focus, and Enter."""
        self.hook("scanner-input").fill(digits)
        self.hook("scanner-send").click()


class Guest(Person):
    """With a phone in the hand."""

    def __init__(self, browser: Browser, pictures: Path) -> None:
        super().__init__(browser, pictures, PHONE, device_scale_factor=2, is_mobile=True, has_touch=True)

    def close(self) -> None:
        """Puts the phone away; what is kept on it stays."""
        self._address = self.page.url
        self.page.close()

    def open_again(self) -> None:
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.goto(self._address)

    def read_qr(self) -> str:
        """What a camera reads off the screen."""
        picture = Image.open(BytesIO(self.page.locator("#qr").screenshot()))
        return str(zxingcpp.read_barcodes(picture)[0].text)
