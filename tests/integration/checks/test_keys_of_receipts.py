"""By which keys a receipt, a request and a lapsed reservation are found, and by which they are not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, transaction

from incust.businesses.models import TillAccount
from incust.businesses.tenancy import in_business
from incust.checks.cancel import CancelCheck, CancelledCheck, cancel_check
from incust.checks.models import Verification
from incust.customers.problems import IdempotencyMismatch
from incust.engine.program import Confirmation

from .factories import NOON, Cafe, a_cafe, a_check, leave_business, rules

pytestmark = pytest.mark.django_db
A_MOMENT = timedelta(microseconds=1)


@pytest.fixture
def cafe() -> Cafe:
    return a_cafe(program=rules(confirmation=Confirmation.NEVER))


class TestReceipts:
    @pytest.fixture
    def account(self, cafe: Cafe) -> int:
        with in_business(cafe.business_id):
            return TillAccount.objects.get().pk

    def found(self, cafe: Cafe, account: int | None, start: str, transaction_id: str, number: int | None = None) -> Any:
        """As the register of spot 1 asks, or the till with the key."""
        [(check,)] = cafe.rows(
            "SELECT (checks.lock_check(%s, %s, '1', %s, %s, %s, %s)).id",
            cafe.business_id, account, cafe.terminal_id, start, transaction_id, number,
        )  # fmt: skip
        return check

    def paid(self, cafe: Cafe, start: str, transaction_id: str = "") -> int:
        check = a_check(9000, external_id=start, transaction_id=transaction_id)
        return cafe.guest().finalize(check, caller=cafe.register()).check_id

    def test_those_of_poster_by_their_start_before_their_transaction(self, cafe: Cafe, account: int) -> None:
        first, second = self.paid(cafe, "1", "T1"), self.paid(cafe, "2", "T2")
        assert self.found(cafe, account, "1", "T1") == first
        assert self.found(cafe, account, "1", "T2") == first
        assert self.found(cafe, account, "1", "T3") == first
        assert self.found(cafe, account, "1", "") == first
        assert self.found(cafe, account, "3", "T2") == second
        assert self.found(cafe, account, "3", "T3") is None
        assert self.found(cafe, account, "3", "") is None

    def test_our_number_finds_only_what_the_till_calls_the_same(self, cafe: Cafe, account: int) -> None:
        at_register = self.paid(cafe, "1", "T1")
        at_key = cafe.guest().finalize(a_check(9000, external_id="1")).check_id
        assert self.found(cafe, None, "1", "") == at_key
        assert self.found(cafe, None, "1", "", at_register) == at_key
        assert self.found(cafe, None, "1", "", 10**12) == at_key
        assert self.found(cafe, account, "1", "", at_key) == at_register
        assert self.found(cafe, account, "2", "", at_key) is None
        assert self.found(cafe, None, "2", "", at_key) is None
        assert self.found(cafe, None, "2", "T1") is None
        with in_business(cafe.business_id):
            cafe.terminal_id += 1  # The till moved to another terminal meanwhile.
        assert self.found(cafe, None, "1", "") is None
        assert self.found(cafe, None, "1", "", at_key) == at_key

    def test_a_transaction_is_taken_by_another_check_of_the_account(self, cafe: Cafe, account: int) -> None:
        check, without = self.paid(cafe, "1", "T1"), self.paid(cafe, "2")

        def taken(of_account: int | None, transaction_id: str, except_check: int) -> Any:
            [(answer,)] = cafe.rows(
                "SELECT checks.transaction_is_taken(%s, %s, %s, %s)",
                cafe.business_id, of_account, transaction_id, except_check,
            )  # fmt: skip
            return answer

        assert taken(account, "T1", without) is True
        assert taken(account, "T1", check) is False
        assert taken(account, "T2", without) is False
        assert taken(account, "", check) is False
        assert taken(account + 1, "T1", without) is False

    def test_an_evaluation_knows_the_receipt_by_the_same_keys(self, cafe: Cafe, account: int) -> None:
        guest = cafe.guest(1000)
        guest.reserve(a_check(9000, external_id="1"), 100)
        guest.finalize(a_check(9000, external_id="2"))
        guest.reserve(a_check(9000, external_id="3"), 200, caller=cafe.register())

        def status(of_account: int | None, spot: str, start: str, terminal: int = cafe.terminal_id) -> Any:
            [(answer,)] = cafe.rows(
                "SELECT checks.evaluation_context(%s, %s, %s, %s, 'UAH', %s, NULL, %s, %s)->>'check_status'",
                cafe.business_id, terminal, of_account, spot, guest.id, start, NOON,
            )  # fmt: skip
            return answer

        assert [status(None, "", start) for start in "1234"] == ["reserved", "finalized", None, None]
        assert [status(account, "1", start) for start in "1234"] == [None, None, "reserved", None]
        assert status(account, "2", "3") is None
        assert status(account + 1, "1", "3") is None
        assert status(None, "", "1", cafe.terminal_id + 1) is None


class TestRequests:
    def store(self, cafe: Cafe, key: str, at: datetime = NOON) -> None:
        cafe.rows("SELECT checks.store_answer(%s, %s, %s, '00', '{}', %s)", cafe.business_id, cafe.terminal_id, key, at)

    def test_who_is_second_with_a_key_starts_over(self, cafe: Cafe) -> None:
        self.store(cafe, "a")
        with pytest.raises(OperationalError, match="another request with the key a was quicker"), transaction.atomic():
            self.store(cafe, "a")
        self.store(cafe, "b")

    def test_keys_older_than_told_are_forgotten(self, cafe: Cafe) -> None:
        for key, at in (("old", NOON - A_MOMENT), ("new", NOON)):
            self.store(cafe, key, at)
        assert cafe.rows("SELECT checks.prune_idempotency_keys(%s)", NOON) == [(1,)]
        assert cafe.rows("SELECT key FROM customers.stored_answer") == [("new",)]


class TestCancelling:
    def test_an_equal_request_is_answered_the_same_and_another_is_refused(self, cafe: Cafe) -> None:
        guest = cafe.guest(1000)
        first, second = (guest.reserve(a_check(9000, external_id=n), 100).check_id for n in ("1", "2"))
        caller = cafe.caller("once")
        done = cancel_check(CancelCheck(caller=caller, check_id=first), now=NOON)
        assert done == CancelledCheck(check_id=first, status="cancelled", replayed=False)
        again = cancel_check(CancelCheck(caller=caller, check_id=first), now=NOON)
        assert again == CancelledCheck(check_id=first, status="cancelled", replayed=True)
        with pytest.raises(IdempotencyMismatch):
            cancel_check(CancelCheck(caller=caller, check_id=second), now=NOON)
        assert guest.balance == (1000, 900)

    def test_a_second_cancellation_changes_nothing(self, cafe: Cafe) -> None:
        guest = cafe.guest(1000)
        check_id = guest.reserve(a_check(9000), 100).check_id
        guest.reserve(a_check(9000, external_id="other"), 200)
        row = "SELECT status, hold_id, hold_expires_at, confirmed_minor FROM checks.check WHERE id = %s"
        for _ in range(2):
            cancel_check(CancelCheck(caller=cafe.caller(), check_id=check_id), now=NOON)
            assert cafe.rows(row, check_id) == [("cancelled", None, None, 0)]
            assert guest.balance == (1000, 800)

    def test_what_nobody_knows_is_cancelled_already(self, cafe: Cafe) -> None:
        nothing = CancelledCheck(check_id=None, status="cancelled", replayed=False)
        assert cancel_check(CancelCheck(caller=cafe.caller(), external_id="none"), now=NOON) == nothing
        assert cancel_check(CancelCheck(caller=cafe.caller(), check_id=10**12), now=NOON) == nothing


class TestLapsing:
    def lapses(self, cafe: Cafe, check: int, at: datetime) -> Any:
        [(recorded,)] = cafe.rows("SELECT checks.expire(%s, %s, %s)", cafe.business_id, check, at)
        return recorded

    def test_at_its_last_instant_once_and_alone(self, cafe: Cafe) -> None:
        guest = cafe.guest(1000)
        first, second = (guest.reserve(a_check(9000, external_id=n), 100).check_id for n in ("1", "2"))
        [(end,)] = cafe.rows("SELECT DISTINCT hold_expires_at FROM checks.check")
        assert self.lapses(cafe, first, end - A_MOMENT) is False
        assert [self.lapses(cafe, first, end) for _ in range(2)] == [True, False]
        assert cafe.rows("SELECT id, status FROM checks.check ORDER BY id") == [
            (first, "expired"), (second, "reserved"),
        ]  # fmt: skip
        cancel_check(CancelCheck(caller=cafe.caller(), check_id=second), now=NOON)
        assert self.lapses(cafe, second, end) is False

    def test_they_come_in_pages_oldest_first(self, cafe: Cafe) -> None:
        guest = cafe.guest(1000)
        minutes = {"1": 5, "2": 0, "3": 5, "4": 9}
        ids = {
            n: guest.reserve(a_check(9000, external_id=n), 100, now=NOON + timedelta(minutes=m)).check_id
            for n, m in minutes.items()
        }
        cancelled = guest.reserve(a_check(9000, external_id="5"), 100).check_id
        cafe.rows("UPDATE checks.check SET status = 'cancelled' WHERE id = %s RETURNING id", cancelled)
        end = NOON + timedelta(minutes=35)

        def page(at: datetime, after: Any = "-infinity", check: int = 0, most: int = 9) -> list[int]:
            found = cafe.rows("SELECT check_id FROM checks.lapsed_reservations(%s, %s, %s, %s)", at, after, check, most)
            return [check for (check,) in found]

        assert page(end) == [ids["2"], ids["1"], ids["3"]]
        assert page(end - A_MOMENT) == [ids["2"]]
        assert page(end, most=2) == [ids["2"], ids["1"]]
        assert page(end, end, ids["1"]) == [ids["3"]]
        assert page(end, end, ids["3"]) == []


def test_the_newest_comparison_of_each_business_counts(cafe: Cafe) -> None:
    other, third, never = a_cafe("tea"), a_cafe("juice"), a_cafe("bakery")
    for verified, days_ago, differences in (
        (cafe, 9, 4), (cafe, 1, 0), (other, 2, 3), (other, 8, 0), (third, 1, 1), (third, 9, 0),
    ):  # fmt: skip
        with in_business(verified.business_id):
            at = NOON - timedelta(days=days_ago)
            Verification.objects.create(
                business_id=verified.business_id, started_at=at, finished_at=at, differences=differences, examples=[]
            )
    leave_business()
    assert cafe.rows("SELECT * FROM checks.verification_summary()") == [(NOON - timedelta(days=2), 1, 2)]
    asked = "SELECT b FROM checks.businesses_to_verify(%s) b"
    due = [business for (business,) in cafe.rows(asked, NOON - timedelta(days=1))]
    assert (cafe.business_id in due, other.business_id in due, never.business_id in due) == (False, True, True)
    due = [business for (business,) in cafe.rows(asked, NOON - timedelta(days=1) + A_MOMENT)]
    assert (cafe.business_id in due, third.business_id in due) == (True, True)


def test_a_correction_for_nobody_is_refused(cafe: Cafe) -> None:
    cafe.guest()
    ask = (
        f'{{"business_id": {cafe.business_id}, "customer_id": 1000000, "currency": "UAH", "kind": "gift",'
        ' "amount_minor": 5, "reason": "birthday", "actor": "user:1", "number": 9, "now": "2026-09-01"}'
    )
    with pytest.raises(DatabaseError, match="customer-unknown"), transaction.atomic():
        cafe.rows("SELECT checks.correct_balance(%s::jsonb)", ask)
