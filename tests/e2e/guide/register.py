"""A register of the connected café, as its cashier uses it with guests that the café knows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.e2e.guide.cafe import ConnectedCafe
from tests.e2e.guide.people import Cashier
from tests.e2e.stopwatch import Stopwatch

CODE = r"\b\d{6}\b"


@dataclass(frozen=True)
class KnownGuest:
    """A guest of the café: his phone as we write it and as the cashier types it, and his id."""

    phone: str
    customer: int

    @property
    def typed(self) -> str:
        return "0" + self.phone.removeprefix("+380")

    @property
    def name(self) -> str:
        """One word, for Poster puts a second one in front."""
        return f"Nadiia{self.phone[-4:]}"


def a_guest(cafe: ConnectedCafe, points_minor: int = 0) -> KnownGuest:
    phone = cafe.new_phone()
    guest = KnownGuest(phone=phone, customer=0)
    guest = replace(guest, customer=cafe.join(phone, guest.name))
    if points_minor:
        cafe.grant(guest.customer, points_minor)
    return guest


class Register:
    """The cashier's register in this café, with a clock that measures how long Pay takes."""

    def __init__(self, cafe: ConnectedCafe, browser: Browser, folder: Path) -> None:
        self.cafe = cafe
        self.cashier = Cashier(browser, folder)
        self._stopwatch = Stopwatch(self.cashier.context)

    def switch_on(self) -> None:
        """Loads the page, as after a restart, and signs in."""
        self.cashier.page.goto(self.cafe.demo.addresses["poster_register"])
        self.cashier.log_in()

    def choose(self, guest: KnownGuest) -> None:
        self.cashier.choose_customer()
        self.cashier.key(guest.typed)
        self.cashier.tap_in_till("identify-submit")
        self.cashier.in_till("guest-name").wait_for()
        self.cashier.tap_in_till("profile-close")
        self.shows_guest(guest)

    def choose_among_posters_clients(self, guest: KnownGuest) -> None:
        self.cashier.tap("client-tab")
        self.cashier.hook("client-search").fill(guest.typed)
        self.cashier.page.get_by_role("button", name=guest.name).click()
        self.shows_guest(guest)

    def shows_guest(self, guest: KnownGuest) -> None:
        expect(self.cashier.hook("order-client")).to_contain_text(guest.name)

    def offer_of(self, amount: str) -> None:
        """Pay, and the window offers this much."""
        self.cashier.tap("pay")
        expect(self.cashier.in_till("redeem-max")).to_contain_text(amount)

    def type_code(self, guest: KnownGuest) -> None:
        """The guest reads out the code that he was sent."""
        self.cashier.in_till("code-field").wait_for()
        self.cashier.key(self.cafe.find_in_message(guest.phone, CODE))

    def redeem(self, guest: KnownGuest, amount: str, *, due: str) -> None:
        """Pay, redeem the most, confirm with the code; ends at Poster's payment screen."""
        self.offer_of(amount)
        self.cashier.tap_in_till("redeem-max")
        self.type_code(guest)
        self.cashier.tap_in_till("redeem-continue")
        self.shows_payment(due)

    def shows_payment(self, due: str) -> None:
        self.cashier.hook("payment-screen").wait_for()
        self.cashier.shows_due(due)

    def take_cash(self) -> None:
        self.cashier.pay_rest_in_cash()
        self.cashier.tap("next-order")

    def says(self, words: str) -> None:
        """The till notified this; Poster's notification centre keeps what has left the screen."""
        self.cashier.tap("notices")
        expect(self.cashier.hook("notice-item").filter(has_text=words).first).to_be_visible()
        self.cashier.tap("notices")

    def status(self) -> None:
        self.cashier.tap("functions", f"app-function-{self.cashier.app_id}")
        self.cashier.in_till("status-view").wait_for()

    def leave_status(self) -> None:
        self.cashier.tap_in_till("status-close")
        self.cashier.tap("functions-back")

    def reconnects(self) -> None:
        """The cashier looks whether the line is back, and it is."""
        self.status()
        self.cashier.tap_in_till("status-try-again")
        expect(self.cashier.in_till("status-state")).to_have_text("Connected")
        expect(self.cashier.in_till("status-waiting")).to_have_text("0")
        self.leave_status()

    def seconds_to_payment(self, *, after: str) -> float:
        return self._stopwatch.seconds_to_payment(after=after)
