"""Bonuses expire at the end of their last day, to the instant, however late or often the job runs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from tests.integration.checks.factories import Cafe, a_cafe, a_check, rules
from tests.integration.checks.refunding import refund

from incust.businesses.models import Business
from incust.businesses.tenancy import in_business
from incust.checks.verify import verify_business
from incust.engine.program import Confirmation
from incust.ledger.expire_lots import expire_lots

from .factories import NOON, Ledger, a_ledger
from .test_bystander import another_guest
from .test_refund_check import Refunds

HISTORY = (
    "SELECT p.happened_at, e.amount_minor, e.balance_after_minor FROM ledger.posting p"
    " JOIN ledger.entry e ON e.posting_id = p.id AND e.account_id IS NOT NULL WHERE p.kind = 'expiry' ORDER BY p.id"
)
LATE = datetime(2026, 12, 24, 8, 30, tzinfo=UTC)


def midnight(month: int, day: int) -> datetime:
    return datetime(2026, month, day, tzinfo=UTC)


@pytest.fixture
def ledger(db: None) -> Ledger:
    """Points that end on 10, 20 and 30 September, and some that never do."""
    ledger = a_ledger()
    ledger.post(credits=[300], expire_on=[date(2026, 9, 30)])
    ledger.post(credits=[100, 40], expire_on=[date(2026, 9, 10), None])
    ledger.post(credits=[200, 50], expire_on=[date(2026, 9, 20), date(2026, 9, 10)])
    return ledger


class TestADayAtATime:
    def test_a_late_job_posts_each_day_by_itself_dated_as_it_was(self, ledger: Ledger) -> None:
        assert expire_lots(now=LATE) == 1
        assert ledger.rows(HISTORY) == [
            (midnight(9, 11), -150, 540), (midnight(9, 21), -200, 340), (midnight(10, 1), -300, 40),
        ]  # fmt: skip
        assert ledger.rows("SELECT DISTINCT recorded_at FROM ledger.posting WHERE kind = 'expiry'") == [(LATE,)]
        assert ledger.balance(LATE) == (40, 40)

    def test_a_job_that_ran_each_night_leaves_the_same_history(self, ledger: Ledger) -> None:
        for day in range(100):
            expire_lots(now=NOON + timedelta(days=day))
        assert ledger.rows(HISTORY) == [
            (midnight(9, 11), -150, 540), (midnight(9, 21), -200, 340), (midnight(10, 1), -300, 40),
        ]  # fmt: skip

    def test_what_ran_twice_expired_once(self, ledger: Ledger) -> None:
        assert [expire_lots(now=LATE), expire_lots(now=LATE), expire_lots(now=LATE + timedelta(days=9))] == [1, 0, 0]
        assert len(ledger.rows(HISTORY)) == 3

    def test_a_moment_before_the_day_ends_nothing_has_expired(self, ledger: Ledger) -> None:
        assert expire_lots(now=midnight(9, 11) - timedelta(microseconds=1)) == 0
        assert expire_lots(now=midnight(9, 11)) == 1
        assert ledger.rows(HISTORY) == [(midnight(9, 11), -150, 540)]

    def test_points_spent_in_time_do_not_expire(self, ledger: Ledger) -> None:
        ledger.post(redeem_minor=180, at=midnight(9, 10))
        expire_lots(now=LATE)
        assert ledger.rows(HISTORY) == [(midnight(9, 21), -170, 340), (midnight(10, 1), -300, 40)]


class TestUnderALiveHold:
    MONTHS = 60 * 24 * 90

    @pytest.mark.parametrize("nightly", [True, False])
    def test_as_much_as_is_held_stays_whether_the_job_is_late_or_not(self, ledger: Ledger, nightly: bool) -> None:
        ledger.hold(160, minutes=self.MONTHS)
        for day in range(25) if nightly else [25]:
            expire_lots(now=NOON + timedelta(days=day))
        assert ledger.rows(HISTORY) == [(midnight(9, 21), -190, 500)]
        assert ledger.balance(midnight(9, 26)) == (500, 340)

    def test_what_the_hold_kept_expires_when_it_ends_with_its_own_date(self, ledger: Ledger) -> None:
        ledger.hold(160, minutes=self.MONTHS)
        expire_lots(now=midnight(9, 26))
        ledger.run("SELECT ledger.release_holds(%s, 'check', 900, %s)", ledger.business_id, midnight(9, 27))
        expire_lots(now=midnight(9, 28))
        assert ledger.rows(HISTORY) == [(midnight(9, 21), -190, 500), (midnight(9, 21), -160, 340)]

    def test_a_held_account_does_not_keep_the_job_from_ending(self, ledger: Ledger) -> None:
        ledger.hold(690, minutes=self.MONTHS)
        assert expire_lots(now=midnight(10, 2), page=1) == 0
        assert ledger.rows(HISTORY) == []


@pytest.mark.parametrize(
    ("zone", "paid_at", "lifetime_days", "last_day", "ends_at"),
    [
        # Kyiv puts its clocks back on 25 October 2026, that day has 25 hours; and forward on 28 March 2027.
        ("Europe/Kyiv", "2026-10-23 23:59", 1, "2026-10-24", "2026-10-24T21:00Z"),
        ("Europe/Kyiv", "2026-10-24 23:59", 1, "2026-10-25", "2026-10-25T22:00Z"),
        ("Europe/Kyiv", "2027-03-27 12:00", 1, "2027-03-28", "2027-03-28T21:00Z"),
        ("Europe/Warsaw", "2026-10-24 12:00", 1, "2026-10-25", "2026-10-25T23:00Z"),
        ("Pacific/Apia", "2026-10-24 00:00", 1, "2026-10-25", "2026-10-25T11:00Z"),
        ("Asia/Kolkata", "2026-10-24 23:59", 30, "2026-11-23", "2026-11-23T18:30Z"),
        # Beirut skips the hour after midnight: 28 March 2027 begins at one o'clock.
        ("Asia/Beirut", "2027-03-26 12:00", 1, "2027-03-27", "2027-03-27T22:00Z"),
    ],
)
def test_the_last_day_ends_with_the_midnight_of_the_business(
    db: None, zone: str, paid_at: str, lifetime_days: int, last_day: str, ends_at: str
) -> None:
    cafe = a_cafe_in(zone, lifetime_days)
    now = datetime.fromisoformat(paid_at).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    guest = cafe.guest()
    guest.finalize(a_check(9000), now=now)
    end = datetime.fromisoformat(ends_at)
    assert cafe.rows("SELECT expires_on, expires_at FROM ledger.lot") == [(date.fromisoformat(last_day), end)]
    assert guest.balance_at(end - timedelta(microseconds=1)) == (450, 450)
    assert guest.balance_at(end) == (0, 0)
    assert expire_lots(now=end + timedelta(days=40)) == 1
    assert cafe.rows("SELECT happened_at FROM ledger.posting WHERE kind = 'expiry'") == [(end,)]


def test_a_business_that_moves_to_another_zone_keeps_the_dates_it_promised(db: None) -> None:
    cafe = a_cafe_in("Europe/Kyiv", 1)
    guest = cafe.guest()
    guest.finalize(a_check(9000, external_id="1"), now=NOON)
    with in_business(cafe.business_id):
        Business.objects.filter(pk=cafe.business_id).update(time_zone="Pacific/Apia")
    guest.finalize(a_check(9000, external_id="2"), now=NOON)
    assert expire_lots(now=NOON + timedelta(days=9)) == 1
    # Good until 2 September in Kyiv; in Apia it is the 2nd already when the second receipt is paid.
    assert cafe.rows(HISTORY) == [
        (datetime(2026, 9, 2, 21, tzinfo=UTC), -450, 450), (datetime(2026, 9, 3, 11, tzinfo=UTC), -450, 0),
    ]  # fmt: skip


def test_points_that_a_refund_brings_back_after_their_day_expire_with_the_refund(db: None) -> None:
    cafe = a_cafe(program=rules(redeem="100", confirmation=Confirmation.NEVER, credit={"lifetime_days": 10}))
    guest = cafe.guest()
    guest.finalize(a_check(9000, external_id="1"), now=NOON)
    check_id = guest.finalize(a_check(400, external_id="2"), 400, now=NOON + timedelta(days=1)).check_id
    expire_lots(now=NOON + timedelta(days=15))
    refunded_at = NOON + timedelta(days=19)
    refund(cafe, check_id, now=refunded_at)
    # 450 were good until 11 September in Kyiv; 400 of them had been spent in time.
    assert cafe.rows(HISTORY) == [(datetime(2026, 9, 11, 21, tzinfo=UTC), -50, 0), (refunded_at, -400, 0)]
    assert verify_business(cafe.business_id) == []


def test_points_that_came_back_in_time_expire_with_their_day_whatever_another_guest_does(db: None) -> None:
    ledger = a_ledger()
    ledger.post(credits=[30, 1, 1, 1], expire_on=[date(2026, 9, 10), None, None, None], check=1)
    ledger.post(redeem_minor=30, check=2)
    Refunds(ledger, check=2).refund(give=30)  # his entry 6; the other guest's follows later
    other = another_guest(ledger)
    for check in (4, 5, 6):
        other.post(credits=[1], check=check, at=midnight(9, 15))
    assert expire_lots(now=LATE) == 2
    assert (midnight(9, 11), -30, 3) in ledger.rows(HISTORY)


def test_one_account_that_cannot_be_settled_does_not_stop_the_others(
    committed_database: str, as_owner: psycopg.Connection[Any], caplog: pytest.LogCaptureFixture
) -> None:
    ledgers = [a_ledger(name) for name in ("first", "spoilt", "third")]
    for ledger in ledgers:
        ledger.post(credits=[100], expire_on=[date(2026, 9, 10)])
    as_owner.execute("SELECT set_config('incust.business_id', %s, false)", [str(ledgers[1].business_id)])
    as_owner.execute("UPDATE ledger.account SET balance_minor = 99")
    as_owner.commit()
    assert expire_lots(now=LATE, page=1) == 2
    assert [ledger.rows(HISTORY) for ledger in ledgers] == [
        [(midnight(9, 11), -100, 0)], [], [(midnight(9, 11), -100, 0)],
    ]  # fmt: skip
    assert f"number {ledgers[1].account_id} of business {ledgers[1].business_id} was refused" in caplog.text


def test_an_account_that_a_till_works_on_waits_for_the_next_run(
    committed_database: str, as_owner: psycopg.Connection[Any], caplog: pytest.LogCaptureFixture
) -> None:
    ledger = a_ledger()
    ledger.post(credits=[100], expire_on=[date(2026, 9, 10)])
    as_owner.execute("SELECT set_config('incust.business_id', %s, false)", [str(ledger.business_id)])
    as_owner.execute("SELECT FROM ledger.account FOR NO KEY UPDATE")
    assert expire_lots(now=LATE) == 0
    as_owner.rollback()
    assert expire_lots(now=LATE) == 1
    assert caplog.text == ""


def a_cafe_in(zone: str, lifetime_days: int) -> Cafe:
    cafe = a_cafe(program=rules(credit={"lifetime_days": lifetime_days}))
    with in_business(cafe.business_id):
        Business.objects.filter(pk=cafe.business_id).update(time_zone=zone)
    return cafe
