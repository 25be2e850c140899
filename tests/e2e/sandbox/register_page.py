"""The register as a waiter uses it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.e2e.browser import PATIENCE_MS
from tests.e2e.sandbox.running_sandbox import ACCOUNT, RunningSandbox
from tests.e2e.stopwatch import Stopwatch


class RegisterPage:
    """Hooks are the `data-test` names listed in the register's README."""

    def __init__(self, page: Page, sandbox: RunningSandbox, tablet: int = 1) -> None:
        self.page = page
        self.tablet = tablet
        self.sandbox = sandbox
        self.faults: list[str] = []
        self._stopwatch = Stopwatch(page.context)
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self._note(error))

    def _note(self, error: Any) -> None:
        """Errors of the register's own code; apps under test may throw as they like."""
        if "/static/register/" in (error.stack or "") and "/frame/" not in (error.stack or ""):
            self.faults.append(str(error))

    def open(self) -> None:
        self.page.goto(f"{self.sandbox.url}/{ACCOUNT}/register/{self.tablet}/")
        self.hook("pin-screen").wait_for()

    def hook(self, name: str) -> Locator:
        return self.page.locator(f'[data-test="{name}"]')

    def tap(self, *names: str) -> None:
        for name in names:
            self.hook(name).click()

    def sign_in(self, pin: str) -> None:
        self.tap(*(f"pin-{digit}" for digit in pin), "pin-enter")
        self.hook("order-screen").wait_for()

    def app(self, number: int = 1) -> FrameLocator:
        """What is inside an app's frame."""
        return self.page.frame_locator(f'[data-test="app-frame-{number}"]')

    def wait_until_app_runs(self, number: int = 1) -> None:
        expect(self.app(number).locator("body[data-ready]")).to_be_attached(timeout=PATIENCE_MS)

    def in_app(self, script: str, number: int = 1) -> Any:
        """Runs JavaScript in the app's frame; the value has to be plain JSON."""
        self.wait_until_app_runs(number)
        return self.app(number).locator("body").evaluate(f"async () => {{ {script} }}")

    def add_espresso(self) -> None:
        self.tap("category-1", "product-11")

    @property
    def ticks(self) -> int:
        """How often the register's clock has ticked, four times a second."""
        return int(self.page.locator("body").get_attribute("data-ticks") or "0")

    def open_more_menu(self) -> None:
        self.tap("more-menu")

    def shows(self, name: str, text: str) -> None:
        """Waits until the hook shows exactly this text (spaces of any kind count as one)."""
        expect(self.hook(name)).to_have_text(text)

    def seconds_to_payment(self, *, after: str) -> float:
        """From the last tap on that hook to the payment screen, by the register's own clock."""
        self.hook("payment-screen").wait_for()
        return self._stopwatch.seconds_to_payment(after=after)

    def pay_in_cash(self) -> None:
        self.tap("pay")
        self.hook("payment-screen").wait_for()
        self.tap("tender-cash", "close-receipt")
        self.hook("closed-screen").wait_for()
