"""Given balances in another system, when they are brought along, then each comes once, and the ledger agrees."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
import pytest

from incust.businesses.tenancy import in_business
from incust.checks.verify import verify_ledger

from .factories import NOON, Cafe, Guest, a_cafe, leave_business

pytestmark = pytest.mark.django_db


def bring(cafe: Cafe, *balances: tuple[str, int, int], now: datetime = NOON) -> list[Any]:
    """(source, customer, amount) of each; gives what came."""
    sources, customers, amounts = (list(column) for column in zip(*balances, strict=True))
    return cafe.rows(
        "SELECT source, amount_minor FROM checks.import_balances(%s, 'UAH', %s, %s::bigint[], %s::bigint[],"
        " 'from Poster', 'user:7', %s) ORDER BY source",
        cafe.business_id, sources, customers, amounts, now,
    )  # fmt: skip


def entries(guest: Guest) -> list[Any]:
    return guest.cafe.rows(
        "SELECT p.kind, p.actor, p.reason, e.system_account, e.amount_minor, e.account_version, e.balance_after_minor"
        " FROM ledger.entry e JOIN ledger.posting p ON p.id = e.posting_id"
        " WHERE p.kind = 'import' ORDER BY p.id, e.id"
    )


def test_a_balance_comes_along_on_top_of_what_is_there() -> None:
    cafe = a_cafe()
    known, new = cafe.guest(balance_minor=700), cafe.guest()
    assert bring(cafe, ("poster:1/7", known.id, 250), ("poster:1/8", new.id, 1)) == [
        ("poster:1/7", 250),
        ("poster:1/8", 1),
    ]
    assert (known.balance, new.balance) == ((950, 950), (1, 1))
    assert entries(known) == [
        ("import", "user:7", "from Poster", None, 250, 2, 950),
        ("import", "user:7", "from Poster", "imported", -250, None, None),
        ("import", "user:7", "from Poster", None, 1, 1, 1),
        ("import", "user:7", "from Poster", "imported", -1, None, None),
    ]


def test_a_source_comes_once_whatever_it_says_the_next_time() -> None:
    cafe = a_cafe()
    guest, other = cafe.guest(), cafe.guest()
    bring(cafe, ("poster:1/7", guest.id, 250))
    assert bring(cafe, ("poster:1/7", guest.id, 250)) == []
    assert bring(cafe, ("poster:1/7", other.id, 900)) == []
    assert (guest.balance[0], other.balance) == (250, (0, 0))
    assert len(entries(guest)) == 2


def test_a_stranger_stops_them_all() -> None:
    cafe = a_cafe()
    guest = cafe.guest()
    with pytest.raises(Exception, match="customer-unknown"), in_business(cafe.business_id):
        bring(cafe, ("poster:1/7", guest.id, 250), ("poster:1/8", guest.id + 1000, 5))
    assert guest.balance == (0, 0)
    assert entries(guest) == []


@pytest.mark.parametrize("amount_minor", [0, -1])
def test_nothing_is_taken_from_anybody(amount_minor: int) -> None:
    cafe = a_cafe()
    guest = cafe.guest(balance_minor=100)
    with pytest.raises(Exception, match="balance_import_gives") as refused, in_business(cafe.business_id):
        bring(cafe, ("poster:1/7", guest.id, amount_minor))
    assert isinstance(refused.value.__cause__, psycopg.errors.CheckViolation)
    assert guest.balance == (100, 100)


def test_the_ledger_agrees() -> None:
    cafe = a_cafe()
    bring(cafe, *((f"poster:1/{number}", cafe.guest().id, number) for number in range(1, 30)))
    leave_business()
    assert verify_ledger() == []
