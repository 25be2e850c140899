"""A sale at the sandbox's register, without and with a loyalty app."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.sandbox.conftest import SIZE, OpenRegister
from tests.e2e.sandbox.register_page import RegisterPage


def test_order_is_paid_in_cash_and_the_next_one_begins(open_register: OpenRegister) -> None:
    register = open_register()
    register.add_espresso()
    register.tap("line-plus-11")
    register.shows("total", "90.00 ₴")
    register.tap("pay", "note-100")
    register.shows("left", "Change: 10.00 ₴")
    register.tap("close-receipt")
    register.shows("change", "Change: 10.00 ₴")
    register.shows("closed-number", "Receipt № 1001")
    register.tap("next-order")
    expect(register.hook("order-line")).to_have_count(0)

    (receipt,) = register.sandbox.data("receipts")["receipts"]
    assert receipt["total"] == 90
    assert (receipt["payedCash"], receipt["payedCard"], receipt["payType"]) == (90, 0, "mix")
    assert register.faults == []


def test_card_and_cash_share_one_receipt(open_register: OpenRegister) -> None:
    register = open_register()
    register.add_espresso()
    register.tap("pay", "tender-card", "sum-2", "sum-0", "tender-cash")
    register.shows("tender-cash-sum", "25.00")
    register.tap("close-receipt")
    register.hook("closed-screen").wait_for()

    (receipt,) = register.sandbox.data("receipts")["receipts"]
    assert (receipt["payedCash"], receipt["payedCard"], receipt["payedSum"]) == (25, 20, 45)


def test_modifications_and_weight_goods_carry_their_own_prices(open_register: OpenRegister) -> None:
    register = open_register("recorder")
    register.wait_until_app_runs()
    register.tap("product-13", "modification-132")
    register.tap("category-3", "product-34", "gram-2", "gram-5", "gram-5", "weight-done")
    # 75.00 + 420.00 per kg × 255 g = 107.10
    register.shows("total", "182.10 ₴")

    order = register.in_app("return (await Poster.orders.getActive()).order")
    assert order["products"]["0"]["modification"] == 132
    assert order["products"]["1"]["count"] == 255
    assert order["products"]["1"]["price"] == 0.42
    assert order["total"] == 182.1


def test_group_discount_of_an_attached_client_lowers_the_total(open_register: OpenRegister) -> None:
    register = open_register("recorder")
    register.wait_until_app_runs()
    register.add_espresso()
    register.tap("category-5", "product-54")  # 150.00, takes no discounts
    register.tap("client-tab")
    register.hook("client-search").fill("0501110001")
    register.tap("client-1")
    register.shows("order-client", "Guest 1")
    register.shows("total", "190.50 ₴")  # 45.00 − 10 % + 150.00

    changes = register.in_app("return seen.filter((one) => one.event === 'orderClientChange').map((one) => one.data)")
    assert [change["clientId"] for change in changes] == [1]
    register.tap("client-tab", "remove-client")
    register.shows("total", "195.00 ₴")
    changes = register.in_app("return seen.filter((one) => one.event === 'orderClientChange').map((one) => one.data)")
    assert [change["clientId"] for change in changes] == [1, 0]


def test_app_redeems_in_its_window_and_the_receipt_says_so(open_register: OpenRegister) -> None:
    register = open_register("bonus")
    register.wait_until_app_runs()
    register.add_espresso()
    register.tap("pay")
    expect(register.hook("app-popup")).to_be_visible()
    register.app().locator("#redeem").click()
    register.hook("payment-screen").wait_for()
    expect(register.hook("app-popup")).to_be_hidden()
    register.shows("total", "45.00 ₴")
    register.shows("platform-discount", "−10.00 ₴")
    register.shows("due", "35.00 ₴")
    assert register.in_app("return window.answer") == {"success": True}
    register.tap("tender-card", "close-receipt")
    register.shows("receipt-print-text", "Bonus: -10.00\nBalance: 5.00")

    (receipt,) = register.sandbox.data("receipts")["receipts"]
    assert (receipt["total"], receipt["platformDiscount"], receipt["payedCard"]) == (45, 10, 35)
    assert receipt["loyaltyAppId"] == 1


def test_goods_removed_after_the_discount_never_make_the_due_sum_negative(open_register: OpenRegister) -> None:
    register = open_register("bonus")
    register.wait_until_app_runs()
    register.tap("category-6", "product-62")  # 35.00
    register.add_espresso()
    register.tap("pay")
    register.app().locator("#redeem").click()
    register.hook("payment-screen").wait_for()
    register.in_app("return Poster.orders.setOrderBonus((await Poster.orders.getActive()).order.id, 80)")
    register.shows("due", "0.00 ₴")
    register.tap("payment-back", "line-remove-11")
    register.shows("order-due", "0.00 ₴")
    register.shows("total", "35.00 ₴")


def test_bonus_below_zero_or_above_the_total_is_refused(open_register: OpenRegister) -> None:
    register = open_register("recorder")
    register.wait_until_app_runs()
    register.add_espresso()
    answers = register.in_app(
        "const { order } = await Poster.orders.getActive();"
        "return Promise.all([-1, 45.01, 'x', null, 45].map((sum) => Poster.orders.setOrderBonus(order.id, sum)))"
    )
    assert [answer["success"] for answer in answers] == [False, False, False, False, True]
    register.shows("order-due", "0.00 ₴")


def test_offline_sale_is_synced_once_the_connection_is_back(open_register: OpenRegister) -> None:
    register = open_register("recorder")
    register.wait_until_app_runs()
    register.tap("offline-switch", "new-order")
    register.add_espresso()
    answer = register.in_app(
        "return new Promise((resolve) => Poster.makeRequest('http://127.0.0.1:1/x', { method: 'get' }, resolve))"
    )
    assert answer == {"code": 0, "result": False}
    stored = register.in_app(
        "return Poster.orders.setExtras((await Poster.orders.getActive()).order.id, 'key', 'kept')"
    )
    assert stored == {"success": True}
    register.pay_in_cash()
    closed = "seen.filter((one) => one.event === 'afterOrderClose')"
    assert register.in_app(f"return {closed}.map((one) => one.data.order.orderName)") == [""]
    assert register.sandbox.data("receipts")["receipts"] == []

    register.tap("offline-switch")
    register.shows("offline-switch", "Offline")  # nothing waits any more
    register.shows("closed-number", "Receipt № 1002")
    (receipt,) = register.sandbox.data("receipts")["receipts"]
    assert receipt["payedCash"] == 45
    assert receipt["extras"] == {"key": "kept"}


def test_open_order_survives_a_restart_of_the_register(open_register: OpenRegister) -> None:
    register = open_register()
    register.add_espresso()
    register.shows("total", "45.00 ₴")
    register.open()
    register.sign_in("0000")
    register.shows("total", "45.00 ₴")
    expect(register.hook("order-line")).to_have_count(1)


def test_order_without_payment_is_closed_with_nothing_taken(open_register: OpenRegister) -> None:
    register = open_register("recorder")
    register.wait_until_app_runs()
    register.add_espresso()
    register.tap("pay", "close-without-payment", "confirm-yes")
    register.hook("closed-screen").wait_for()
    register.shows("closed-number", "Receipt № 1001")
    order = register.in_app("return seen.find((one) => one.event === 'afterOrderClose').data.order")
    assert (order["payType"], order["payedSum"], order["total"]) == ("close", 0, 45)


def test_own_poster_bonus_of_a_guest_pays_its_part(open_register: OpenRegister) -> None:
    register = open_register("recorder")
    register.wait_until_app_runs()
    register.add_espresso()
    register.tap("client-tab")
    register.hook("client-search").fill("Guest 2")
    register.tap("client-2", "client-tab", "use-bonus")
    register.shows("order-due", "35.00 ₴")
    order = register.in_app("return (await Poster.orders.getActive()).order")
    assert (order["approvedBonus"], order["total"], order["discount"]) == (10, 45, 0)
    register.tap("pay", "tender-card", "close-receipt")
    register.shows("closed-number", "Receipt № 1001")
    (receipt,) = register.sandbox.data("receipts")["receipts"]
    assert (receipt["payedBonus"], receipt["payedCard"]) == (10, 35)


def test_order_moves_to_another_register_of_the_spot_with_its_extras(open_register: OpenRegister) -> None:
    register = open_register("recorder")
    register.wait_until_app_runs()
    register.add_espresso()
    register.in_app("return Poster.orders.setExtras((await Poster.orders.getActive()).order.id, 'guest', '41')")
    register.shows("offline-switch", "Offline")
    order_id = register.in_app("return (await Poster.orders.getActive()).order.id")

    other = RegisterPage(
        register.page.context.browser.new_context(viewport=SIZE).new_page(), register.sandbox, tablet=2
    )
    other.open()
    other.sign_in("1111")
    other.tap("all-orders", f"open-order-{order_id}")
    other.shows("total", "45.00 ₴")
    assert other.in_app("return (await Poster.orders.getActive()).order.extras") == {"guest": "41"}
    other.pay_in_cash()
    other.shows("closed-number", "Receipt № 1001")
    other.page.context.close()

    register.tap("new-order")
    expect(register.hook(f"order-tab-{order_id}")).to_have_count(0)  # gone here as well


def test_app_makes_fills_and_closes_an_order(open_register: OpenRegister) -> None:
    register = open_register("recorder")
    register.wait_until_app_runs()
    answers = register.in_app(
        "const { order } = await Poster.orders.create();"
        "const added = await Poster.orders.addProduct(order.id, { id: 13, modification: 133 });"
        "const wrong = await Poster.orders.addProduct(order.id, { id: 13 });"
        "const counted = await Poster.orders.changeProductCount(order.id, { id: 13, modification: 133, count: 2 });"
        "const early = await Poster.orders.closeOrder(order.id, { payment: { cash: 100, card: 0 } });"
        "const closed = await Poster.orders.closeOrder(order.id, { payment: { cash: 100, card: 70 } });"
        "return [added.order.total, wrong.success, counted.order.total, early, closed, await Poster.orders.getActive()]"
    )
    assert answers == [85, False, 170, {"error": "Not paid in full yet."}, {"result": True}, {}]
    register.hook("closed-screen").wait_for()
