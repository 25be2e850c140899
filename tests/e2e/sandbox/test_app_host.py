"""How apps live in the register: their window, the scanner, the camera, events and calls."""

from __future__ import annotations

import hashlib
import json

from playwright.sync_api import expect

from tests.e2e.sandbox.conftest import OpenRegister
from tests.e2e.sandbox.running_sandbox import secret_of


def test_popup_and_background_are_one_frame(open_register: OpenRegister) -> None:
    register = open_register("counter")
    register.wait_until_app_runs()
    for times in ("1", "2", "3"):
        register.open_more_menu()
        register.tap("app-order-1")
        expect(register.hook("app-popup")).to_be_visible()
        expect(register.app().locator("#count")).to_have_text(times)
        if times == "2":
            register.tap("app-popup-close")
        else:
            register.app().locator("#done").click()
        expect(register.hook("app-popup")).to_be_hidden()
    assert register.faults == []


def test_popup_takes_pixels_and_per_cent(open_register: OpenRegister) -> None:
    register = open_register("counter")
    register.wait_until_app_runs()
    register.open_more_menu()
    register.tap("app-order-1")
    box = register.hook("app-frame-1").bounding_box()
    assert box is not None
    assert box["width"] == 500
    assert box["height"] == 394  # 60 % of 800 − 56 (tools) − 2 × 16 (margins) − 56 (title)
    expect(register.hook("app-popup-title")).to_have_text("Counter")


def test_scanner_types_into_the_field_of_the_app(open_register: OpenRegister) -> None:
    register = open_register("counter")
    register.wait_until_app_runs()
    register.open_more_menu()
    register.tap("app-order-1")
    expect(register.hook("app-popup")).to_be_visible()
    register.hook("scanner-input").fill("123456789012345678901")
    register.hook("scanner-input").press("Enter")
    expect(register.app().locator("#sent")).to_have_text("123456789012345678901")
    expect(register.hook("scanner-input")).to_have_value("")


def test_card_scanned_on_the_order_attaches_its_guest(open_register: OpenRegister) -> None:
    register = open_register("recorder")
    register.wait_until_app_runs()
    register.hook("scanner-input").fill("2000000000003")
    register.tap("scanner-send")
    register.shows("order-client", "Guest 3")


def test_camera_exists_on_android_only(open_register: OpenRegister) -> None:
    register = open_register("recorder")
    rejected = register.in_app("return Poster.interface.scanBarcode().then(() => '', (error) => error.message)")
    assert rejected == "scanBarcode exists on Android and iOS only."
    assert register.in_app("return Poster.environment") == {
        "android": False, "iOS": False, "windows": False, "desktop": True,
    }  # fmt: skip

    register.tap("platform-switch")
    expect(register.app().locator("body[data-ready]")).to_be_attached()
    assert register.in_app("return Poster.environment.android") is True
    register.in_app("Poster.interface.scanBarcode().then((answer) => { window.scanned = answer; })")
    register.hook("camera-input").fill("4006381333931")
    register.tap("camera-done")
    expect(register.hook("dialog-camera")).to_have_count(0)
    assert register.in_app("return window.scanned") == {"barcode": "4006381333931"}
    register.in_app("Poster.interface.scanBarcode().then((answer) => { window.scanned = answer; })")
    register.tap("dialog-close")
    assert register.in_app("return window.scanned") == {"barcode": ""}


def test_language_switch_changes_the_apps_setting_only(open_register: OpenRegister) -> None:
    register = open_register("recorder")
    assert register.in_app("return Poster.settings.lang") == "en"
    register.hook("lang-switch").select_option("ua")
    expect(register.app().locator("body[data-ready]")).to_be_attached()
    settings = register.in_app("return Poster.settings")
    assert settings["lang"] == "ua"
    assert (settings["accountUrl"], settings["spotId"], settings["spotTabletId"]) == ("demo-cafe", 1, 1)
    assert (settings["applicationId"], settings["applicationName"]) == ("1", "recorder")
    register.shows("order-client", "Guest")


def test_manager_grants_rights_by_pin(open_register: OpenRegister) -> None:
    register = open_register("recorder")
    register.in_app(
        "Poster.interface.showManageRightsModal({ askRights: true, enableLogging: false })"
        ".then((answer) => { window.granted = answer.success; })"
    )
    register.tap("manager-0", "manager-0", "manager-0", "manager-0", "manager-enter")
    expect(register.hook("dialog-manager")).to_contain_text("This PIN gives no manager’s rights.")
    register.tap("manager-2", "manager-2", "manager-2", "manager-2", "manager-enter")
    expect(register.hook("dialog-manager")).to_have_count(0)
    assert register.in_app("return window.granted") is True


def test_notification_is_shown_kept_and_tells_its_app_when_clicked(open_register: OpenRegister) -> None:
    register = open_register("recorder")
    given = register.in_app("return Poster.interface.showNotification({ title: 'Connected', message: 'As Bar' })")
    assert (given["title"], given["message"], given["status"]) == ("Connected", "As Bar", 1)
    register.hook("notification").click()
    clicked = register.in_app("return seen.filter((one) => one.event === 'notificationClick').map((one) => one.data)")
    assert [(one["id"], one["title"], one["status"]) for one in clicked] == [(given["id"], "Connected", 2)]
    register.tap("notices")
    expect(register.hook("notice-item")).to_have_count(1)


def test_clients_are_created_in_both_shapes_found_and_attached(open_register: OpenRegister) -> None:
    register = open_register("recorder")
    created = register.in_app(
        "const { create } = Poster.clients;"
        "return ["
        "await create({ client: { client_name: 'New', client_groups_id_client: 1, phone: '380671110001' } }),"
        "await create({ client_name: 'Flat Guest', client_groups_id_client: 1, phone: '+380671110002' }),"
        "await create({ client_name: 'Twin', client_groups_id_client: 1, phone: '+380671110001' }),"
        "await create({ client_groups_id_client: 1 })]"
    )
    assert created[0]["client"]["id"] == created[0]["id"]
    assert created[1]["client"]["phone"] == created[1]["phone"]
    assert "error" in created[2]
    assert "error" in created[3]
    attached = register.in_app(
        "const { order } = await Poster.orders.getActive();"
        "const { foundClients } = await Poster.clients.find({ searchVal: '380671110001' });"
        "return [foundClients.length, await Poster.orders.setOrderClient(order.id, foundClients[0].id),"
        " await Poster.orders.setOrderClient(order.id, 999999), await Poster.clients.get(999999)]"
    )
    assert attached == [1, {"success": True}, {"success": False}, False]


def test_app_request_is_signed_and_answered_with_json_text(open_register: OpenRegister) -> None:
    register = open_register("recorder")
    url = f"{register.sandbox.app_server.address}/echo"
    answer = register.in_app(
        f"return new Promise((resolve) => Poster.makeRequest('{url}', {{ headers: ['Content-Type: application/json'],"
        " method: 'post', data: { name: 'Ї/x' }, timeout: 5000 }, resolve))"
    )
    assert answer["code"] == 201
    assert json.loads(answer["result"])["method"] == "POST"
    (request,) = register.sandbox.app_server.requests
    headers, body = request["headers"], request["body"]
    assert json.loads(body) == {"name": "Ї/x"}
    text = url + body + headers["x-poster-time"] + secret_of(1)
    assert headers["x-poster-signature"] == hashlib.md5(text.encode()).hexdigest()
    text_url = f"{register.sandbox.app_server.address}/text"
    assert register.in_app(
        f"return new Promise((resolve) => Poster.makeRequest('{text_url}', {{}}, resolve))"
    ) == {"code": 1, "result": False}  # fmt: skip


def test_api_request_is_unwrapped(open_register: OpenRegister) -> None:
    register = open_register("recorder")
    groups = register.in_app(
        "return new Promise((resolve) => Poster.makeApiRequest('clients.getGroups', { method: 'get' }, resolve))"
    )
    assert groups[0]["client_groups_name"] == "Guests"
    assert register.in_app(
        "return new Promise((resolve) => Poster.makeApiRequest('no.such', { method: 'get' }, resolve))"
    ) is False  # fmt: skip


def test_events_of_a_day_arrive_in_order(open_register: OpenRegister) -> None:
    register = open_register("recorder", sign_in=False)
    register.wait_until_app_runs()
    register.sign_in("0000")
    register.add_espresso()
    register.tap("functions", "fiscal-switch", "app-function-1", "functions-back")
    register.pay_in_cash()
    # The receipt is with the server first, for its number; a waiter is slower than that.
    register.in_app(
        "while (!seen.some((one) => one.event === 'printFiscal')) await new Promise((go) => setTimeout(go, 50))"
    )
    register.tap("functions", "shift-close", "shift-open", "log-out")
    register.hook("pin-screen").wait_for()
    events = register.in_app("return seen.map((one) => one.event)")
    assert events == [
        "shiftOpen", "orderOpen", "userLogin", "orderProductChange", "applicationIconClicked", "beforeOrderClose",
        "afterOrderClose", "printFiscal", "shiftClose", "shiftOpen", "userLogout",
    ]  # fmt: skip
    closed = register.in_app("return seen.find((one) => one.event === 'afterOrderClose').data.order")
    assert (closed["status"], closed["payedCash"], closed["payedSum"], closed["orderName"]) == (2, 45, 45, 1001)
    assert closed["id"] == closed["dateStart"]


def test_incoming_order_becomes_an_order_with_its_guest(open_register: OpenRegister) -> None:
    register = open_register("recorder")
    register.wait_until_app_runs()
    register.tap("functions", "simulate-incoming", "incoming-phone-done", "incoming-accept")
    register.shows("order-client", "Guest 1")
    accepted = register.in_app("return seen.find((one) => one.event === 'incomingOrderAccepted').data")
    assert accepted["order"]["clientId"] == 1
    assert accepted["order"]["incomingOrderId"] == accepted["incomingOrder"]["id"]


def test_receipt_is_refunded_by_lines_from_the_archive(open_register: OpenRegister) -> None:
    register = open_register("recorder")
    register.wait_until_app_runs()
    register.add_espresso()
    register.tap("line-plus-11", "product-12")
    register.pay_in_cash()
    (receipt,) = register.sandbox.data("receipts")["receipts"]
    register.tap("functions", "archive", f"receipt-{receipt['id']}", "archive-more", "app-archive-1")
    clicked = register.in_app("return seen.find((one) => one.event === 'applicationIconClicked').data")
    assert (clicked["place"], clicked["order"]["id"]) == ("receiptsArchive", receipt["id"])
    register.tap("return-plus-0", "refund-lines", "confirm-yes")
    register.shows("toast", "Done.")
    (after,) = register.sandbox.data("receipts")["receipts"]
    assert after["products"]["0"]["refunded"] == 1
    assert after["payedSum"] == 95
    register.tap("delete-receipt", "confirm-yes")
    expect(register.hook(f"receipt-{receipt['id']}")).to_have_count(0)
    assert register.sandbox.data("receipts")["receipts"] == []


def test_app_prints_a_code_on_the_pre_check(open_register: OpenRegister) -> None:
    register = open_register("recorder")
    register.add_espresso()
    register.in_app(
        "const { order } = await Poster.orders.getActive();"
        "return Poster.orders.printReceipt(order.id, 'https://example.test/g/1', 'Your card')"
    )
    expect(register.hook("receipt-print-code")).to_have_attribute("data-content", "https://example.test/g/1")
    expect(register.hook("receipt-print-code")).to_contain_text("Your card")
    register.tap("paper-close")
    assert register.in_app("return (await Poster.orders.getActive()).order.datePrint") > 0
