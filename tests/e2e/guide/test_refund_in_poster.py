"""Step 17 of the guide: a receipt that is returned or deleted in Poster's console takes its bonuses along."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.guide.cafe import ConnectedCafe
from tests.e2e.guide.register import KnownGuest, Register, a_guest
from tests.e2e.guide.test_when_things_go_wrong import cafe, panel_shows, register  # noqa: F401 (fixtures)

COFFEE = "11"
"""45.00, of which 5 % are 2.25."""


def sell(register: Register, guest: KnownGuest, *products: str) -> None:  # noqa: F811 (the fixture of that name)
    register.cashier.order("1", *products)
    register.choose(guest)
    register.cashier.tap("pay")
    register.take_cash()


def open_last_receipt(cafe: ConnectedCafe) -> None:  # noqa: F811
    """In Poster's console."""
    console = cafe.demo.addresses["poster_console"].rstrip("/")
    cafe.owner.page.goto(f"{console}/receipts")
    cafe.owner.hook("receipt-row").filter(has_text="Closed").first.get_by_role("link").first.click()
    expect(cafe.owner.hook("receipt-status")).to_be_visible()


def test_what_a_receipt_earned_goes_with_it(register: Register) -> None:  # noqa: F811
    shop = register.cafe
    guest = a_guest(shop)
    sell(register, guest, COFFEE, COFFEE)
    shop.wait_for_bonus(guest.phone, 450)

    open_last_receipt(shop)
    shop.owner.hook("return-0").fill("1")
    shop.owner.tap("refund")
    shop.wait_for_bonus(guest.phone, 225)

    open_last_receipt(shop)
    shop.owner.page.once("dialog", lambda dialog: dialog.accept())
    shop.owner.tap("delete-receipt")
    shop.wait_for_bonus(guest.phone, 0)
    panel_shows(shop, guest, "0.00", ["-2.25", "-2.25", "+4.50"])

    shop.owner.page.goto(f"{shop.demo.addresses['panel']}b/demo-cafe/receipts/")
    expect(shop.owner.hook("receipt-row").first).to_contain_text("Deleted in Poster.")
    expect(shop.owner.hook("receipts-differs")).to_have_text("0")
    shop.owner.page.goto(f"{shop.demo.addresses['panel']}b/demo-cafe/webhooks/")
    expect(shop.owner.hook("webhooks-failed")).to_have_text("0")
