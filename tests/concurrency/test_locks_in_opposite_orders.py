"""Orders whose guests are swapped lock two accounts, in whatever order they are told: no deadlock, bounded waiting."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import connection

from incust.checks.problems import CheckFinalized, QuoteChanged
from incust.config import database
from tests.integration.checks.factories import Cafe, Guest, a_check

from .at_once import CLIENTS, at_once

ORDERS = ("1", "2")
SWAPS = 3


@pytest.fixture(autouse=True)
def no_deadlocks(many_connections: str) -> Iterator[None]:
    """PostgreSQL looks for deadlocks long before a lock is given up, and counts them; there must be none to repeat."""
    with administrator(many_connections) as admin:
        admin.execute(f'ALTER DATABASE "{many_connections}" SET deadlock_timeout = 20')
        yield
        connection.close()
        connection.close_pool()
        # Who leaves reports what it counted, a moment after its client has gone.
        until(lambda: clients(admin) == 0)
        row = admin.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = %s", [many_connections]).fetchone()
        assert row == (0,)


def clients(admin: psycopg.Connection[Any]) -> int:
    row = admin.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    ).fetchone()
    assert row is not None
    return int(row[0])


def until(condition: Callable[[], bool], within_s: float = 30) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "a connection is still open"
        time.sleep(0.02)


def administrator(name: str) -> psycopg.Connection[Any]:
    return psycopg.connect(**database.connection_parameters(role="", database=name), autocommit=True)


def swap(guests: tuple[Guest, Guest]) -> str:
    """Reserve both orders, now for one guest, now for the other."""
    for turn in range(SWAPS):
        for number, order in enumerate(ORDERS):
            try:
                guests[(turn + number) % 2].reserve(a_check(external_id=order), 1000)
            except QuoteChanged:
                continue
    return "done"


def test_guests_swapped_between_two_orders_do_not_deadlock(cafe: Cafe) -> None:
    one, other = cafe.guest(4000), cafe.guest(4000)

    together = at_once([partial(swap, (one, other) if n % 2 else (other, one)) for n in range(CLIENTS)])

    assert (together.answers, together.errors) == (["done"] * CLIENTS, [])
    assert sum(together.busy) <= CLIENTS  # locks are waited for in turn; hardly anybody has to come again
    holds = cafe.rows("SELECT count(*) FROM ledger.hold WHERE resolution IS NULL")[0][0]
    held = cafe.rows("SELECT sum(held_minor) FROM ledger.account")[0][0]
    assert (1 <= holds <= len(ORDERS), held) == (True, 1000 * holds)


def test_receipts_paid_by_another_guest_than_reserved_do_not_deadlock(cafe: Cafe) -> None:
    """Half of the orders go from the first guest to the second, half the other way: each takes both accounts."""
    guests = cafe.guest(400_000), cafe.guest(400_000)
    for n in range(CLIENTS):
        guests[n % 2].reserve(a_check(external_id=str(n)), 1000)

    together = at_once([partial(guests[1 - n % 2].finalize, a_check(external_id=str(n)), 1000) for n in range(CLIENTS)])

    assert (len(together.answers), together.errors) == (CLIENTS, [])
    assert sum(together.busy) <= CLIENTS  # locks are waited for in turn; hardly anybody has to come again
    assert {(answer.redeemed_minor, answer.unbacked_minor) for answer in together.answers} == {(1000, 0)}
    assert cafe.rows("SELECT DISTINCT held_minor FROM ledger.account") == [(0,)]
    assert cafe.rows("SELECT DISTINCT resolution FROM ledger.hold") == [("released",)]
    paid = CLIENTS // 2
    assert [guest.balance for guest in guests] == [(400_000 - 600 * paid, 400_000 - 600 * paid)] * 2


def test_a_receipt_that_is_paid_while_it_is_reserved_anew_is_paid_once(cafe: Cafe) -> None:
    one, other = cafe.guest(4000), cafe.guest(4000)
    one.reserve(a_check(), 1000)

    def pay(n: int) -> str:
        try:
            return one.finalize(a_check(), 1000).status if n % 2 else str(other.reserve(a_check(), 1000).redeem_minor)
        except CheckFinalized:
            return "paid already"
        except QuoteChanged:
            return "changed"

    together = at_once([partial(pay, n) for n in range(CLIENTS)])

    assert together.errors == []
    assert together.answers.count("finalized") == CLIENTS // 2
    assert sum(together.busy) <= CLIENTS  # locks are waited for in turn; hardly anybody has to come again
    assert cafe.rows("SELECT count(*) FROM ledger.posting WHERE kind = 'check' AND cause_id > 0") == [(1,)]
    assert (one.balance, other.balance) == ((3400, 3400), (4000, 4000))
