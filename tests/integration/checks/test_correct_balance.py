"""Given a balance, when the owner corrects it by hand, then it is one more posting, once, and never below zero."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from incust.checks.correct_balance import (
    CorrectBalance,
    CorrectedBalance,
    CorrectionAboveAvailable,
    CorrectionMismatch,
    correct_balance,
    new_number,
)
from incust.checks.verify import verify_ledger
from incust.customers.problems import CustomerUnknown
from incust.engine.program import BelowZero

from .factories import NOON, Guest, a_cafe, a_check, leave_business, rules
from .refunding import paid, refund

pytestmark = pytest.mark.django_db


def correct(guest: Guest, amount_minor: int, now: datetime = NOON, **members: Any) -> CorrectedBalance:
    request = {
        "business_id": guest.cafe.business_id, "customer_id": guest.id, "currency": "UAH", "kind": "correction",
        "reason": "a wrong receipt", "actor": "user:7", **members,
    }  # fmt: skip
    request.setdefault("number", new_number())
    return correct_balance(CorrectBalance(amount_minor=amount_minor, **request), now=now)


def posted(guest: Guest) -> list[Any]:
    return guest.cafe.rows(
        "SELECT p.kind, p.actor, p.reason, e.system_account, e.amount_minor, e.balance_after_minor FROM ledger.entry e"
        " JOIN ledger.posting p ON p.id = e.posting_id WHERE p.kind IN ('correction', 'gift') ORDER BY e.id"
    )


def test_plus_opens_the_account_and_says_who_and_why() -> None:
    guest = a_cafe().guest()
    assert correct(guest, 500) == CorrectedBalance(balance_minor=500, replayed=False)
    assert posted(guest) == [
        ("correction", "user:7", "a wrong receipt", None, 500, 500),
        ("correction", "user:7", "a wrong receipt", "correction", -500, None),
    ]
    assert guest.balance == (500, 500)
    leave_business()
    assert verify_ledger() == []


def test_a_gift_has_an_account_of_its_own() -> None:
    guest = a_cafe().guest()
    correct(guest, 500, kind="gift", reason="birthday")
    assert [row[3:5] for row in posted(guest)] == [(None, 500), ("gift", -500)]


def test_minus_takes_the_soonest_expiring_lots_first() -> None:
    guest = a_cafe(program=rules(credit={"lifetime_days": 30})).guest()
    correct(guest, 100)
    paid(guest)
    assert correct(guest, -500) == CorrectedBalance(balance_minor=50, replayed=False)
    assert guest.cafe.rows("SELECT remaining_minor, expires_on FROM ledger.lot") == [(0, date(2026, 10, 1))]
    leave_business()
    assert verify_ledger() == []


def test_minus_goes_never_below_zero() -> None:
    guest = a_cafe().guest()
    correct(guest, 500)
    with pytest.raises(CorrectionAboveAvailable) as refused:
        correct(guest, -501)
    assert refused.value.members == {"available_minor": 500}
    assert guest.balance == (500, 500)
    assert correct(guest, -500).balance_minor == 0


def test_minus_takes_no_points_that_are_held() -> None:
    guest = a_cafe().guest()
    correct(guest, 500)
    guest.reserve(a_check(900), 400)
    with pytest.raises(CorrectionAboveAvailable) as refused:
        correct(guest, -101)
    assert refused.value.members == {"available_minor": 100}
    assert correct(guest, -100).balance_minor == 400
    assert guest.finalize(a_check(900), 400).unbacked_minor == 0


def test_plus_repays_a_debt() -> None:
    guest = a_cafe(program=rules(below_zero=BelowZero.DEBT, debt_limit_minor=1000)).guest()
    check_id = paid(guest)
    guest.finalize(a_check(400, "spent", total_minor=400), 400)
    refund(guest.cafe, check_id)
    assert guest.balance == (-400, -400)
    with pytest.raises(CorrectionAboveAvailable):
        correct(guest, -1)
    assert correct(guest, 500).balance_minor == 100


def test_one_number_corrects_once() -> None:
    guest, number = a_cafe().guest(), new_number()
    correct(guest, 30)
    assert correct(guest, 500, number=number) == CorrectedBalance(balance_minor=530, replayed=False)
    correct(guest, 70)
    assert correct(guest, 500, number=number) == CorrectedBalance(balance_minor=530, replayed=True)
    assert guest.balance == (600, 600)


@pytest.mark.parametrize("other", [{"amount_minor": 501}, {"reason": "another"}, {"kind": "gift"}])
def test_one_number_serves_for_one_correction(other: dict[str, Any]) -> None:
    guest, number = a_cafe().guest(), new_number()
    correct(guest, 500, number=number)
    with pytest.raises(CorrectionMismatch):
        correct(guest, **{"amount_minor": 500, "number": number, **other})
    assert guest.balance == (500, 500)


def test_a_customer_of_another_business_is_unknown() -> None:
    guest, other = a_cafe("kava").guest(), a_cafe("tea")
    leave_business()
    with pytest.raises(CustomerUnknown):
        correct(guest, 500, business_id=other.business_id)
