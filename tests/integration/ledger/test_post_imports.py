"""Given balances that guests bring along, when they are posted, then each is on an account that is up to date."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import transaction
from tests.integration.checks.factories import NOON, Cafe, a_cafe, a_check, rules

from incust.businesses.tenancy import in_business

pytestmark = pytest.mark.django_db


def post(
    cafe: Cafe, *brought: tuple[int, int, int], reason: str = "from Poster", now: Any = NOON, unit: str = "bonus:UAH"
) -> int:
    """(customer, cause, amount) of each; how many were posted."""
    customers, causes, amounts = (list(column) for column in zip(*brought, strict=True))
    [(posted,)] = cafe.rows(
        "SELECT ledger.post_imports(%s, %s, %s::bigint[], %s::bigint[], %s::bigint[], %s, 'user:7', %s)",
        cafe.business_id, unit, customers, causes, amounts, reason, now,
    )  # fmt: skip
    return int(posted)


def entries(cafe: Cafe, customer_id: int) -> list[Any]:
    return cafe.rows(
        "SELECT p.kind, e.amount_minor, e.account_version, e.balance_after_minor"
        " FROM ledger.entry e JOIN ledger.posting p ON p.id = e.posting_id JOIN ledger.account a ON a.id = e.account_id"
        " WHERE a.customer_id = %s ORDER BY e.account_id, e.account_version",
        customer_id,
    )


@pytest.mark.parametrize(
    ("amounts", "reason"), [((5, 0), "from Poster"), ((-1, 5), "from Poster"), ((5, 6), " "), ((5, 6), "")]
)
def test_an_import_has_a_reason_and_gives_something(amounts: tuple[int, int], reason: str) -> None:
    cafe = a_cafe()
    first, second = cafe.guest(), cafe.guest()
    brought = ((first.id, 1, amounts[0]), (second.id, 2, amounts[1]))
    with pytest.raises(Exception, match="an import has a reason") as refused, transaction.atomic():
        post(cafe, *brought, reason=reason)
    assert isinstance(refused.value.__cause__, psycopg.errors.InvalidParameterValue)
    assert cafe.rows("SELECT count(*) FROM ledger.posting") == [(0,)]


def test_it_comes_to_a_customer_once() -> None:
    cafe = a_cafe()
    guest = cafe.guest()
    with pytest.raises(Exception, match="comes to a customer once"), transaction.atomic():
        post(cafe, (guest.id, 1, 5), (guest.id, 2, 6))
    assert guest.balance == (0, 0)


def test_what_has_expired_is_gone_before_something_is_brought() -> None:
    cafe = a_cafe(program=rules(credit={"lifetime_days": 30}))
    first, second, other = cafe.guest(), cafe.guest(), cafe.guest()
    for guest in (first, second, other):
        guest.finalize(a_check(external_id=str(guest.id)))
    late = NOON + timedelta(days=40)
    assert post(cafe, (second.id, 2, 70), (first.id, 1, 1000), now=late) == 2
    assert entries(cafe, first.id) == [("check", 450, 1, 450), ("expiry", -450, 2, 0), ("import", 1000, 3, 1000)]
    assert entries(cafe, second.id) == [("check", 450, 1, 450), ("expiry", -450, 2, 0), ("import", 70, 3, 70)]
    assert entries(cafe, other.id) == [("check", 450, 1, 450)]


def test_a_cause_is_posted_once_in_its_unit() -> None:
    cafe = a_cafe()
    first, second = cafe.guest(), cafe.guest()
    assert post(cafe, (first.id, 1, 5)) == 1
    assert post(cafe, (first.id, 1, 5), (second.id, 2, 6)) == 1
    assert post(cafe, (second.id, 1, 7), unit="bonus:EUR") == 1
    assert (first.balance, second.balance) == ((5, 5), (6, 6))
    assert entries(cafe, second.id) == [("import", 6, 1, 6), ("import", 7, 1, 7)]


def test_a_check_of_the_same_number_is_another_cause() -> None:
    cafe = a_cafe()
    guest = cafe.guest()
    check_id = guest.finalize(a_check()).check_id
    assert post(cafe, (guest.id, check_id, 5)) == 1
    assert guest.balance == (455, 455)


def test_another_business_has_causes_of_its_own() -> None:
    one = a_cafe(name="one")
    first = one.guest()
    post(one, (first.id, 1, 5))
    two = a_cafe(name="two")
    second = two.guest()
    assert post(two, (second.id, 1, 6)) == 1
    with in_business(two.business_id):
        assert second.balance == (6, 6)


def test_accounts_are_opened_when_it_is_posted() -> None:
    cafe = a_cafe()
    guest = cafe.guest()
    post(cafe, (guest.id, 1, 5), now=NOON + timedelta(hours=1))
    assert cafe.rows("SELECT unit, opened_at FROM ledger.account") == [("bonus:UAH", NOON + timedelta(hours=1))]
    assert cafe.rows("SELECT kind, actor, reason, happened_at, recorded_at FROM ledger.posting") == [
        ("import", "user:7", "from Poster", NOON + timedelta(hours=1), NOON + timedelta(hours=1))
    ]
