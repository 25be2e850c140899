"""Whatever an app does in its frame, the register goes on selling."""

from __future__ import annotations

import time

from playwright.sync_api import expect

from tests.e2e.sandbox.conftest import OpenRegister

DEADLINE_S = 5


def test_hung_app_is_restarted_and_the_sale_goes_on(open_register: OpenRegister) -> None:
    register = open_register("hanger")
    register.wait_until_app_runs()
    register.add_espresso()
    ticks = register.ticks
    register.tap("pay")
    assert DEADLINE_S <= register.seconds_to_payment(after="pay") < DEADLINE_S + 3
    assert register.ticks - ticks >= 4 * (DEADLINE_S - 1)  # the register's own clock never stood still
    register.tap("tender-cash", "close-receipt", "next-order")

    # The app is back, in a process that answers, with what it had stored.
    register.wait_until_app_runs()
    assert register.in_app("return localStorage.getItem('times')") == "1"
    register.add_espresso()
    register.tap("pay")
    assert register.seconds_to_payment(after="pay") < DEADLINE_S - 1
    assert register.faults == []


def test_hung_app_leaves_the_other_apps_alone(open_register: OpenRegister) -> None:
    register = open_register("hanger", "recorder")
    register.wait_until_app_runs(1)
    register.wait_until_app_runs(2)
    register.add_espresso()
    register.tap("pay")
    expect(register.hook("waiting")).to_contain_text("Hanger")
    assert register.in_app("return (await Poster.users.getActiveUser()).name", number=2) == "Waiter"
    register.hook("payment-screen").wait_for()
    assert register.in_app("return seen.filter((one) => one.event === 'beforeOrderClose').length", number=2) == 1


def test_app_that_throws_holds_the_sale_up_for_the_deadline_only(open_register: OpenRegister) -> None:
    register = open_register("thrower")
    register.wait_until_app_runs()
    register.add_espresso()
    register.tap("pay")
    assert DEADLINE_S <= register.seconds_to_payment(after="pay") < DEADLINE_S + 3
    register.tap("tender-cash", "close-receipt")
    register.hook("closed-screen").wait_for()
    assert register.faults == []


def test_app_that_hangs_with_its_window_open_is_restarted(open_register: OpenRegister) -> None:
    register = open_register("window_hanger")
    register.wait_until_app_runs()
    register.add_espresso()
    register.tap("pay")
    expect(register.hook("app-popup")).to_be_visible()
    assert DEADLINE_S <= register.seconds_to_payment(after="pay") < DEADLINE_S + 3
    expect(register.hook("app-popup")).to_be_hidden()
    register.wait_until_app_runs()


def test_open_window_stops_the_deadline_until_it_is_closed(open_register: OpenRegister) -> None:
    register = open_register("silent")
    register.wait_until_app_runs()
    register.add_espresso()
    register.tap("pay")
    expect(register.hook("app-popup")).to_be_visible()
    time.sleep(DEADLINE_S + 1)
    expect(register.hook("app-popup")).to_be_visible()
    register.tap("app-popup-close")
    assert DEADLINE_S - 0.5 <= register.seconds_to_payment(after="app-popup-close") < DEADLINE_S + 3


def test_app_that_reloads_itself_at_pay_lets_the_sale_go_on_at_once(open_register: OpenRegister) -> None:
    register = open_register("reloader")
    register.wait_until_app_runs()
    register.add_espresso()
    register.tap("pay")
    assert register.seconds_to_payment(after="pay") < DEADLINE_S - 1
    register.wait_until_app_runs()


def test_app_that_only_reloads_itself_is_stopped(open_register: OpenRegister) -> None:
    register = open_register("looper")
    register.tap("functions")
    expect(register.hook("app-state-1")).to_have_attribute("data-status", "stopped")
    expect(register.hook("app-errors-1")).to_contain_text("It kept reloading itself.")
    register.tap("functions-back")
    register.add_espresso()
    register.pay_in_cash()


def test_second_next_is_ignored(open_register: OpenRegister) -> None:
    register = open_register("twice")
    register.wait_until_app_runs()
    for number in (1001, 1002):
        register.add_espresso()
        register.tap("pay")
        register.hook("payment-screen").wait_for()
        expect(register.hook("app-pay-button-1")).to_have_count(0)
        register.tap("tender-cash", "close-receipt")
        register.shows("closed-number", f"Receipt № {number}")
        register.tap("next-order")
    assert len(register.sandbox.data("receipts")["receipts"]) == 2


def test_nonsense_calls_are_answered_and_change_nothing(open_register: OpenRegister) -> None:
    register = open_register("nonsense")
    register.add_espresso()
    answers = register.in_app("return window.callEverything()")
    assert answers > 400
    register.in_app("window.postGarbage()")
    register.shows("total", "45.00 ₴")
    register.pay_in_cash()
    (receipt,) = register.sandbox.data("receipts")["receipts"]
    assert receipt["total"] == 45
    assert register.faults == []


def test_app_that_floods_the_register_is_stopped(open_register: OpenRegister) -> None:
    register = open_register("nonsense")
    register.in_app("window.flood()")
    register.tap("functions")
    expect(register.hook("app-state-1")).to_have_attribute("data-status", "stopped")
    register.tap("functions-back")
    register.add_espresso()
    register.pay_in_cash()


def test_apps_are_asked_one_after_the_other(open_register: OpenRegister) -> None:
    register = open_register("first", "second")
    register.wait_until_app_runs(1)
    register.wait_until_app_runs(2)
    register.add_espresso()
    register.tap("pay")
    register.hook("payment-screen").wait_for()
    assert register.in_app("return window.commentSeen", number=2) == "first"
    register.shows("app-pay-button-1", "Pay by first")
