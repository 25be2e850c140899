"""Who waits on a till's path waits three tenths of a second, whatever his connection allows, and is then refused."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors

from incust.config import database
from incust.config.database import APP_ROLE, OWNER_ROLE

from .catalogue import Administrator

CALLER = '{"door": "key", "key_hash": "01"}'
NOON = "2026-09-01T12:00:00Z"
AT_NOON = f'"key": "another", "input_hash": "00", "now": "{NOON}"'
WAITS_S_MAX = 5


@pytest.fixture
def connections(administrator: Administrator) -> Iterator[list[psycopg.Connection[tuple[object, ...]]]]:
    """Two in a transaction bound to our business, of the owner and of the application; both undone."""
    opened = []
    for role in (OWNER_ROLE, APP_ROLE):
        opened.append(psycopg.connect(**database.connection_parameters(role=role, database=administrator.info.dbname)))
        opened[-1].execute(
            "SELECT set_config('incust.business_id', '1', true), set_config('lock_timeout', '20s', true)"
        )
    yield opened
    for connection in opened:
        connection.close()


@pytest.mark.parametrize(
    ("held", "call"),
    [
        (
            "SELECT FROM checks.check WHERE id = 1503 FOR UPDATE",
            f"checks.cancel('{CALLER}', '{{{AT_NOON}, \"check_id\": 1503}}')",
        ),
        (
            "SELECT FROM checks.check WHERE id = 1502 FOR UPDATE",
            f'checks.refund(\'{CALLER}\', \'{{{AT_NOON}, "check_id": 1502, "lines": null, "accomplished": true}}\')',
        ),
        (
            "INSERT INTO customers.read_request VALUES (1, 1031, 'busy', now())",
            f'checks.load(\'{CALLER}\', \'{{"read_id": "busy", "now": "{NOON}"}}\')',
        ),
        (
            "SELECT FROM ledger.account WHERE id = 1101 FOR UPDATE",
            "checks.expire(1, 1503, '2026-09-01 12:30+00')",
        ),
        (
            "SELECT FROM ledger.account WHERE id = 1101 FOR UPDATE",
            'checks.correct_balance(\'{"business_id": 1, "customer_id": 1001, "currency": "UAH", "kind": "gift",'
            f' "amount_minor": 5, "reason": "birthday", "actor": "user:1", "number": 9, "now": "{NOON}"}}\')',
        ),
    ],
    ids=["cancel", "refund", "load", "expire", "correct_balance"],
)
def test_who_waits_is_refused_soon(
    connections: list[psycopg.Connection[tuple[object, ...]]], held: str, call: str
) -> None:
    first, second = connections
    first.execute(held.encode())
    started = time.monotonic()
    with pytest.raises(errors.LockNotAvailable):
        second.execute(f"SELECT {call}".encode())
    assert time.monotonic() - started < WAITS_S_MAX
