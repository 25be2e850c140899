"""What a till's word is worth: when a receipt was closed, what it was allowed to redeem, whom it names."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from incust.businesses.tenancy import in_business
from incust.customers.models import CustomerIdentifier
from incust.customers.problems import CustomerUnknown

from .factories import NOON, Cafe, Guest, a_cafe, a_check, leave_business, rules

pytestmark = pytest.mark.django_db
A_MOMENT = timedelta(microseconds=1)


@pytest.fixture
def cafe() -> Cafe:
    return a_cafe()


class TestWhenItWasClosed:
    """(what is written down, from when bonuses count)."""

    def closed(self, cafe: Cafe, told: datetime | None) -> tuple[datetime, datetime]:
        [row] = cafe.rows("SELECT closed_at, counted_at FROM checks.closing_time(%s, %s)", told, NOON)
        return row  # type: ignore[no-any-return]

    @pytest.mark.parametrize("told", [NOON - timedelta(days=7), NOON, NOON + timedelta(minutes=10)])
    def test_of_the_last_seven_days_and_the_next_ten_minutes_a_till_is_believed(
        self, cafe: Cafe, told: datetime
    ) -> None:
        assert self.closed(cafe, told) == (told, told)

    @pytest.mark.parametrize(
        "told",
        [
            NOON - timedelta(days=7) - A_MOMENT, NOON + timedelta(minutes=10) + A_MOMENT,
            datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC) - A_MOMENT,
        ],
    )  # fmt: skip
    def test_of_other_days_it_is_written_down_and_bonuses_count_from_now(self, cafe: Cafe, told: datetime) -> None:
        assert self.closed(cafe, told) == (told, NOON)

    @pytest.mark.parametrize(
        "told", [None, datetime(2000, 1, 1, tzinfo=UTC) - A_MOMENT, datetime(2100, 1, 1, tzinfo=UTC)]
    )
    def test_of_years_that_no_receipt_is_of_it_counts_for_nothing(self, cafe: Cafe, told: datetime | None) -> None:
        assert self.closed(cafe, told) == (NOON, NOON)


def test_each_credit_has_its_own_last_day_or_none(cafe: Cafe) -> None:
    outcome = (
        '{"credits": [{"amount_minor": 5, "lifetime_days": null}, {"amount_minor": 7, "lifetime_days": 30},'
        ' {"amount_minor": 9, "lifetime_days": 1}]}'
    )
    [row] = cafe.rows("SELECT * FROM checks.credits_of(%s::jsonb, %s, %s)", outcome, cafe.business_id, NOON)
    assert row == (
        [5, 7, 9],
        [None, date(2026, 10, 1), date(2026, 9, 2)],
        [None, datetime(2026, 10, 1, 21, tzinfo=UTC), datetime(2026, 9, 2, 21, tzinfo=UTC)],
        21,
    )


@pytest.mark.parametrize(
    ("redeemed", "concerns"),
    [
        (0, []), (300, []),
        (301, ["unreserved", "unconfirmed", "status"]),
        (400, ["unreserved", "unconfirmed", "status"]),
        (401, ["unreserved", "above-limit", "unconfirmed", "status"]),
        (500, ["unreserved", "above-limit", "unconfirmed", "status"]),
        (501, ["unreserved", "above-limit", "unconfirmed", "status", "above-total"]),
    ],
)  # fmt: skip
def test_of_a_receipt_of_five_hryvnias_three_reserved_and_four_allowed(
    cafe: Cafe, redeemed: int, concerns: list[str]
) -> None:
    evaluated = '{"limit_minor": 400, "confirmation_missing": true, "may_redeem": false}'
    assert cafe.rows("SELECT checks.concerns_of(%s, 300, 500, 0, %s::jsonb)", redeemed, evaluated) == [(concerns,)]


def test_what_was_uncovered_is_a_concern_by_itself(cafe: Cafe) -> None:
    asked = "SELECT checks.concerns_of(300, 300, 500, uncovered, NULL) FROM unnest(ARRAY[0, 1]) AS uncovered"
    assert cafe.rows(asked) == [([],), (["unbacked"],)]


class TestWhoItNames:
    def stranger(self, cafe: Cafe) -> Guest:
        return Guest(cafe=cafe, id=10**12, identification_id=None)

    @pytest.mark.parametrize("closed_without_payment", [False, True])
    def test_nobody_closes_a_receipt_that_was_reserved_for_a_guest(
        self, cafe: Cafe, closed_without_payment: bool
    ) -> None:
        guest = cafe.guest(1000)
        guest.reserve(a_check(9000), 500)
        with pytest.raises(CustomerUnknown):
            self.stranger(cafe).finalize(a_check(9000), closed_without_payment=closed_without_payment)
        assert guest.balance == (1000, 500)

    def test_another_guest_closes_it_without_payment_and_the_first_has_his_points_again(self, cafe: Cafe) -> None:
        first, other = cafe.guest(1000), cafe.guest()
        first.reserve(a_check(9000), 500)
        assert other.finalize(a_check(9000), closed_without_payment=True).status == "released"
        assert (first.balance, other.balance) == ((1000, 1000), (0, 0))

    def test_another_guest_collects_on_it_and_the_first_has_his_points_again(self, cafe: Cafe) -> None:
        first, other = cafe.guest(1000), cafe.guest()
        first.reserve(a_check(9000), 500)
        assert other.finalize(a_check(9000)).earned_minor == 450
        assert (first.balance, other.balance) == ((1000, 1000), (450, 450))

    def test_what_is_assumed_of_nobody_is_refused(self, cafe: Cafe) -> None:
        cafe.guest()
        with pytest.raises(DatabaseError, match="customer-unknown"), transaction.atomic():
            rightly(self.stranger(cafe), "full", 0)

    def test_what_is_assumed_is_that_of_this_guest(self, cafe: Cafe) -> None:
        cafe.guest(500)
        guest = cafe.guest(400, status="limited")
        cafe.guest(500)
        assert [rightly(guest, status, 400) for status in ("limited", "full")] == [True, False]
        assert rightly(guest, "limited", 401) is False

    def test_it_is_doubted_from_the_instant_at_which_points_expire(self) -> None:
        guest = a_cafe(program=rules(credit={"lifetime_days": 30})).guest()
        guest.finalize(a_check(9000))
        [(end,)] = guest.cafe.rows("SELECT expires_at FROM ledger.lot")
        assert [rightly(guest, "full", 450, now) for now in (end - A_MOMENT, end)] == [True, False]

    def test_a_guest_is_reached_by_the_first_of_his_addresses(self, cafe: Cafe) -> None:
        cafe.guest(email="somebody@example.org")
        guest = cafe.guest(email="first@example.org")
        cafe.guest(email="else@example.org")
        for kind, value in (("email", "second@example.org"), ("phone", "+380501112233"), ("card", "20251234")):
            with in_business(cafe.business_id):
                CustomerIdentifier.objects.create(
                    business_id=cafe.business_id, customer_id=guest.id, kind=kind, value=value, added_at=NOON
                )
        assert context(guest)["contacts"] == {"email": "first@example.org", "phone": "+380501112233"}

    def test_what_a_guest_confirmed_counts_for_him_alone(self, cafe: Cafe) -> None:
        guest, other = cafe.guest(1000), cafe.guest(1000)
        guest.reserve(a_check(9000), 500)
        cafe.rows("UPDATE checks.check SET confirmed_minor = 500 RETURNING id")
        external_id = a_check(9000).external_id
        assert [context(who, external_id)["confirmed_minor"] for who in (guest, other)] == [500, 0]
        assert [context(who, external_id)["available_minor"] for who in (guest, other)] == [1000, 1000]
        assert context(guest, "another")["available_minor"] == 500


def rightly(guest: Guest, status: str, minor: int, now: datetime = NOON) -> bool:
    [(holds,)] = guest.cafe.rows(
        "SELECT checks.assumed_rightly(%s, %s, 'UAH', jsonb_build_object('customer_status', %s::text,"
        " 'available_min_minor', %s::bigint), %s)",
        guest.cafe.business_id, guest.id, status, minor, now,
    )  # fmt: skip
    return bool(holds)


def context(guest: Guest, external_id: str = "new") -> dict[str, Any]:
    [(found,)] = guest.cafe.rows(
        "SELECT checks.evaluation_context(%s, %s, NULL, NULL, 'UAH', %s, NULL, %s, %s)",
        guest.cafe.business_id, guest.cafe.terminal_id, guest.id, external_id, NOON,
    )  # fmt: skip
    return json.loads(found) if isinstance(found, str) else dict(found)


def test_nobody_is_told_of_as_a_guest_though_he_paid_nothing() -> None:
    cafe = a_cafe()
    stranger = Guest(cafe=cafe, id=10**12, identification_id=None)
    with pytest.raises(CustomerUnknown):
        stranger.finalize(a_check(), closed_without_payment=True)
    leave_business()
    assert cafe.rows("SELECT count(*) FROM checks.check") == [(0,)]
