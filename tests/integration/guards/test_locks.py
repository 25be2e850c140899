"""Who is second waits before he reads, takes his locks in order, and keeps none that he would have to wait with.

Two connections of the application: one holds a row, the other calls the function. Nothing is timed: the second is asked
whether it waits, and for what.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import errors

from incust.config import database
from incust.config.database import APP_ROLE, OWNER_ROLE

from .catalogue import Administrator

NOON = "'2026-09-01 12:00+00'::timestamptz"
HALF_PAST = "'2026-09-01 12:30+00'::timestamptz"
CANCEL = (
    'checks.cancel(\'{"door": "key", "key_hash": "01"}\', \'{"key": "cancel", "input_hash": "00", "check_id": 1503,'
    ' "now": "2026-09-01T12:00:00Z"}\')'
)
Connection = psycopg.Connection[tuple[object, ...]]
Connect = Callable[[str], Connection]


@pytest.fixture
def connect(administrator: Administrator) -> Iterator[Connect]:
    """Connections in a transaction bound to our business; all undone."""
    opened: list[Connection] = []

    def connect_as(role: str) -> Connection:
        parameters = database.connection_parameters(role=role, database=administrator.info.dbname)
        opened.append(psycopg.connect(**parameters))
        opened[-1].execute("SELECT set_config('incust.business_id', '1', true)")
        return opened[-1]

    yield connect_as
    for connection in opened:
        connection.close()


def waits(second: Connection, call: str) -> bool:
    """Whether the call waits for a lock rather than answer."""
    second.execute("SET LOCAL lock_timeout = '50ms'")
    try:
        second.execute(f"SELECT {call}")
    except errors.LockNotAvailable:
        return True
    return False


@contextmanager
def until_it_waits(second: Connection, answer: Future[object]) -> Iterator[None]:
    """Inside, the second connection waits for a lock."""
    watching = database.connection_parameters(role="", database=second.info.dbname)
    with psycopg.connect(**watching, autocommit=True) as watch:
        for _ in range(2000):
            blocked = watch.execute("SELECT cardinality(pg_blocking_pids(%s))", [second.info.backend_pid]).fetchone()
            if answer.done() or blocked != (0,):
                break
            time.sleep(0.005)
        assert not answer.done(), "it did not wait"
        yield


@contextmanager
def waiting(second: Connection, call: str) -> Iterator[None]:
    """Inside, the second connection waits for a lock within the call."""
    second.execute("SET LOCAL lock_timeout = '20s'")
    with (
        ThreadPoolExecutor(1) as pool,
        until_it_waits(second, pool.submit(lambda: second.execute(f"SELECT {call}"))),
    ):
        yield


def is_free(third: Connection, row: str) -> bool:
    """Whether nobody has that row locked for a change; it is not kept either."""
    try:
        third.execute(f"SELECT FROM {row} FOR NO KEY UPDATE NOWAIT")
    except errors.LockNotAvailable:
        return False
    finally:
        third.rollback()
    return True


@pytest.mark.parametrize(
    ("row", "call"),
    [
        ("checks.check WHERE id = 1501", "checks.lock_check(1, NULL, NULL, 1031, '1', '', NULL)"),
        ("checks.check WHERE id = 1502", "checks.lock_check(1, 1041, '1', 1032, '2', '', NULL)"),
        ("checks.check WHERE id = 1502", "checks.lock_check(1, 1041, '1', 1032, 'other', 'T2', NULL)"),
        ("checks.check WHERE id = 1501", "checks.lock_check(1, NULL, NULL, 9, '1', '', 1501)"),
        ("checks.check WHERE id = 1501", "checks.lock_to_refund(1, NULL, NULL, 9, '{\"check_id\": 1501}')"),
        ("ledger.account WHERE id = 1101", f"ledger.record_lapsed(1, 1101, {NOON})"),
        ("customers.customer WHERE id = 1001", f"customers.consume_confirmation(1, 1001, '1', 1, '\\x', {NOON})"),
        (
            "customers.confirmation_code WHERE id = 1061",
            f"customers.consume_confirmation(1, 1001, '1', 1, '\\x', {NOON})",
        ),
    ],
)  # fmt: skip
def test_who_is_second_waits_although_he_only_reads(connect: Connect, row: str, call: str) -> None:
    alone = connect(APP_ROLE)
    assert not waits(alone, call)
    alone.rollback()
    connect(OWNER_ROLE).execute(f"SELECT FROM {row} FOR UPDATE")
    assert waits(connect(APP_ROLE), call)


@pytest.mark.parametrize(
    "call",
    [
        f"ledger.hold_points(1, 1102, 'check', 1504, 10, {NOON}, {HALF_PAST})",
        f"ledger.release_holds(1, 'check', 1504, {NOON})",
        f"ledger.record_lapsed(1, 1102, {NOON})",
    ],
)
def test_nobody_waits_for_an_account_that_he_does_not_touch(connect: Connect, call: str) -> None:
    connect(OWNER_ROLE).execute("SELECT FROM ledger.account WHERE id <> 1102 FOR UPDATE")
    assert not waits(connect(APP_ROLE), call)


def test_nobody_waits_for_another_guest_who_enters_his_code(connect: Connect) -> None:
    connect(OWNER_ROLE).execute("SELECT FROM customers.customer WHERE id <> 1001 FOR UPDATE")
    assert not waits(connect(APP_ROLE), f"customers.consume_confirmation(1, 1001, '1', 1, '\\x', {NOON})")


def test_the_sweeper_leaves_a_check_that_a_till_works_on(connect: Connect) -> None:
    connect(OWNER_ROLE).execute("SELECT FROM checks.check WHERE id = 1503 FOR UPDATE")
    assert connect(APP_ROLE).execute(f"SELECT checks.expire(1, 1503, {HALF_PAST})").fetchone() == (False,)


@pytest.mark.parametrize(
    ("held", "call", "untouched"),
    [
        # Its receipt may be paid just now: until the check is known, nothing is released.
        ("checks.check WHERE id = 1503", CANCEL, "ledger.account WHERE id = 1101"),
        # Accounts come before their holds.
        (
            "ledger.account WHERE id = 1101", f"ledger.release_holds(1, 'check', 1503, {NOON})",
            "ledger.hold WHERE id = 1601",
        ),
        # Of two accounts the lower number comes first: the hold of 1503 moves from 1101 to 1102.
        (
            "ledger.account WHERE id = 1101", f"ledger.hold_points(1, 1102, 'check', 1503, 10, {NOON}, {HALF_PAST})",
            "ledger.account WHERE id = 1102",
        ),
        (
            "ledger.account WHERE id = 1105", f"ledger.release_holds(1, 'check', 1506, {NOON})",
            "ledger.account WHERE id = 1106",
        ),
    ],
)  # fmt: skip
def test_who_waits_keeps_nothing_that_comes_later(connect: Connect, held: str, call: str, untouched: str) -> None:
    first = connect(OWNER_ROLE)
    first.execute(f"SELECT FROM {held} FOR UPDATE")
    with waiting(connect(APP_ROLE), call):
        try:
            assert is_free(connect(OWNER_ROLE), untouched)
        finally:
            first.rollback()


def test_who_opens_an_account_that_somebody_opens_just_now_gets_the_same(connect: Connect) -> None:
    call = f"SELECT ledger.open_account(1, 1006, 'bonus:UAH', {NOON})"
    first, second = connect(APP_ROLE), connect(APP_ROLE)
    opened = first.execute(call).fetchone()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(lambda: second.execute(call).fetchone())
        with until_it_waits(second, answer):
            first.commit()
        assert answer.result() == opened
