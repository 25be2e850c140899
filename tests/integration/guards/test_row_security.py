"""The second fence: each table shows and takes rows of one business only, whoever asks but the named look-ups.

Taken away one by one: row security itself, that it binds the owner, the policy, and what the policy asks.
"""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from incust.config.database import APP_ROLE, OWNER_ROLE

from .catalogue import Administrator, policies, tables
from .trial import FOREIGN_BUSINESS, OUR_BUSINESS, acting_as, undone

LOOKED_UP = ("ledger.account", "ledger.hold", "ledger.lot", "ledger.entry", "checks.check", "checks.verification")
"""Tables that incust_lookup reads across businesses."""

PRUNED = "customers.stored_answer"
"""The table whose old rows incust_lookup deletes in all businesses."""

TABLES = (
    "checks.balance_import", "checks.check", "checks.check_line", "checks.refund", "checks.verification",
    "customers.stored_answer", "ledger.account", "ledger.entry", "ledger.hold", "ledger.lot", "ledger.lot_spend",
    "ledger.posting",
)  # fmt: skip


def businesses(administrator: Administrator, table: str, role: str, business: int | None = OUR_BUSINESS) -> list[int]:
    """Whose rows the role sees, bound to ``business``."""
    with acting_as(administrator, role, business):
        found = administrator.execute(f"SELECT DISTINCT business_id FROM {table} ORDER BY 1").fetchall()
    return [row[0] for row in found]


def insert_foreign(administrator: Administrator, table: str) -> psycopg.Error | None:
    """What the owner is told when, bound to our business, he copies one of our rows into the other."""
    try:
        with acting_as(administrator):
            administrator.execute(
                f"INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, to_jsonb(t) ||"
                f" '{{\"business_id\": {FOREIGN_BUSINESS}}}')).* FROM {table} t LIMIT 1"
            )
    except psycopg.Error as error:
        return error
    return None


def refused_by_row_security(error: psycopg.Error | None) -> bool:
    return isinstance(error, errors.InsufficientPrivilege) and "row-level security" in str(error)


def test_every_table_and_every_policy_is_tried(administrator: Administrator) -> None:
    assert tables(administrator) == list(TABLES)
    assert policies(administrator) == (
        {(table, "business") for table in TABLES} | {(table, "lookup") for table in LOOKED_UP} | {(PRUNED, "prune")}
    )


@pytest.mark.parametrize("table", TABLES)
class TestFence:
    def test_rows_of_another_business_are_not_seen(self, administrator: Administrator, table: str) -> None:
        assert businesses(administrator, table, APP_ROLE) == [OUR_BUSINESS]
        with undone(administrator):
            administrator.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
            assert businesses(administrator, table, APP_ROLE) == [OUR_BUSINESS, FOREIGN_BUSINESS]

    def test_nothing_is_seen_before_the_business_is_known(self, administrator: Administrator, table: str) -> None:
        assert businesses(administrator, table, APP_ROLE, business=None) == []

    def test_the_owner_stands_behind_it_too(self, administrator: Administrator, table: str) -> None:
        assert businesses(administrator, table, OWNER_ROLE) == [OUR_BUSINESS]
        with undone(administrator):
            administrator.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            assert businesses(administrator, table, OWNER_ROLE) == [OUR_BUSINESS, FOREIGN_BUSINESS]

    def test_a_row_for_another_business_is_refused(self, administrator: Administrator, table: str) -> None:
        with undone(administrator):
            assert refused_by_row_security(insert_foreign(administrator, table))
            administrator.execute(f"ALTER POLICY business ON {table} WITH CHECK (true)")
            assert not refused_by_row_security(insert_foreign(administrator, table))

    def test_it_is_the_policy_that_asks_for_the_business(self, administrator: Administrator, table: str) -> None:
        with undone(administrator):
            administrator.execute(f"ALTER POLICY business ON {table} USING (true)")
            assert businesses(administrator, table, APP_ROLE) == [OUR_BUSINESS, FOREIGN_BUSINESS]

    def test_without_its_policy_a_table_shows_nothing(self, administrator: Administrator, table: str) -> None:
        with undone(administrator):
            administrator.execute(f"DROP POLICY business ON {table}")
            assert businesses(administrator, table, APP_ROLE) == []


@pytest.mark.parametrize("table", LOOKED_UP)
class TestLookUp:
    def test_it_reads_across_businesses_by_its_policy(self, administrator: Administrator, table: str) -> None:
        assert businesses(administrator, table, "incust_lookup", business=None) == [OUR_BUSINESS, FOREIGN_BUSINESS]
        with undone(administrator):
            administrator.execute(f"DROP POLICY lookup ON {table}")
            assert businesses(administrator, table, "incust_lookup", business=None) == []

    def test_the_policy_asks_for_the_role_by_name(self, administrator: Administrator, table: str) -> None:
        """incust_owner is a member of the narrow role, and a policy of a role holds for its members."""
        assert businesses(administrator, table, OWNER_ROLE, business=None) == []
        with undone(administrator):
            administrator.execute(f"ALTER POLICY lookup ON {table} USING (true)")
            assert businesses(administrator, table, OWNER_ROLE, business=None) == [OUR_BUSINESS, FOREIGN_BUSINESS]


class TestPruning:
    DELETE = f"DELETE FROM {PRUNED}"

    def deleted(self, administrator: Administrator, role: str) -> int:
        with acting_as(administrator, role, business=None):
            return administrator.execute(self.DELETE).rowcount

    def test_old_answers_go_in_all_businesses_by_its_policy(self, administrator: Administrator) -> None:
        with undone(administrator):
            assert self.deleted(administrator, "incust_lookup") == 2
        with undone(administrator):
            administrator.execute(f"DROP POLICY prune ON {PRUNED}")
            assert self.deleted(administrator, "incust_lookup") == 0

    def test_the_policy_asks_for_the_role_by_name(self, administrator: Administrator) -> None:
        with undone(administrator):
            assert self.deleted(administrator, OWNER_ROLE) == 0
            administrator.execute(f"ALTER POLICY prune ON {PRUNED} USING (true)")
            assert self.deleted(administrator, OWNER_ROLE) == 2
