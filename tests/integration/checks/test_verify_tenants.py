"""A comparison reads one business: what is kept under another one's name is as good as missing, though it fits.

Row security is out of the way here (a superuser looks), so each comparison keeps to its business by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from incust.checks.verify import COMPARISONS
from incust.config import database

from . import test_verify
from .factories import Cafe
from .test_verify_conditions import rare_things_happen

cafe = test_verify.cafe
TABLES = (
    "ledger.account", "ledger.posting", "ledger.entry", "ledger.lot", "ledger.lot_spend", "ledger.hold", "checks.check",
    "checks.check_line", "checks.refund",
)  # fmt: skip


# Each number a little off, so that what is read can be told from what is not.
SPOILT = """
  UPDATE ledger.account SET balance_minor = balance_minor + 1, customer_id = customer_id + 100;
  UPDATE ledger.entry SET amount_minor = amount_minor + 1;
  UPDATE ledger.lot SET amount_minor = amount_minor + 1, expires_at = expires_at + interval '1 day';
  UPDATE ledger.hold SET amount_minor = amount_minor + 1000, captured_minor = captured_minor + 1000
    WHERE resolution = 'captured';
  UPDATE checks.check_line SET redeemed_minor = redeemed_minor + 1, earned_minor = earned_minor + 1;
  UPDATE checks.check SET answer = '{"balance_minor": 1}' WHERE finalized_at IS NOT NULL;
  INSERT INTO ledger.posting (id, business_id, unit, kind, cause_id, actor, happened_at, recorded_at)
    VALUES (100, 1, 'bonus:UAH', 'gift', 100, 'user:1', '2026-12-01', '2026-12-01')"""


def found(connection: psycopg.Connection[Any], tampering: str) -> list[Any]:
    with connection.transaction(force_rollback=True):
        connection.execute(tampering.encode())
        return [
            (comparison, sorted(connection.execute(f"SELECT t::text FROM {comparison}(1) t").fetchall()))
            for comparison in COMPARISONS
        ]


@contextmanager
def tampering_with(cafe: Cafe) -> Iterator[psycopg.Connection[Any]]:
    rare_things_happen(cafe)
    with psycopg.connect(**database.connection_parameters(role="")) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


@pytest.mark.parametrize("tampering", ["", SPOILT], ids=["sound", "spoilt"])
def test_a_table_under_the_name_of_another_business_is_empty(cafe: Cafe, tampering: str) -> None:
    with tampering_with(cafe) as connection:
        for table in TABLES:
            missing = found(connection, f"{tampering}; DELETE FROM {table}")
            assert missing != found(connection, tampering), table
            assert found(connection, f"{tampering}; UPDATE {table} SET business_id = 2") == missing, table


def test_a_row_under_the_name_of_another_business_is_missing(cafe: Cafe) -> None:
    with tampering_with(cafe) as connection:
        for table in TABLES:
            for (number,) in connection.execute(f"SELECT id FROM {table} ORDER BY id").fetchall():
                missing = found(connection, f"DELETE FROM {table} WHERE id = {number}")
                moved = found(connection, f"UPDATE {table} SET business_id = 2 WHERE id = {number}")
                assert moved == missing, (table, number)


def test_another_business_alone_is_none_of_ours(cafe: Cafe) -> None:
    everything = "; ".join(f"UPDATE {table} SET business_id = 2" for table in TABLES)
    with tampering_with(cafe) as connection:
        assert found(connection, f"{SPOILT}; {everything}") == [(comparison, []) for comparison in COMPARISONS]


def test_an_import_of_another_business_is_none_of_ours(cafe: Cafe) -> None:
    wrong, _sentence = test_verify.PLANTED["import-of-another-customer"]
    with tampering_with(cafe) as connection:
        for table in ("checks.balance_import", "ledger.account", "ledger.posting", "ledger.entry"):
            missing = found(connection, f"{wrong}; DELETE FROM {table}")
            assert missing != found(connection, wrong), table
            assert found(connection, f"{wrong}; UPDATE {table} SET business_id = 2") == missing, table
