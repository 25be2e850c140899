"""The demo café made ready for measuring: guests with wallets on their phones, and ways to show their codes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from playwright.sync_api import Browser, expect
from tests.e2e.guide.cafe import TERMINAL, ConnectedCafe
from tests.e2e.guide.people import Cashier, Guest
from tests.e2e.guide.running_demo import RunningDemo

POINTS_MINOR = 3_000


class Scanner(Enum):
    """What the register reads codes with."""

    USB = "usb"
    CAMERA = "camera"


class Cafe(ConnectedCafe):
    """A connected café whose guests keep their wallets at hand."""

    def __init__(self, demo: RunningDemo, browser: Browser, folder: Path) -> None:
        super().__init__(demo, browser, folder)
        self._wallets: dict[int, Guest] = {}

    def set_terminal(self, *, ask_at_pay: bool) -> None:
        """The profile shows for new customers only, so that a recognised guest costs no tap."""
        self.edit(TERMINAL)
        self.owner.page.locator("[name=ask_at_pay]").set_checked(ask_at_pay)
        self.owner.page.locator("[name=profile_display]").select_option("new")
        self.owner.tap("save")
        self.owner.hook("terminals").wait_for()

    @contextmanager
    def register(self, scanner: Scanner) -> Iterator[Cashier]:
        """The register, just switched on; with the camera it is an Android tablet."""
        cashier = Cashier(self.browser, self.folder)
        cashier.page.goto(self.demo.addresses["poster_register"])
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
        phone = self.new_phone()
        customer = self.join(phone)
        guest = Guest(self.browser, self.folder)
        guest.page.goto(self.find_in_message(phone, r"https?://\S+/w/\S+"))
        guest.tap("open-wallet")
        guest.page.locator("#qr[data-code]").wait_for()
        self._wallets[customer] = guest
        guest.close()
        return customer

    def guest_with_points(self) -> int:
        """A guest with a wallet who collected on an earlier receipt."""
        customer = self.newcomer()
        self.grant(customer, POINTS_MINOR)
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
