"""Given receipts that no webhook told of, when the account's days are compared, then each is found, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone
from tests.integration.poster.cafe_at_poster import CafeAtPoster, link, open_cafe
from tests.integration.poster.connecting import connect, make_business
from tests.integration.poster.poster_beside import PosterBeside

from incust.businesses.tenancy import in_business
from incust.messaging.outbox import handle
from incust.poster import compare_account as module
from incust.poster import list_of_receipts
from incust.poster import reconcile_receipt as reconciling
from incust.poster.api_client import PosterApi
from incust.poster.compare_account import Compared, compare_account
from incust.poster.models import Receipt, ReceiptRun
from incust.poster.problems import PosterUnavailable
from incust.poster.tasks import queue_comparisons
from incust.poster.transaction import Transaction

KYIV = ZoneInfo("Europe/Kyiv")
EARNED = 1025


def tomorrow(hour: int = 12) -> datetime:
    """The receipts of these tests are of yesterday then, and the till is not waited for."""
    day = timezone.now().astimezone(KYIV) + timedelta(days=1)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


@pytest.fixture
def cafe(committed_database: str, poster: PosterBeside) -> CafeAtPoster:
    """The night has been compared already."""
    opened = open_cafe(poster)
    with in_business(opened.business.id):
        ReceiptRun.objects.create(
            business=opened.business, till_account=opened.account, night_of=tomorrow().date()
        )  # fmt: skip
    return opened


def compare(cafe: CafeAtPoster, *, at: datetime | None = None) -> Compared:
    return compare_account(cafe.business.id, cafe.account.id, now=at or tomorrow())


def run_of(cafe: CafeAtPoster) -> ReceiptRun:
    with in_business(cafe.business.id):
        return ReceiptRun.objects.get(till_account=cafe.account)


def verdicts(cafe: CafeAtPoster) -> dict[str, str]:
    with in_business(cafe.business.id):
        return dict(Receipt.objects.order_by("id").values_list("transaction_id", "verdict"))


def test_receipts_of_an_hour_of_silence_are_found_at_both_locations(cafe: CafeAtPoster) -> None:
    guest = cafe.guest()
    with in_business(cafe.business.id):
        link(cafe.business, cafe.account, "Station", "2", "3")
    sold = [cafe.sell(), cafe.sell(tablet=3), cafe.sell(clientId=0)]
    assert compare(cafe) == Compared(looked=2, finished=True)
    assert verdicts(cafe) == {
        str(one["orderName"]): verdict for one, verdict in zip(sold, ("accrued", "accrued", "no-guest"), strict=True)
    }
    assert cafe.balance_minor(guest) == 2 * EARNED
    assert cafe.rows("SELECT spot FROM checks.check ORDER BY id") == [("1",), ("2",)]
    assert cafe.books_agree()


def test_the_next_run_finds_nothing_to_do(cafe: CafeAtPoster) -> None:
    guest = cafe.guest()
    cafe.sell()
    cafe.sell(clientId=0)
    compare(cafe)
    assert compare(cafe) == Compared(looked=0, finished=True)
    assert cafe.balance_minor(guest) == EARNED
    assert run_of(cafe).open_from == tomorrow().date()


def test_what_the_till_reported_matches(cafe: CafeAtPoster) -> None:
    guest, sold = cafe.guest(), cafe.sell(clientId=0)
    cafe.report({**sold, "orderName": ""}, guest)
    compare(cafe)
    assert verdicts(cafe) == {str(sold["orderName"]): "matched"}
    assert cafe.balance_minor(guest) == EARNED


def test_a_receipt_that_changed_without_a_word_is_looked_at_again(cafe: CafeAtPoster) -> None:
    guest, sold = cafe.guest(), cafe.sell()
    compare(cafe)
    cafe.give_back(sold, "0", 1)
    with in_business(cafe.business.id):
        ReceiptRun.objects.update(open_from=None)
    assert compare(cafe).looked == 1
    assert verdicts(cafe) == {str(sold["orderName"]): "corrected"}
    assert cafe.balance_minor(guest) == EARNED - 375


def test_a_receipt_that_was_deleted_without_a_word_is_reversed(cafe: CafeAtPoster) -> None:
    guest, sold = cafe.guest(), cafe.sell()
    compare(cafe)
    cafe.delete(sold)
    with in_business(cafe.business.id):
        ReceiptRun.objects.update(open_from=None)
        # At noon: of the first hour of the first day only the night's list of removed ones tells.
        Receipt.objects.update(looked_at=timezone.now(), closed_at=tomorrow() - timedelta(days=1))
    compare(cafe)
    assert verdicts(cafe) == {str(sold["orderName"]): "reversed"}
    assert cafe.balance_minor(guest) == 0


def test_the_night_looks_at_guests_receipts_once_more_and_at_deleted_ones(cafe: CafeAtPoster) -> None:
    guest, kept, deleted = cafe.guest(), cafe.sell(), cafe.sell()
    cafe.report(deleted, guest)
    cafe.delete(deleted)
    cafe.look(kept)
    with in_business(cafe.business.id):
        ReceiptRun.objects.update(night_of=None)
    assert compare(cafe, at=tomorrow(hour=3)).looked == 0
    assert run_of(cafe).night_of is None
    assert cafe.balance_minor(guest) == 2 * EARNED
    assert compare(cafe, at=tomorrow(hour=5)).looked == 2
    assert run_of(cafe).night_of == tomorrow().date()
    assert verdicts(cafe) == {str(kept["orderName"]): "accrued", str(deleted["orderName"]): "reversed"}
    assert cafe.balance_minor(guest) == EARNED


def test_pages_are_read_to_the_end(cafe: CafeAtPoster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_of_receipts, "PER_PAGE", 2)
    sold = [cafe.sell(clientId=0) for _receipt in range(5)]
    compare(cafe)
    assert list(verdicts(cafe)) == [str(one["orderName"]) for one in sold]


def test_a_day_that_does_not_fit_one_run_is_done_by_several(
    cafe: CafeAtPoster, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold = [str(cafe.sell(clientId=0)["orderName"]) for _receipt in range(5)]
    monkeypatch.setattr(list_of_receipts, "PER_PAGE", 2)
    time_for = iter([True])  # one page of three
    monkeypatch.setattr(module._Comparison, "_in_time", lambda _run: next(time_for, False))
    assert compare(cafe) == Compared(looked=0, finished=False)
    first = set(verdicts(cafe))
    assert len(first) == 2
    run = run_of(cafe)
    assert (run.open_from, run.open_page) == (tomorrow().date() - timedelta(days=1), 2)
    assert (run.finished_at, run.fault, run.failures) == (None, None, 0), "nobody is told that all was compared"
    time_for = iter([True] * 3)
    assert compare(cafe) == Compared(looked=0, finished=True)
    assert set(verdicts(cafe)) == set(sold)
    run = run_of(cafe)
    assert (run.open_from, run.open_page, run.finished_at) == (tomorrow().date(), 1, tomorrow())


def test_a_run_whose_time_is_up_goes_on_with_the_next(cafe: CafeAtPoster, monkeypatch: pytest.MonkeyPatch) -> None:
    guest = cafe.guest()
    cafe.sell()
    monkeypatch.setattr(module, "BUDGET_S", 0.0)
    assert compare(cafe) == Compared(looked=0, finished=False)
    assert run_of(cafe).open_from is None
    monkeypatch.undo()
    assert compare(cafe) == Compared(looked=1, finished=True)
    assert cafe.balance_minor(guest) == EARNED


def test_an_outage_of_poster_is_noted_and_made_up_for(cafe: CafeAtPoster) -> None:
    guest = cafe.guest()
    cafe.sell()
    cafe.poster.weather(web_api="down")
    at = tomorrow()
    compare(cafe, at=at)
    compare(cafe, at=at)
    assert (run_of(cafe).failures, run_of(cafe).fault["code"]) == (2, "poster-unavailable")
    assert run_of(cafe).next_at == at + timedelta(minutes=6)
    cafe.poster.weather(web_api="up")
    compare(cafe)
    assert (run_of(cafe).failures, run_of(cafe).fault) == (0, None)
    assert cafe.balance_minor(guest) == EARNED


def unreadable(monkeypatch: pytest.MonkeyPatch, *sold: dict[str, Any]) -> None:
    """Poster's answer about these is nothing that we can read."""
    numbers, read = {str(one["orderName"]) for one in sold}, reconciling.read_transaction

    def read_others(api: PosterApi, transaction_id: str) -> Transaction:
        if transaction_id in numbers:
            raise PosterUnavailable
        return read(api, transaction_id)

    monkeypatch.setattr(reconciling, "read_transaction", read_others)


def test_receipts_that_fail_stop_neither_the_others_nor_the_night(
    cafe: CafeAtPoster, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest, bad = cafe.guest(), [cafe.sell() for _receipt in range(5)]
    good = cafe.sell()
    with in_business(cafe.business.id):
        ReceiptRun.objects.update(night_of=None)
    unreadable(monkeypatch, *bad)
    assert compare(cafe) == Compared(looked=7, finished=True)  # by the night, the good one twice
    assert verdicts(cafe) == {str(one["orderName"]): "waiting" for one in bad} | {str(good["orderName"]): "accrued"}
    assert cafe.codes(bad[0]) == ["poster-unavailable"]
    run = run_of(cafe)
    assert (run.failures, run.fault, run.night_of) == (0, None, tomorrow().date())
    with in_business(cafe.business.id):
        failed = Receipt.objects.get(transaction_id=str(bad[0]["orderName"]))
    assert failed.look_again_at == tomorrow() + timedelta(minutes=3)
    assert (failed.closed_at is not None, failed.location) == (True, "1")
    assert compare(cafe, at=tomorrow() + timedelta(minutes=2)).looked == 0
    assert compare(cafe, at=tomorrow() + timedelta(minutes=3)).looked == 5
    monkeypatch.undo()
    assert compare(cafe, at=tomorrow() + timedelta(minutes=6)) == Compared(looked=5, finished=True)
    assert cafe.balance_minor(guest) == 6 * EARNED
    with in_business(cafe.business.id):
        assert not Receipt.objects.exclude(failing_since=None, look_again_at=None).exists()


def test_a_receipt_that_fails_for_days_is_given_up(cafe: CafeAtPoster, monkeypatch: pytest.MonkeyPatch) -> None:
    cafe.guest()
    unreadable(monkeypatch, cafe.sell())
    compare(cafe)
    compare(cafe, at=tomorrow() + timedelta(hours=9))
    with in_business(cafe.business.id):
        assert Receipt.objects.get().look_again_at == tomorrow() + timedelta(hours=10)
    compare(cafe, at=tomorrow() + timedelta(hours=72))
    with in_business(cafe.business.id):
        row = Receipt.objects.get()
        assert (row.look_again_at, row.failing_since, row.verdict) == (None, tomorrow(), "waiting")


def test_comparisons_do_not_pile_up_while_one_waits(cafe: CafeAtPoster) -> None:
    at = timezone.now()
    other, _owner = make_business("Piekarnia", email="owner@piekarnia.example")
    connect(cafe.poster, other, "second-cafe")
    assert [queue_comparisons(now=at + timedelta(minutes=4 * run)) for run in range(4)] == [2, 0, 0, 0]
    (event_id,) = (row[0] for row in cafe.rows("SELECT id FROM messaging.outbox WHERE topic = 'poster-compare'"))
    handle(cafe.business.id, event_id)
    assert queue_comparisons(now=at + timedelta(minutes=16)) == 1
    cafe.rows("UPDATE messaging.outbox SET failed_at = now() WHERE topic = 'poster-compare' RETURNING id")
    assert queue_comparisons(now=at + timedelta(minutes=20)) == 1  # the given up one is done


def test_a_run_leaves_the_account_to_the_one_that_is_at_it(cafe: CafeAtPoster) -> None:
    guest = cafe.guest()
    cafe.sell()
    with in_business(cafe.business.id):
        ReceiptRun.objects.update(claimed_until=timezone.now() + timedelta(seconds=60))
    assert compare(cafe) == Compared(looked=0, finished=False)
    assert (run_of(cafe).finished_at, verdicts(cafe)) == (None, {})
    assert run_of(cafe).claimed_until is not None
    with in_business(cafe.business.id):
        ReceiptRun.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))  # it was killed
    assert compare(cafe) == Compared(looked=1, finished=True)
    assert run_of(cafe).claimed_until is None
    assert cafe.balance_minor(guest) == EARNED


def test_a_run_that_fails_gives_the_account_back(cafe: CafeAtPoster) -> None:
    cafe.poster.weather(web_api="down")
    compare(cafe)
    assert (run_of(cafe).failures, run_of(cafe).claimed_until) == (1, None)


def test_a_revoked_token_delays_no_other_account(cafe: CafeAtPoster, poster: PosterBeside) -> None:
    guest = cafe.guest()
    cafe.sell()
    other, _owner = make_business("Piekarnia", email="owner@piekarnia.example")
    connect(poster, other, "second-cafe")
    poster.sign_in("second-cafe")
    poster.post_form("/second-cafe/manage/installed/4242/expire-token", page="/second-cafe/manage/installed")
    at = timezone.now() + timedelta(minutes=5)
    assert queue_comparisons(now=at) == 2
    assert queue_comparisons(now=at) == 0  # not again before its time
    for business_id in (other.id, cafe.business.id):
        with in_business(business_id), connection.cursor() as cursor:
            cursor.execute("SELECT id FROM messaging.outbox WHERE topic = 'poster-compare'")
            (event_id,) = (row[0] for row in cursor.fetchall())
        handle(business_id, event_id)
    with in_business(other.id):
        run = ReceiptRun.objects.get()
        assert (run.failures, run.fault["code"]) == (1, "poster-token-refused")
    assert list(verdicts(cafe).values()) == ["waiting"]  # its register has the first word
    compare(cafe)
    assert cafe.balance_minor(guest) == EARNED


def test_a_disconnected_account_is_left_alone(cafe: CafeAtPoster) -> None:
    cafe.account.connected = False
    with in_business(cafe.business.id):
        cafe.account.save()
    assert queue_comparisons(now=timezone.now()) == 0


def test_what_waits_for_the_owner_is_not_asked_about_every_time(cafe: CafeAtPoster) -> None:
    cafe.guest()
    sold = cafe.sell(tablet=3)
    assert compare(cafe).looked == 1
    with in_business(cafe.business.id):
        Receipt.objects.update(looked_at=tomorrow())
        ReceiptRun.objects.update(open_from=None)
    assert compare(cafe).looked == 0
    assert verdicts(cafe) == {str(sold["orderName"]): "waiting"}
    with in_business(cafe.business.id):
        ReceiptRun.objects.update(open_from=None)
    assert compare(cafe, at=tomorrow(hour=14)).looked == 1
