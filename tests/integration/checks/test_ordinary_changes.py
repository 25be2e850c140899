"""Given what happens in a café between Pay and the report, then a paid receipt is posted once, at the right time."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from incust.businesses.models import PointOfSale, Terminal, TerminalKey
from incust.businesses.tenancy import in_business
from incust.businesses.terminal_access import Caller
from incust.checks.finalize import finalize_check
from incust.checks.models import Check as StoredCheck
from incust.checks.problems import CheckMismatch, CurrencyMismatch
from incust.engine.check import Line
from incust.engine.program import Confirmation

from .factories import NOON, Cafe, a_cafe, a_check, rules

pytestmark = pytest.mark.django_db
FREELY = rules(confirmation=Confirmation.NEVER)


def second_till(cafe: Cafe) -> Caller:
    """Another till with an API key at the same point of sale."""
    key_hash = hashlib.sha256(b"second till").digest()
    with in_business(cafe.business_id):
        place = Terminal.objects.get(pk=cafe.terminal_id).point_of_sale
        terminal = Terminal.objects.create(business_id=cafe.business_id, name="Bar 2", point_of_sale=place)
        TerminalKey.objects.create(business_id=cafe.business_id, terminal=terminal, key_hash=key_hash, hint="2")
    return Caller(door="key", key_hash=key_hash, request_id="second-1")


class TestTerminalChanges:
    def test_a_till_that_moved_to_another_point_of_sale(self) -> None:
        cafe = a_cafe()
        guest = cafe.guest(12_000)
        reserved = guest.reserve(a_check(9000), 4000)
        with in_business(cafe.business_id):
            place = PointOfSale.objects.create(business_id=cafe.business_id, name="Station")
            Terminal.objects.filter(pk=cafe.terminal_id).update(point_of_sale=place)
        done = guest.finalize(a_check(9000), 4000, check_id=reserved.check_id)
        assert (done.check_id, done.unbacked_minor) == (reserved.check_id, 0)
        assert guest.balance == (8250, 8250)

    def test_a_register_that_moved_to_another_location_of_poster(self) -> None:
        cafe = a_cafe(program=FREELY)
        guest = cafe.guest(12_000)
        reserved = guest.reserve(a_check(9000), 4000, caller=cafe.register())
        with in_business(cafe.business_id):
            Terminal.objects.filter(use_poster=True).update(poster_location_id="2")
        moved = replace(cafe.register(), spot="2")
        done = guest.finalize(a_check(9000), 4000, check_id=reserved.check_id, caller=moved)
        assert (done.check_id, guest.balance) == (reserved.check_id, (8250, 8250))

    def test_a_terminal_that_got_another_currency(self) -> None:
        cafe = a_cafe()
        guest = cafe.guest(12_000)
        reserved = guest.reserve(a_check(9000), 4000)
        with in_business(cafe.business_id):
            Terminal.objects.filter(pk=cafe.terminal_id).update(currency="EUR")
        assert guest.finalize(a_check(9000), 4000, check_id=reserved.check_id).balance_minor == 8250
        with pytest.raises(CurrencyMismatch):
            guest.finalize(a_check(9000, external_id="2"))

    def test_a_receipt_in_the_new_currency_frees_what_was_held_in_the_old(self) -> None:
        cafe = a_cafe()
        guest = cafe.guest(12_000)
        guest.reserve(a_check(9000), 4000)
        with in_business(cafe.business_id):
            Terminal.objects.filter(pk=cafe.terminal_id).update(currency="EUR")
        done = guest.finalize(a_check(9000, currency="EUR"))
        assert (done.earned_minor, done.balance_minor, guest.balance) == (450, 450, (12_000, 12_000))
        assert cafe.rows("SELECT currency FROM checks.check") == [("EUR",)]


class TestWhatTillsSend:
    def test_a_line_of_quantity_zero_is_left_out(self) -> None:
        guest = a_cafe().guest()
        sold = Line(line_id="a", product_id="12", amount_minor=9000)
        taken_off = Line(line_id="b", product_id="13", quantity=Decimal(0), amount_minor=0)
        assert guest.finalize(a_check(9000, lines=(sold, taken_off))).earned_minor == 450
        assert guest.cafe.rows("SELECT line_id FROM checks.check_line") == [("a",)]

    def test_closed_without_payment_and_then_paid_after_all(self) -> None:
        guest = a_cafe().guest(12_000)
        released = guest.finalize(a_check(9000), closed_without_payment=True)
        paid = guest.finalize(a_check(9000), 1000)
        assert (paid.check_id, paid.status, paid.earned_minor) == (released.check_id, "finalized", 400)
        assert guest.finalize(a_check(9000), 1000) == replace(paid, replayed=True)
        assert guest.balance == (11_400, 11_400)
        assert guest.cafe.rows("SELECT count(*) FROM checks.check_line") == [(1,)]

    def test_two_tills_of_one_place_may_count_alike(self) -> None:
        cafe = a_cafe()
        guest, other = cafe.guest(), cafe.guest()
        first = guest.finalize(a_check(9000, "17"))
        second = other.finalize(a_check(4000, "17"), caller=second_till(cafe))
        assert (first.check_id != second.check_id, guest.balance, other.balance) == (True, (450, 450), (200, 200))

    def test_equal_receipts_of_two_tills_are_two(self) -> None:
        cafe = a_cafe()
        guest = cafe.guest()
        guest.finalize(a_check(9000, "17"))
        assert guest.finalize(a_check(9000, "17"), caller=second_till(cafe)).replayed is False
        assert guest.balance == (900, 900)


class TestTransactionOfAnotherCheck:
    def test_a_paid_receipt_is_a_mismatch(self) -> None:
        cafe = a_cafe(program=FREELY)
        guest = cafe.guest(12_000)
        guest.reserve(a_check(9000, "1"), 1000, caller=cafe.register())
        guest.finalize(a_check(5000, "2", transaction_id="77"), caller=cafe.register())
        with pytest.raises(CheckMismatch), transaction.atomic():
            guest.finalize(a_check(9000, "1", transaction_id="77"), 1000, caller=cafe.register())
        assert guest.balance == (12_250, 11_250)

    def test_a_reservation_goes_on_without_it(self) -> None:
        cafe = a_cafe(program=FREELY)
        guest = cafe.guest(12_000)
        guest.reserve(a_check(9000, "1"), 1000, caller=cafe.register())
        guest.finalize(a_check(5000, "2", transaction_id="77"), caller=cafe.register())
        again = a_check(9000, "1", transaction_id="77")
        seen = guest.quote(again, 2000, caller=cafe.register()).quote_hash
        assert guest.reserve(again, 2000, seen_hash=seen, caller=cafe.register()).redeem_minor == 2000
        assert cafe.rows("SELECT external_id, transaction_id FROM checks.check ORDER BY external_id") == [
            ("1", ""), ("2", "77"),
        ]  # fmt: skip


class TestClockOfTheTill:
    @pytest.mark.parametrize(
        "told",
        [
            datetime(2010, 1, 1, tzinfo=UTC),
            datetime(9999, 12, 30, tzinfo=UTC),
            datetime.fromisoformat("0001-01-01T00:00:00+14:00"),
            NOON - timedelta(days=7, seconds=1),
            NOON + timedelta(minutes=10, seconds=1),
        ],
    )
    def test_bonuses_count_from_now_where_the_clock_cannot_be_right(self, told: datetime) -> None:
        guest = a_cafe(program=rules(credit={"lifetime_days": 90})).guest()
        guest.finalize(a_check(9000), closed_at=told)
        assert guest.balance == (450, 450)
        assert guest.cafe.rows("SELECT expires_on FROM ledger.lot") == [(date(2026, 11, 30),)]
        assert guest.cafe.rows("SELECT happened_at FROM ledger.posting WHERE kind = 'check'") == [(NOON,)]

    @pytest.mark.parametrize("told", [NOON - timedelta(days=7), NOON + timedelta(minutes=10)])
    def test_bonuses_count_from_when_the_receipt_was_closed_within_a_week(self, told: datetime) -> None:
        guest = a_cafe(program=rules(credit={"lifetime_days": 90})).guest()
        guest.finalize(a_check(9000), closed_at=told)
        assert guest.cafe.rows("SELECT expires_on FROM ledger.lot") == [(told.date() + timedelta(days=90),)]

    @pytest.mark.parametrize(
        ("told", "kept"),
        [
            (datetime(2010, 1, 1, tzinfo=UTC), datetime(2010, 1, 1, tzinfo=UTC)),
            (datetime(9999, 12, 30, tzinfo=UTC), NOON),
            (datetime.fromisoformat("0001-01-01T00:00:00+14:00"), NOON),
        ],
    )
    def test_what_the_till_said_is_kept_where_a_receipt_can_be_of_that_year(
        self, told: datetime, kept: datetime
    ) -> None:
        guest = a_cafe().guest()
        request = guest.finalize_request(a_check(9000), closed_at=told)
        first = finalize_check(request, now=NOON)
        assert finalize_check(request, now=NOON + timedelta(hours=1)) == replace(first, replayed=True)
        with in_business(guest.cafe.business_id):
            assert [check.closed_at for check in StoredCheck.objects.all()] == [kept]
