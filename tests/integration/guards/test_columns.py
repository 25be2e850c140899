"""What must be there is there: each column refuses to be empty, but for those that may be."""

from __future__ import annotations

import json

import psycopg
import pytest
from psycopg import errors

from .catalogue import Administrator, columns
from .trial import undone

MAY_BE_EMPTY = {
    "ledger.posting": {"cause_id"},
    "ledger.entry": {"account_id", "system_account", "account_version", "balance_after_minor"},
    "ledger.hold": {"resolution", "resolved_at"},
    "checks.check": {
        "till_account_id", "spot", "identification_id", "program_version_id", "evaluated_at", "hold_id",
        "hold_expires_at", "fingerprint", "answer", "payment", "closed_at", "reserved_at", "finalized_at",
    },
    "customers.stored_answer": {"answer", "answer_sealed"},
}  # fmt: skip


def test_no_other_column_may_be_empty(administrator: Administrator) -> None:
    found: dict[str, set[str]] = {}
    for table, column, may_be_empty in columns(administrator):
        if may_be_empty:
            found.setdefault(table, set()).add(column)
    assert found == MAY_BE_EMPTY


def test_an_empty_column_is_refused_and_missed_once_it_may_be(administrator: Administrator) -> None:
    tried = 0
    for table, column, may_be_empty in columns(administrator):
        if may_be_empty:
            continue
        with undone(administrator):
            with pytest.raises(errors.NotNullViolation) as refused, administrator.transaction():
                insert_without(administrator, table, column)
            assert refused.value.diag.column_name == column
            if of_primary_key(administrator, table, column):
                continue  # cannot be allowed to be empty
            administrator.execute(f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL")
            try:
                with administrator.transaction():
                    insert_without(administrator, table, column)
            except psycopg.errors.NotNullViolation:
                raise
            except psycopg.errors.IntegrityError:
                pass  # the copied row is there already, which other guards say
        tried += 1
    assert tried > 50


def insert_without(administrator: Administrator, table: str, column: str) -> None:
    """INSERT of a row that is there already, but for one column."""
    administrator.execute(
        f"INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, to_jsonb(t) || %s)).*"
        f" FROM {table} t LIMIT 1",
        [json.dumps({column: None})],
    )


def of_primary_key(administrator: Administrator, table: str, column: str) -> bool:
    found = administrator.execute(
        "SELECT EXISTS (SELECT FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid"
        " AND a.attnum = ANY(k.conkey) WHERE k.contype = 'p' AND k.conrelid = %s::regclass AND a.attname = %s)",
        [table, column],
    ).fetchone()
    return found == (True,)
