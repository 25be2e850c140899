"""A comparison reads one business: what is kept under another one's name is as good as missing, though it fits.

Row security is out of the way here (a superuser looks), so each comparison keeps to its business by itself.
"""

from __future__ import annotations

from typing import Any

import psycopg

from incust.checks.verify import COMPARISONS
from incust.config import database

from . import test_verify
from .factories import Cafe

cafe = test_verify.cafe
TABLES = (
    "ledger.account", "ledger.posting", "ledger.entry", "ledger.lot", "ledger.lot_spend", "ledger.hold", "checks.check",
    "checks.check_line", "checks.refund",
)  # fmt: skip


def found(connection: psycopg.Connection[Any], tampering: str) -> list[Any]:
    with connection.transaction(force_rollback=True):
        connection.execute(tampering.encode())
        return [
            (comparison, sorted(connection.execute(f"SELECT t::text FROM {comparison}(1) t").fetchall()))
            for comparison in COMPARISONS
        ]


def test_what_is_kept_under_the_name_of_another_business_is_missing(cafe: Cafe) -> None:
    with psycopg.connect(**database.connection_parameters(role="")) as tamperer:
        tamperer.execute("SET session_replication_role = replica")
        sound = found(tamperer, "")
        for table in TABLES:
            missing = found(tamperer, f"DELETE FROM {table}")
            assert missing != sound, table
            assert found(tamperer, f"UPDATE {table} SET business_id = 2") == missing, table
        assert found(tamperer, "; ".join(f"UPDATE {table} SET business_id = 2" for table in TABLES)) == sound
