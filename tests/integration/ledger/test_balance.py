"""What readers see of an account, without a lock: the same as a writer would find."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from .factories import NOON, UNIT, Ledger, a_ledger

MIDNIGHT = datetime(2026, 9, 11, tzinfo=NOON.tzinfo)


@pytest.fixture
def ledger(db: None) -> Ledger:
    ledger = a_ledger()
    ledger.post(credits=[5000, 700], expire_on=[None, date(2026, 9, 10)])
    return ledger


def seen(ledger: Ledger, at: datetime = NOON, except_check: int | None = None) -> tuple[int, int, int, int]:
    """(account, version, balance, available)."""
    row: tuple[int, int, int, int] = ledger.run(
        "SELECT account_id, version, balance_minor, available_minor FROM ledger.balance(%s, %s, %s, %s, %s)",
        ledger.business_id, ledger.customer_id, UNIT, at, except_check,
    )  # fmt: skip
    return row


def test_holds_are_not_available_but_to_their_own_check(ledger: Ledger) -> None:
    ledger.hold(3000, check=7)
    ledger.hold(1000, check=8)
    assert seen(ledger) == (ledger.account_id, 2, 5700, 1700)
    assert seen(ledger, except_check=7) == (ledger.account_id, 2, 5700, 4700)
    assert seen(ledger, except_check=8) == (ledger.account_id, 2, 5700, 2700)
    assert seen(ledger, except_check=9) == (ledger.account_id, 2, 5700, 1700)


def test_a_resolved_hold_and_one_that_lapsed_are_free(ledger: Ledger) -> None:
    ledger.hold(3000, check=7)
    ledger.hold(1000, check=8, minutes=60)
    ledger.run("SELECT ledger.release_holds(%s, 'check', 7, %s)", ledger.business_id, NOON)
    assert seen(ledger) == (ledger.account_id, 2, 5700, 4700)
    assert seen(ledger, NOON + timedelta(minutes=60)) == (ledger.account_id, 2, 5700, 5700)


def test_expired_points_are_gone_and_of_nobody_elses_lots(ledger: Ledger) -> None:
    other = a_ledger("other")
    other.post(credits=[900], expire_on=[date(2026, 9, 1)])
    assert seen(ledger, MIDNIGHT - timedelta(microseconds=1))[2:] == (5700, 5700)
    assert seen(ledger, MIDNIGHT)[2:] == (5000, 5000)


def test_a_live_hold_keeps_as_much_of_what_expired_as_it_holds(ledger: Ledger) -> None:
    ledger.hold(500, check=7, at=MIDNIGHT - timedelta(minutes=10))
    assert seen(ledger, MIDNIGHT)[2:] == (5500, 5000)
    assert seen(ledger, MIDNIGHT, except_check=7)[2:] == (5500, 5500)


def test_what_expires_is_listed_by_day_from_now_on(ledger: Ledger) -> None:
    ledger.post(credits=[30, 20], expire_on=[date(2026, 9, 10), date(2026, 9, 5)])
    ledger.post(redeem_minor=10)

    def expiring(at: datetime) -> str:
        row = ledger.run("SELECT ledger.expiring(%s, %s, %s)::text", ledger.business_id, ledger.account_id, at)
        return str(row[0])

    assert expiring(NOON) == (
        '[{"expires_on": "2026-09-05", "amount_minor": 10}, {"expires_on": "2026-09-10", "amount_minor": 730}]'
    )
    assert expiring(datetime(2026, 9, 6, tzinfo=NOON.tzinfo)) == '[{"expires_on": "2026-09-10", "amount_minor": 730}]'
    assert expiring(MIDNIGHT) == "[]"
    ledger.post(redeem_minor=10)
    assert expiring(NOON) == '[{"expires_on": "2026-09-10", "amount_minor": 730}]'


def test_an_account_that_was_never_opened_has_no_row(ledger: Ledger) -> None:
    assert ledger.rows(
        "SELECT * FROM ledger.balance(%s, %s, 'bonus:EUR', %s)", ledger.business_id, ledger.customer_id, NOON
    ) == []  # fmt: skip


def test_expired_lots_come_in_pages_oldest_first(ledger: Ledger) -> None:
    ledger.post(credits=[1, 2, 3], expire_on=[date(2026, 9, 9), date(2026, 9, 8), date(2026, 9, 12)])
    ledger.post(redeem_minor=2)  # the soonest is empty now
    lots = dict(ledger.rows("SELECT expires_on, id FROM ledger.lot"))

    def page(at: datetime, after: datetime | str = "-infinity", lot: int = 0, count_max: int = 9) -> list[int]:
        rows = ledger.rows("SELECT lot_id FROM ledger.expired_lots(%s, %s, %s, %s)", at, after, lot, count_max)
        return [lot for (lot,) in rows]

    first, second = lots[date(2026, 9, 9)], lots[date(2026, 9, 10)]
    assert page(MIDNIGHT) == [first, second]
    assert page(MIDNIGHT - timedelta(microseconds=1)) == [first]
    assert page(MIDNIGHT, count_max=1) == [first]
    assert page(MIDNIGHT, MIDNIGHT - timedelta(days=1), first) == [second]
    assert page(MIDNIGHT, MIDNIGHT, second) == []
