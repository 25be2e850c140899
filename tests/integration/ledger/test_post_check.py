"""Given an account, when a paid check is posted, then these balances and entries."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from .factories import NOON, Ledger, a_ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger()


ENTRIES = (
    "SELECT e.system_account, e.amount_minor, e.account_version, e.balance_after_minor FROM ledger.entry e "
    "JOIN ledger.posting p ON p.id = e.posting_id WHERE p.kind = 'check' AND p.cause_id = %s ORDER BY e.id"
)


class TestPostCheck:
    def test_a_credit_comes_from_the_issued_account(self, ledger: Ledger) -> None:
        assert ledger.post(credits=[450]) == (0, 0, 450)
        assert ledger.rows(ENTRIES, 1) == [("issued", -450, None, None), (None, 450, 1, 450)]

    def test_a_redemption_goes_to_the_redeemed_account(self, ledger: Ledger) -> None:
        ledger.post(credits=[12_000])
        assert ledger.post(redeem_minor=4000, credits=[250]) == (4000, 0, 8250)
        assert ledger.rows(ENTRIES, 2) == [
            (None, -4000, 2, 8000), ("redeemed", 4000, None, None), ("issued", -250, None, None), (None, 250, 3, 8250),
        ]  # fmt: skip

    def test_what_no_balance_covers_is_unbacked_and_no_debt(self, ledger: Ledger) -> None:
        ledger.post(credits=[1000])
        assert ledger.post(redeem_minor=4000) == (1000, 3000, 0)
        assert ledger.rows(ENTRIES, 2) == [
            (None, -1000, 2, 0), ("unbacked", -3000, None, None), ("redeemed", 4000, None, None),
        ]  # fmt: skip

    def test_own_hold_is_captured_and_the_rest_of_it_freed(self, ledger: Ledger) -> None:
        ledger.post(credits=[5000])
        _, hold, _ = ledger.hold(4000, check=2)
        assert ledger.post(redeem_minor=1500, hold=hold, check=2) == (1500, 0, 3500)
        assert ledger.balance() == (3500, 3500)
        assert ledger.rows("SELECT resolution, captured_minor FROM ledger.hold") == [("captured", 1500)]

    def test_a_hold_of_another_check_is_left_alone(self, ledger: Ledger) -> None:
        ledger.post(credits=[5000])
        ledger.hold(4000, check=77)
        assert ledger.post(redeem_minor=3000) == (1000, 2000, 4000)
        assert ledger.balance() == (4000, 0)

    def test_a_lapsed_hold_takes_what_is_available(self, ledger: Ledger) -> None:
        ledger.post(credits=[5000])
        _, hold, _ = ledger.hold(4000, check=2, minutes=30)
        late = NOON + timedelta(minutes=31)
        ledger.hold(3000, check=3, at=late)
        assert ledger.post(redeem_minor=4000, hold=hold, check=2, at=late) == (2000, 2000, 3000)
        assert ledger.rows("SELECT resolution, resolved_at FROM ledger.hold ORDER BY id") == [
            ("expired", NOON + timedelta(minutes=30)), (None, None),
        ]  # fmt: skip

    def test_the_balance_covers_no_more_than_the_receipt(self, ledger: Ledger) -> None:
        ledger.post(credits=[5000])
        assert ledger.post(redeem_minor=4000, cover_max=1000) == (1000, 3000, 4000)

    def test_a_hold_larger_than_the_receipt_is_captured_up_to_its_total(self, ledger: Ledger) -> None:
        ledger.post(credits=[5000])
        _, hold, _ = ledger.hold(4000, check=2)
        assert ledger.post(redeem_minor=4000, hold=hold, check=2, cover_max=1000) == (1000, 3000, 4000)
        assert ledger.rows("SELECT resolution, captured_minor FROM ledger.hold") == [("captured", 1000)]
        assert ledger.balance() == (4000, 4000)

    def test_a_hold_for_a_receipt_of_nothing_is_released(self, ledger: Ledger) -> None:
        ledger.post(credits=[5000])
        _, hold, _ = ledger.hold(4000, check=2)
        assert ledger.post(redeem_minor=4000, hold=hold, check=2, cover_max=0) == (0, 4000, 5000)
        assert ledger.rows("SELECT resolution, captured_minor FROM ledger.hold") == [("released", 0)]

    def test_a_check_that_moves_nothing_has_no_posting(self, ledger: Ledger) -> None:
        assert ledger.post() == (0, 0, 0)
        assert ledger.rows("SELECT count(*) FROM ledger.posting") == [(0,)]


class TestLots:
    def test_soonest_expiring_is_spent_first_and_remembered(self, ledger: Ledger) -> None:
        ledger.post(credits=[300, 200, 100], expire_on=[date(2026, 12, 1), date(2026, 10, 1), None])
        ledger.post(redeem_minor=250)
        lots = "SELECT expires_on, amount_minor, remaining_minor FROM ledger.lot ORDER BY id"
        assert ledger.rows(lots) == [(date(2026, 12, 1), 300, 250), (date(2026, 10, 1), 200, 0)]
        assert ledger.rows("SELECT account_version, amount_minor FROM ledger.lot_spend ORDER BY amount_minor") == [
            (4, 50), (4, 200),
        ]  # fmt: skip

    def test_points_without_expiry_are_spent_last(self, ledger: Ledger) -> None:
        ledger.post(credits=[100, 200], expire_on=[None, date(2026, 10, 1)])
        ledger.post(redeem_minor=150)
        assert ledger.rows("SELECT remaining_minor FROM ledger.lot") == [(50,)]

    def test_expired_points_are_gone_from_that_instant_swept_or_not(self, ledger: Ledger) -> None:
        ledger.post(credits=[100, 200], expire_on=[None, date(2026, 9, 10)])
        last_moment, first_after = NOON.replace(day=10, hour=23), NOON.replace(day=11, hour=0)
        assert ledger.balance(last_moment) == (300, 300)
        assert ledger.balance(first_after) == (100, 100)

    def test_a_late_writer_posts_the_expiry_first(self, ledger: Ledger) -> None:
        ledger.post(credits=[100, 200], expire_on=[None, date(2026, 9, 10)])
        late = NOON + timedelta(days=60)
        assert ledger.post(redeem_minor=150, at=late) == (100, 50, 0)
        assert ledger.rows(
            "SELECT e.amount_minor, e.balance_after_minor FROM ledger.entry e"
            " JOIN ledger.posting p ON p.id = e.posting_id WHERE p.kind = 'expiry' AND e.account_id IS NOT NULL"
        ) == [(-200, 100)]

    def test_recording_twice_expires_once(self, ledger: Ledger) -> None:
        ledger.post(credits=[200], expire_on=[date(2026, 9, 10)])
        for _ in range(2):
            ledger.run(
                "SELECT ledger.record_lapsed(%s, %s, %s)",
                ledger.business_id, ledger.account_id, NOON + timedelta(days=30),
            )  # fmt: skip
        assert ledger.rows("SELECT amount_minor FROM ledger.entry WHERE system_account = 'expired'") == [(200,)]

    def test_a_live_hold_keeps_points_that_expire_under_it(self, ledger: Ledger) -> None:
        ledger.post(credits=[200], expire_on=[date(2026, 9, 10)])
        before, after = NOON.replace(day=10, hour=23, minute=50), NOON.replace(day=11, hour=0, minute=5)
        _, hold, _ = ledger.hold(150, check=2, at=before)
        assert ledger.balance(after) == (150, 0)
        assert ledger.post(redeem_minor=150, hold=hold, check=2, at=after) == (150, 0, 0)

    def test_what_expires_when_is_listed_soonest_first(self, ledger: Ledger) -> None:
        ledger.post(credits=[300, 200, 100], expire_on=[date(2026, 12, 1), date(2026, 10, 1), date(2026, 12, 1)])
        expiring = ledger.run("SELECT ledger.expiring(%s, %s, %s)::text", ledger.business_id, ledger.account_id, NOON)
        assert expiring[0] == (
            '[{"expires_on": "2026-10-01", "amount_minor": 200}, {"expires_on": "2026-12-01", "amount_minor": 400}]'
        )


class TestHoldPoints:
    def test_a_hold_makes_points_unavailable(self, ledger: Ledger) -> None:
        ledger.post(credits=[5000])
        held, _, available = ledger.hold(4000)
        assert (held, available, ledger.balance()) == (True, 5000, (5000, 1000))

    def test_more_than_available_holds_nothing(self, ledger: Ledger) -> None:
        ledger.post(credits=[5000])
        ledger.hold(4000, check=1)
        assert ledger.hold(1001, check=2) == (False, None, 1000)
        assert ledger.balance() == (5000, 1000)

    def test_a_second_hold_of_the_same_check_replaces_the_first(self, ledger: Ledger) -> None:
        ledger.post(credits=[5000])
        ledger.hold(4000, check=1)
        held, _, available = ledger.hold(4500, check=1)
        assert (held, available, ledger.balance()) == (True, 5000, (5000, 500))
        assert ledger.rows("SELECT amount_minor, resolution FROM ledger.hold ORDER BY id") == [
            (4000, "released"), (4500, None),
        ]  # fmt: skip

    def test_a_hold_of_zero_frees_the_check(self, ledger: Ledger) -> None:
        ledger.post(credits=[5000])
        ledger.hold(4000, check=1)
        assert ledger.hold(0, check=1) == (True, None, 5000)
        assert ledger.balance() == (5000, 5000)

    def test_a_lapsed_hold_is_free_from_that_instant(self, ledger: Ledger) -> None:
        ledger.post(credits=[5000])
        ledger.hold(4000, minutes=30)
        assert ledger.balance(NOON + timedelta(minutes=29, seconds=59)) == (5000, 1000)
        assert ledger.balance(NOON + timedelta(minutes=30)) == (5000, 5000)

    @pytest.mark.parametrize(("seconds", "held"), [(30 * 60 - 1, False), (30 * 60, True)])
    def test_another_check_takes_it_from_that_instant(self, ledger: Ledger, seconds: int, held: bool) -> None:
        ledger.post(credits=[5000])
        ledger.hold(5000, check=1, minutes=30)
        later = NOON + timedelta(seconds=seconds)
        assert ledger.hold(5000, check=2, at=later)[0] is held
        assert ledger.balance(later) == (5000, 0)
        assert ledger.rows("SELECT held_minor FROM ledger.account") == [(5000,)]

    def test_releasing_twice_frees_once(self, ledger: Ledger) -> None:
        ledger.post(credits=[5000])
        ledger.hold(4000, check=1)
        for _ in range(2):
            ledger.run("SELECT ledger.release_holds(%s, 'check', 1, %s)", ledger.business_id, NOON)
        assert ledger.balance() == (5000, 5000)
        assert ledger.rows("SELECT held_minor FROM ledger.account") == [(0,)]


class TestTheBalanceToldAfterwards:
    """It is what readers see at that instant: nothing that is past its date counts."""

    def test_what_the_hold_alone_kept_from_expiring_goes_with_the_rest_of_it(self, ledger: Ledger) -> None:
        ledger.post(credits=[1000], expire_on=[date(2026, 9, 1)])
        ledger.post(credits=[90])
        evening = NOON + timedelta(hours=11, minutes=50)
        _, hold, _ = ledger.hold(900, check=3, at=evening)
        past_midnight = evening + timedelta(minutes=20)
        assert ledger.post(redeem_minor=100, hold=hold, check=3, at=past_midnight) == (100, 0, 90)
        assert ledger.balance(past_midnight) == (90, 90)

    def test_what_a_receipt_earned_that_is_told_too_late_is_gone(self, ledger: Ledger) -> None:
        late = NOON + timedelta(days=5)
        assert ledger.post(credits=[450, 20], expire_on=[date(2026, 9, 3), date(2026, 9, 30)], at=late) == (0, 0, 20)
        assert ledger.balance(late) == (20, 20)

    @pytest.mark.parametrize("days", [0, 5])
    def test_all_of_it_from_the_instant_at_which_its_day_ends(self, ledger: Ledger, days: int) -> None:
        end = NOON.replace(day=4, hour=0) + timedelta(days=days)
        assert ledger.post(credits=[450], expire_on=[date(2026, 9, 3)], at=end) == (0, 0, 0)
        assert ledger.balance(end) == (0, 0)
