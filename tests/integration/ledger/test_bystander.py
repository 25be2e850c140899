"""Whatever is posted on one account, nothing of another guest's moves; not even what of his has lapsed meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from incust.businesses.tenancy import in_business
from incust.customers.models import Customer

from .factories import NOON, UNIT, Ledger, a_ledger
from .test_refund_check import Refunds

SOON, LATER = date(2026, 9, 10), date(2026, 11, 1)
AFTER_SOON = datetime(2026, 9, 12, tzinfo=NOON.tzinfo)
HIS = {
    "account": "id = %s",
    "entry": "account_id = %s",
    "lot": "account_id = %s",
    "lot_spend": "account_id = %s",
    "hold": "account_id = %s",
}


def another_guest(ledger: Ledger) -> Ledger:
    """With an account in the same business: points that end soon, later and never, some spent, some held."""
    with in_business(ledger.business_id):
        customer = Customer.objects.create(business_id=ledger.business_id, name="Petro", created_at=NOON)
    opened = ledger.run("SELECT ledger.open_account(%s, %s, %s, %s)", ledger.business_id, customer.pk, UNIT, NOON)
    guest = replace(ledger, customer_id=customer.pk, account_id=opened[0])
    guest.post(credits=[40, 300, 200], expire_on=[SOON, LATER, None], check=801)
    guest.post(redeem_minor=10, check=802)
    guest.hold(50, check=803)
    return guest


def all_of(guest: Ledger) -> dict[str, list[Any]]:
    return {
        table: guest.rows(f"SELECT * FROM ledger.{table} WHERE {of_him} ORDER BY id", guest.account_id)
        for table, of_him in HIS.items()
    }


@pytest.fixture
def ledger(db: None) -> Ledger:
    ledger = a_ledger()
    ledger.post(credits=[30, 100, 500], expire_on=[SOON, LATER, None], check=1)
    ledger.post(redeem_minor=60, check=2)
    return ledger


@pytest.fixture
def bystander(ledger: Ledger) -> Ledger:
    return another_guest(ledger)


def correct(ledger: Ledger, number: int, amount_minor: int) -> None:
    ledger.run(
        "SELECT ledger.post_correction(%s, %s, 'correction', %s, %s, 'a mistake', 'user:1', %s)",
        ledger.business_id, ledger.account_id, number, amount_minor, NOON,
    )  # fmt: skip


def capture(ledger: Ledger) -> None:
    _, hold, _ = ledger.hold(100, check=3)
    ledger.post(redeem_minor=70, credits=[20], expire_on=[LATER], hold=hold, check=3)


def move_a_hold(ledger: Ledger) -> None:
    ledger.hold(100, check=3)
    ledger.hold(150, check=3)
    ledger.run("SELECT ledger.release_holds(%s, 'check', 3, %s)", ledger.business_id, NOON)


def lapse(ledger: Ledger) -> None:
    ledger.hold(100, check=3)
    ledger.run(
        "SELECT ledger.record_lapsed(%s, %s, %s)", ledger.business_id, ledger.account_id, NOON + timedelta(hours=1)
    )


def expire(ledger: Ledger) -> None:
    ledger.run("SELECT ledger.record_lapsed(%s, %s, %s)", ledger.business_id, ledger.account_id, AFTER_SOON)


@pytest.mark.parametrize(
    ("operation", "balance"),
    [
        (lambda ledger: ledger.post(credits=[20], expire_on=[LATER], check=3), (590, 590)),
        (lambda ledger: ledger.post(redeem_minor=90, check=3), (480, 480)),
        (capture, (520, 520)),
        (move_a_hold, (570, 570)),
        (lapse, (570, 570)),
        (expire, (570, 570)),
        (lambda ledger: Refunds(ledger, check=2).refund(give=60), (630, 630)),
        # 30 of them come back after their day.
        (lambda ledger: Refunds(ledger, check=2).refund(give=60, at=AFTER_SOON), (600, 600)),
        (lambda ledger: Refunds(ledger, check=1).refund(take=600), (0, 0)),
        (lambda ledger: correct(ledger, 1, 25), (595, 595)),
        (lambda ledger: correct(ledger, 1, -80), (490, 490)),
    ],
)  # fmt: skip
def test_one_guest_moves_and_the_other_stays(  # type: ignore[no-untyped-def]
    ledger: Ledger, bystander: Ledger, operation, balance: tuple[int, int]
) -> None:
    before = all_of(bystander)
    operation(ledger)
    assert all_of(bystander) == before
    assert ledger.balance() == balance
    assert ledger.rows("SELECT * FROM ledger.verify(%s)", ledger.business_id) == []


def test_each_customer_and_each_unit_has_an_account_of_its_own(ledger: Ledger, bystander: Ledger) -> None:
    def opened(customer: int, unit: str) -> int:
        row = ledger.run("SELECT ledger.open_account(%s, %s, %s, %s)", ledger.business_id, customer, unit, NOON)
        return int(row[0])

    assert opened(ledger.customer_id, UNIT) == ledger.account_id
    assert opened(bystander.customer_id, UNIT) == bystander.account_id
    other_unit = opened(ledger.customer_id, "bonus:EUR")
    assert other_unit not in (ledger.account_id, bystander.account_id)
    assert opened(ledger.customer_id, "bonus:EUR") == other_unit
    assert opened(bystander.customer_id, "bonus:EUR") not in (other_unit, ledger.account_id, bystander.account_id)


def test_more_than_the_own_hold_takes_what_is_available_beside_it(ledger: Ledger) -> None:
    _, own, _ = ledger.hold(100, check=3)
    ledger.hold(200, check=4)
    assert ledger.post(redeem_minor=500, hold=own, check=3) == (370, 130, 200)
    assert ledger.balance() == (200, 0)


@pytest.mark.parametrize(
    ("kind", "amount_minor", "reason"),
    [("check", 5, "a mistake"), ("gift", -5, "a birthday"), ("correction", 5, ""), ("correction", -5, "  ")],
)
def test_a_correction_without_a_reason_and_a_gift_that_takes_are_refused(
    ledger: Ledger, kind: str, amount_minor: int, reason: str
) -> None:
    with pytest.raises(Exception, match=f"a {kind} of {amount_minor} needs a reason, and a gift takes nothing"):
        ledger.run(
            "SELECT ledger.post_correction(%s, %s, %s, 1, %s, %s, 'user:1', %s)",
            ledger.business_id, ledger.account_id, kind, amount_minor, reason, NOON,
        )  # fmt: skip


@pytest.mark.parametrize(
    "call",
    [
        "ledger.post_check(%s, 0, 9, NULL, 0, '{5}', '{NULL}', '{NULL}', 'test', now(), now(), NULL)",
        "ledger.refund_check(%s, 0, 9, 1, 0, 0, 0, 0, 0, 0, 'test', now(), now())",
        "ledger.post_correction(%s, 0, 'gift', 1, 5, 'a birthday', 'user:1', now())",
    ],
)
def test_an_account_that_nobody_has_is_named(ledger: Ledger, call: str) -> None:
    with pytest.raises(Exception, match=f"business {ledger.business_id} has no account 0"):
        ledger.run(f"SELECT {call}", ledger.business_id)


def test_a_hold_that_is_released_at_its_last_instant_has_expired(ledger: Ledger) -> None:
    ledger.hold(100, check=3, minutes=30)
    ledger.run("SELECT ledger.release_holds(%s, 'check', 3, %s)", ledger.business_id, NOON + timedelta(minutes=30))
    assert ledger.rows("SELECT resolution, resolved_at FROM ledger.hold") == [("expired", NOON + timedelta(minutes=30))]


@pytest.mark.parametrize(("earned_minor", "lots"), [(600, []), (601, [1])])
def test_a_credit_that_only_repays_a_debt_forms_no_lot(ledger: Ledger, earned_minor: int, lots: list[int]) -> None:
    ledger.post(redeem_minor=570, check=3)
    assert Refunds(ledger, check=1).refund(take=600, debt_max=600) == (600, 0, 0, -600)
    ledger.post(credits=[earned_minor], expire_on=[LATER], check=4)
    of_credit = "SELECT amount_minor FROM ledger.lot WHERE account_version > 4"
    assert [amount for (amount,) in ledger.rows(of_credit)] == lots


def test_a_credit_beside_a_redemption_forms_its_whole_lot(ledger: Ledger) -> None:
    ledger.post(redeem_minor=570, credits=[50], expire_on=[LATER], check=3)
    assert ledger.rows("SELECT amount_minor FROM ledger.lot WHERE account_version = 6") == [(50,)]


def test_a_hold_that_is_captured_into_debt_is_repaid_before_a_lot_forms(ledger: Ledger) -> None:
    _, hold, _ = ledger.hold(100, check=3)
    assert Refunds(ledger, check=1).refund(take=600, debt_max=30) == (500, 0, 100, 70)
    assert ledger.post(redeem_minor=100, credits=[60], expire_on=[LATER], hold=hold, check=3) == (100, 0, 30)
    assert ledger.rows("SELECT amount_minor FROM ledger.lot ORDER BY id DESC LIMIT 1") == [(30,)]
