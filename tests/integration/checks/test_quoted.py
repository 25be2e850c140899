"""Given a quote that this process answered, when the cashier continues, then one call does what two would do."""

from __future__ import annotations

import sys
import threading
import time
from collections import OrderedDict
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from incust.businesses.models import Terminal
from incust.businesses.tenancy import in_business
from incust.businesses.till_call import call
from incust.checks import quoted, reserve
from incust.checks.problems import CheckFinalized, CurrencyMismatch, QuoteChanged, RedeemAboveLimit
from incust.customers.models import Customer
from incust.customers.problems import ConfirmationRequired, CustomerUnknown
from incust.engine.program import Confirmation

from .factories import NOON, Cafe, Guest, a_cafe, a_check, rules

pytestmark = pytest.mark.django_db
ONE, TWO, THREE = (
    ["checks.reserve"],
    ["checks.load", "checks.reserve"],
    ["checks.reserve", "checks.load", "checks.reserve"],
)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The functions that reserve calls, in order."""
    called: list[str] = []

    def noting(function: str, *arguments: Any, **options: Any) -> dict[str, Any]:
        called.append(function)
        return call(function, *arguments, **options)

    monkeypatch.setattr(reserve, "call", noting)
    return called


def another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quoted, "_contexts", OrderedDict())


def kept(cafe: Cafe) -> list[Any]:
    return cafe.rows(
        "SELECT external_id, customer_id, identification_id, status, total_minor, content_hash, program_version_id,"
        " outcome, redeem_minor, confirmed_minor, hold_expires_at FROM checks.check ORDER BY id"
    )


class TestOneCall:
    @pytest.mark.parametrize("redeem_minor", [0, 1000, 4000])
    def test_keeps_and_answers_what_two_do(
        self, calls: list[str], monkeypatch: pytest.MonkeyPatch, redeem_minor: int
    ) -> None:
        cafe = a_cafe()
        one, two = cafe.guest(4000), cafe.guest(4000)
        seen = one.quote(a_check(external_id="1")).quote_hash
        by_one = one.reserve(a_check(external_id="1"), redeem_minor, seen_hash=seen)
        assert calls == ONE
        seen = two.quote(a_check(external_id="2")).quote_hash
        another_process(monkeypatch)
        by_two = two.reserve(a_check(external_id="2"), redeem_minor, seen_hash=seen)
        assert calls == ONE + TWO
        assert replace(by_one, check_id=by_two.check_id) == by_two
        assert one.balance == two.balance == (4000, 4000 - redeem_minor)
        of_one, of_two = kept(cafe)
        assert of_one[:3] == ("1", one.id, one.identification_id)
        assert of_two[:3] == ("2", two.id, two.identification_id)
        assert of_one[3:] == of_two[3:]

    def test_is_enough_when_the_cashier_goes_back_and_pays_anew(self, calls: list[str]) -> None:
        guest = a_cafe().guest(4000)
        guest.reserve(a_check(), 1000)
        guest.reserve(a_check(), 3000)
        assert calls == ONE + ONE
        assert guest.balance == (4000, 1000)

    def test_is_enough_where_the_guest_has_confirmed_it_before(self, calls: list[str]) -> None:
        guest = a_cafe().guest(4000, strength="weak", email="olena@example.org")
        guest.reserve(a_check(), 0)
        guest.cafe.rows("UPDATE checks.check SET confirmed_minor = 4000 RETURNING id")
        guest.reserve(a_check(), 4000)
        assert calls == ONE + ONE

    def test_serves_one_reserve_only(self, calls: list[str]) -> None:
        guest = a_cafe().guest(4000)
        seen = guest.quote(a_check()).quote_hash
        guest.reserve(a_check(), 1000, seen_hash=seen)
        guest.reserve(a_check(), 1000, seen_hash=seen)
        assert calls == ONE + TWO


class TestWhatChangedMeanwhile:
    """Whatever it is, the cashier hears what he would have heard without the guess."""

    @pytest.fixture
    def guest(self) -> Guest:
        return a_cafe().guest(4000)

    def test_a_program(self, guest: Guest) -> None:
        seen = guest.quote(a_check()).quote_hash
        guest.cafe.publish(rules(earn="6"))
        with pytest.raises(QuoteChanged):
            guest.reserve(a_check(), 1000, seen_hash=seen)
        assert guest.balance == (4000, 4000)

    @pytest.mark.parametrize("points", [-1, 1])
    def test_points(self, guest: Guest, points: int) -> None:
        seen = guest.quote(a_check()).quote_hash
        guest.cafe.rows(
            "SELECT ledger.post_correction(%s, a.id, 'correction', 1, %s, 'said so', 'owner', %s)"
            " FROM ledger.account a WHERE a.customer_id = %s",
            guest.cafe.business_id, points, NOON, guest.id,
        )  # fmt: skip
        with pytest.raises(QuoteChanged):
            guest.reserve(a_check(), 1000, seen_hash=seen)
        assert guest.balance == (4000 + points, 4000 + points)

    def test_a_status(self, guest: Guest) -> None:
        seen = guest.quote(a_check()).quote_hash
        with in_business(guest.cafe.business_id):
            Customer.objects.filter(pk=guest.id).update(status="limited")
        with pytest.raises(QuoteChanged):
            guest.reserve(a_check(), 1000, seen_hash=seen)
        assert guest.balance == (4000, 4000)

    def test_a_guest_who_is_gone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        cafe = a_cafe()
        guest = cafe.guest()
        seen = guest.quote(a_check()).quote_hash
        cafe.rows("DELETE FROM customers.identification WHERE customer_id = %s RETURNING id", guest.id)
        cafe.rows("DELETE FROM customers.customer WHERE id = %s RETURNING id", guest.id)
        with pytest.raises(CustomerUnknown):
            guest.reserve(a_check(), 0, seen_hash=seen)

    def test_the_currency_of_the_till(self, guest: Guest) -> None:
        seen = guest.quote(a_check()).quote_hash
        with in_business(guest.cafe.business_id):
            Terminal.objects.filter(pk=guest.cafe.terminal_id).update(currency="EUR")
        with pytest.raises(CurrencyMismatch):
            guest.reserve(a_check(), 1000, seen_hash=seen)

    def test_a_receipt_that_was_paid(self, guest: Guest) -> None:
        seen = guest.quote(a_check()).quote_hash
        guest.finalize(a_check())
        with pytest.raises(CheckFinalized):
            guest.reserve(a_check(), 1000, seen_hash=seen)

    def test_an_identification_that_served_for_another_receipt(self, calls: list[str]) -> None:
        guest = a_cafe().guest(4000, email="olena@example.org")
        seen = guest.quote(a_check()).quote_hash
        guest.reserve(a_check(external_id="another"), 0)
        with pytest.raises(ConfirmationRequired):
            guest.reserve(a_check(), 1000, seen_hash=seen)
        assert calls == [*ONE, "checks.reserve", "checks.load"]
        assert guest.balance == (4000, 4000)

    def test_an_identification_that_has_grown_old(self) -> None:
        guest = a_cafe().guest(4000, email="olena@example.org")
        seen = guest.quote(a_check()).quote_hash
        with pytest.raises(ConfirmationRequired):
            guest.reserve(a_check(), 1000, seen_hash=seen, now=NOON + timedelta(hours=2))
        assert guest.balance == (4000, 4000)

    def test_what_the_guest_had_confirmed(self) -> None:
        guest = a_cafe().guest(4000, strength="weak", email="olena@example.org")
        guest.reserve(a_check(), 0)
        guest.cafe.rows("UPDATE checks.check SET confirmed_minor = 4000 RETURNING id")
        seen = guest.quote(a_check()).quote_hash
        guest.cafe.rows("UPDATE checks.check SET confirmed_minor = 0 RETURNING id")
        with pytest.raises(ConfirmationRequired):
            guest.reserve(a_check(), 4000, seen_hash=seen)
        assert guest.balance == (4000, 4000)

    def test_nothing_that_matters_here_takes_the_longer_way(self, calls: list[str]) -> None:
        guest = a_cafe(program=rules(confirmation=Confirmation.NEVER)).guest(4000)
        seen = guest.quote(a_check()).quote_hash
        guest.cafe.rows("UPDATE customers.identification SET strength = 'weak' RETURNING id")
        assert guest.reserve(a_check(), 1000, seen_hash=seen).redeem_minor == 1000
        assert calls == THREE


class TestWhoseQuote:
    def test_not_that_of_another_guest(self, calls: list[str]) -> None:
        cafe = a_cafe()
        first, second = cafe.guest(4000), cafe.guest(4000)
        seen = first.quote(a_check()).quote_hash
        assert second.reserve(a_check(), 4000, seen_hash=seen).redeem_minor == 4000
        assert calls == TWO
        assert (first.balance, second.balance) == ((4000, 4000), (4000, 0))

    def test_not_that_of_another_identification(self, calls: list[str]) -> None:
        guest = a_cafe().guest(4000)
        seen = guest.quote(a_check()).quote_hash
        guest.scanned_again().reserve(a_check(), 1000, seen_hash=seen)
        assert calls == TWO

    def test_not_that_of_another_till(self, calls: list[str]) -> None:
        guest = a_cafe(program=rules(confirmation=Confirmation.NEVER)).guest(4000)
        seen = guest.quote(a_check()).quote_hash
        guest.reserve(a_check(), 1000, seen_hash=seen, caller=guest.cafe.register())
        assert calls == TWO

    def test_not_that_of_another_database(self, calls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        guest = a_cafe().guest(4000)
        seen = guest.quote(a_check()).quote_hash
        name = connection.settings_dict["NAME"]
        monkeypatch.setitem(connection.settings_dict, "NAME", "another")
        caller = guest.cafe.caller()
        assert quoted.remembered_context(caller, guest.id, guest.identification_id, seen) is None
        monkeypatch.setitem(connection.settings_dict, "NAME", name)
        assert quoted.remembered_context(caller, guest.id, guest.identification_id, seen) is not None


def test_more_than_the_limit_is_refused_on_what_is_true_now(calls: list[str]) -> None:
    guest = a_cafe().guest(4000)
    with pytest.raises(RedeemAboveLimit):
        guest.reserve(a_check(), 4001)
    assert calls == ["checks.load"]


def test_a_process_remembers_a_bounded_number_of_quotes(calls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    another_process(monkeypatch)
    monkeypatch.setattr(quoted, "QUOTES_MAX", 2)
    guest = a_cafe().guest(4000, strength=None)
    seen = {number: guest.quote(a_check(external_id=number)).quote_hash for number in "123"}
    assert len(quoted._contexts) == 2
    guest.reserve(a_check(external_id="1"), 0, seen_hash=seen["1"])
    guest.reserve(a_check(external_id="3"), 0, seen_hash=seen["3"])
    assert calls == TWO + ONE


def test_what_is_older_than_ten_minutes_is_forgotten(calls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    another_process(monkeypatch)
    guest = a_cafe().guest(4000, strength=None)
    clock = [time.monotonic()]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    seen = {number: guest.quote(a_check(external_id=number)).quote_hash for number in "12"}
    clock[0] += 600
    guest.reserve(a_check(external_id="1"), 0, seen_hash=seen["1"])
    clock[0] += 1
    guest.reserve(a_check(external_id="2"), 0, seen_hash=seen["2"])
    assert calls == ONE + TWO
    for number in "34":
        guest.quote(a_check(external_id=number))
        clock[0] += 601
    guest.quote(a_check(external_id="5"))
    assert len(quoted._contexts) == 1


def test_of_the_guests_contacts_nothing_is_kept_but_their_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    another_process(monkeypatch)
    guest = a_cafe().guest(4000, email="olena@example.org")
    guest.quote(a_check())
    [(_when, kept)] = quoted._contexts.values()
    assert kept["contacts"] == {"email": "email"}


def test_threads_that_find_the_memory_full_do_not_disturb_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    another_process(monkeypatch)
    monkeypatch.setattr(quoted, "QUOTES_MAX", 3)
    caller = a_cafe().caller()
    failed: list[Exception] = []

    def quote(guest: int) -> None:
        try:
            for number in range(5000):
                quoted.remember_quote(caller, guest, None, str(number), {"contacts": {}})
                quoted.remembered_context(caller, guest, None, str(number - 1))
        except Exception as error:
            failed.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=quote, args=(guest,)) for guest in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert failed == []
    assert len(quoted._contexts) <= 3
