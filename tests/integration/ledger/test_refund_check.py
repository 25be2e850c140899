"""Given a posted check, when it is refunded, then these entries, and lots as they were before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from .factories import NOON, Ledger, a_ledger

pytestmark = pytest.mark.django_db

SOON, LATE, LAST = date(2026, 9, 10), date(2026, 10, 10), date(2026, 11, 10)
AFTER_SOON = datetime(2026, 9, 11, tzinfo=UTC)

ENTRIES = (
    "SELECT e.system_account, e.amount_minor, e.account_version, e.balance_after_minor FROM ledger.entry e "
    "JOIN ledger.posting p ON p.id = e.posting_id WHERE p.kind = 'refund' AND p.cause_id = %s ORDER BY e.id"
)
LOTS = "SELECT expires_on, remaining_minor FROM ledger.lot ORDER BY expires_on"


@dataclass
class Refunds:
    """Refunds of one check; remembers what went back, as the checks' room does."""

    ledger: Ledger
    check: int
    number: int = 0
    returned: int = 0
    expired: int = 0

    def refund(
        self, give: int = 0, take: int = 0, unbacked: int = 0, debt_max: int = 0, at: datetime = NOON
    ) -> tuple[int, int, int, int]:
        """(taken, expired, absorbed, balance)."""
        self.number += 1
        row = self.ledger.run(
            "SELECT taken_minor, expired_minor, absorbed_minor, balance_minor FROM ledger.refund_check("
            "%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'test', %s, %s)",
            self.ledger.business_id, self.ledger.account_id, self.number, self.check, self.returned, give, unbacked,
            take, self.expired, debt_max, at, at,
        )  # fmt: skip
        self.returned += give
        self.expired += row[1]
        return row  # type: ignore[no-any-return]


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger()


def all_is_well(ledger: Ledger) -> bool:
    return ledger.rows("SELECT * FROM ledger.verify(%s)", ledger.business_id) == []


class TestEntries:
    def test_one_posting_gives_and_takes(self, ledger: Ledger) -> None:
        ledger.post(credits=[1000])
        ledger.post(redeem_minor=400, credits=[60])
        assert Refunds(ledger, check=2).refund(give=400, take=60) == (60, 0, 0, 1000)
        assert ledger.rows(ENTRIES, 1) == [
            (None, 400, 4, 1060), (None, -60, 5, 1000), ("redeemed", -400, None, None), ("issued", 60, None, None),
        ]  # fmt: skip
        assert all_is_well(ledger)

    def test_what_comes_back_can_be_taken(self, ledger: Ledger) -> None:
        ledger.post(credits=[400])
        ledger.post(redeem_minor=400, credits=[60])
        ledger.post(redeem_minor=60)
        assert Refunds(ledger, check=2).refund(give=400, take=60) == (60, 0, 0, 340)
        assert all_is_well(ledger)

    def test_what_was_unbacked_leaves_the_account_alone(self, ledger: Ledger) -> None:
        ledger.post(redeem_minor=400)
        assert Refunds(ledger, check=1).refund(unbacked=400) == (0, 0, 0, 0)
        assert ledger.rows(ENTRIES, 1) == [("redeemed", -400, None, None), ("unbacked", 400, None, None)]
        assert all_is_well(ledger)

    def test_taking_alone_gets_the_next_version(self, ledger: Ledger) -> None:
        ledger.post(credits=[60])
        assert Refunds(ledger, check=1).refund(take=60) == (60, 0, 0, 0)
        assert ledger.rows(ENTRIES, 1) == [(None, -60, 2, 0), ("issued", 60, None, None)]

    def test_what_moves_nothing_posts_nothing(self, ledger: Ledger) -> None:
        ledger.post(credits=[60])
        ledger.post(redeem_minor=60)
        assert Refunds(ledger, check=1).refund(take=60) == (0, 0, 60, 0)
        assert ledger.rows("SELECT count(*) FROM ledger.posting WHERE kind = 'refund'") == [(0,)]
        assert all_is_well(ledger)


class TestLotsComeBack:
    """Balance before: 50 until SOON, 30 until LATE, 20 for ever; the check took 90 of them."""

    @pytest.fixture
    def refunds(self, ledger: Ledger) -> Refunds:
        ledger.post(credits=[30, 50, 20], expire_on=[LATE, SOON, None])
        ledger.post(redeem_minor=90)
        assert ledger.rows(LOTS) == [(SOON, 0), (LATE, 0)]
        return Refunds(ledger, check=2)

    def test_whole_as_they_were(self, refunds: Refunds) -> None:
        refunds.refund(give=90)
        assert refunds.ledger.rows(LOTS) == [(SOON, 50), (LATE, 30)]
        assert refunds.ledger.balance() == (100, 100)
        assert all_is_well(refunds.ledger)

    def test_in_parts_what_was_spent_last_comes_first(self, refunds: Refunds) -> None:
        seen = []
        for give in (10, 5, 20, 15, 40):
            refunds.refund(give=give)
            seen.append([remaining for _day, remaining in refunds.ledger.rows(LOTS)])
        assert seen == [[0, 0], [0, 5], [0, 25], [10, 30], [50, 30]]
        assert refunds.ledger.rows(
            "SELECT amount_minor, count(*) FROM ledger.lot_spend GROUP BY 1 ORDER BY 1"
        ) == [(-40, 1), (-20, 1), (-10, 1), (-5, 2), (30, 1), (50, 1)]  # fmt: skip
        assert all_is_well(refunds.ledger)

    def test_what_is_past_its_date_expires_at_once(self, refunds: Refunds) -> None:
        assert refunds.refund(give=90, at=AFTER_SOON) == (0, 0, 0, 50)
        assert refunds.ledger.rows(LOTS) == [(SOON, 0), (LATE, 30)]
        assert refunds.ledger.rows(
            "SELECT p.kind, e.amount_minor, e.balance_after_minor FROM ledger.entry e"
            " JOIN ledger.posting p ON p.id = e.posting_id WHERE e.account_id IS NOT NULL ORDER BY e.account_version"
        )[-2:] == [("refund", 90, 100), ("expiry", -50, 50)]
        assert all_is_well(refunds.ledger)

    def test_a_debt_is_repaid_with_what_would_expire_soonest(self, refunds: Refunds) -> None:
        refunds.ledger.post(credits=[10])
        refunds.ledger.post(redeem_minor=20)
        Refunds(refunds.ledger, check=3, number=10).refund(take=10, debt_max=100)
        assert refunds.ledger.balance() == (-10, -10)
        refunds.refund(give=5)
        assert refunds.ledger.balance() == (-5, -5)
        refunds.refund(give=85)
        assert refunds.ledger.rows(LOTS) == [(SOON, 45), (LATE, 30)]
        assert refunds.ledger.balance() == (80, 80)
        assert all_is_well(refunds.ledger)


class TestTakingBack:
    def test_from_the_checks_own_lots_first(self, ledger: Ledger) -> None:
        ledger.post(credits=[40], expire_on=[SOON])
        ledger.post(credits=[30, 20], expire_on=[LAST, LATE])
        assert Refunds(ledger, check=2).refund(take=45) == (45, 0, 0, 45)
        assert ledger.rows(LOTS) == [(SOON, 40), (LATE, 0), (LAST, 5)]
        assert all_is_well(ledger)

    def test_then_like_any_spend(self, ledger: Ledger) -> None:
        ledger.post(credits=[40, 100], expire_on=[LATE, None])
        ledger.post(credits=[30], expire_on=[SOON])
        ledger.post(redeem_minor=30)
        ledger.post(credits=[15], expire_on=[LAST])
        assert Refunds(ledger, check=2).refund(take=30) == (30, 0, 0, 125)
        assert ledger.rows(LOTS) == [(SOON, 0), (LATE, 10), (LAST, 15)]

    def test_points_that_never_expire_come_last(self, ledger: Ledger) -> None:
        ledger.post(credits=[40, 100], expire_on=[LATE, None])
        ledger.post(credits=[60])
        assert Refunds(ledger, check=2).refund(take=60) == (60, 0, 0, 140)
        assert ledger.rows(LOTS) == [(LATE, 0)]
        assert all_is_well(ledger)

    def test_what_expired_is_not_taken_again(self, ledger: Ledger) -> None:
        ledger.post(credits=[1000])
        ledger.post(credits=[30, 20], expire_on=[SOON, None])
        refunds = Refunds(ledger, check=2)
        assert refunds.refund(take=25, at=AFTER_SOON) == (0, 25, 0, 1020)
        assert refunds.refund(take=25, at=AFTER_SOON) == (20, 5, 0, 1000)
        assert all_is_well(ledger)

    def test_what_was_spent_before_it_could_expire_is_taken(self, ledger: Ledger) -> None:
        ledger.post(credits=[1000])
        ledger.post(credits=[30], expire_on=[SOON])
        ledger.post(redeem_minor=20)
        assert Refunds(ledger, check=2).refund(take=30, at=AFTER_SOON) == (20, 10, 0, 980)

    def test_what_others_let_expire_does_not_count(self, ledger: Ledger) -> None:
        ledger.post(credits=[30], expire_on=[SOON])
        ledger.post(credits=[50], expire_on=[LATE])
        assert Refunds(ledger, check=2).refund(take=50, at=AFTER_SOON) == (50, 0, 0, 0)

    def test_held_points_stay(self, ledger: Ledger) -> None:
        ledger.post(credits=[100])
        ledger.hold(70)
        assert Refunds(ledger, check=1).refund(take=100) == (30, 0, 70, 70)
        assert ledger.balance() == (70, 0)


class TestDebt:
    def test_the_account_remembers_the_limit_it_needed(self, ledger: Ledger) -> None:
        ledger.post(credits=[100])
        ledger.post(redeem_minor=90)
        assert Refunds(ledger, check=1).refund(take=100, debt_max=50) == (60, 0, 40, -50)
        assert ledger.rows("SELECT debt_limit_minor FROM ledger.account") == [(50,)]
        assert all_is_well(ledger)

    def test_and_none_where_it_needed_none(self, ledger: Ledger) -> None:
        ledger.post(credits=[100])
        Refunds(ledger, check=1).refund(take=100, debt_max=50)
        assert ledger.rows("SELECT debt_limit_minor FROM ledger.account") == [(0,)]

    def test_holds_and_debt_together_stay_within_the_limit(self, ledger: Ledger) -> None:
        ledger.post(credits=[100, 200])
        held, hold, _ = ledger.hold(280, check=9)
        assert held
        assert Refunds(ledger, check=1).refund(take=300, debt_max=50) == (70, 0, 230, 230)
        assert ledger.post(redeem_minor=280, hold=hold, check=9) == (280, 0, -50)
        assert all_is_well(ledger)

    def test_a_lower_limit_takes_no_more(self, ledger: Ledger) -> None:
        ledger.post(credits=[100])
        ledger.post(redeem_minor=100)
        refunds = Refunds(ledger, check=1)
        refunds.refund(take=40, debt_max=40)
        assert refunds.refund(take=60, debt_max=30) == (0, 0, 60, -40)
        assert ledger.rows("SELECT debt_limit_minor FROM ledger.account") == [(40,)]

    def test_a_credit_repays_it_before_it_forms_a_lot(self, ledger: Ledger) -> None:
        ledger.post(credits=[100])
        ledger.post(redeem_minor=100)
        Refunds(ledger, check=1).refund(take=100, debt_max=100)
        ledger.post(credits=[30, 90], expire_on=[SOON, LATE])
        assert ledger.rows(LOTS) == [(LATE, 20)]
        assert ledger.balance(NOON + timedelta(days=100)) == (0, 0)
        assert all_is_well(ledger)
