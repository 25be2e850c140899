"""The database itself keeps the ledger whole: each guard refuses what it is there for.

What is tried here is tried by the strongest hand that could do it: the application's role where rights are the guard,
the schema's owner where a trigger, constraint or policy is. One database serves many tries, each undone
by its savepoint.
"""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection
from psycopg import errors

from incust.businesses.tenancy import in_business

from .factories import NOON, Ledger, a_ledger, leave_business

TABLES = ("account", "posting", "entry", "lot", "lot_spend", "hold")
HISTORY = ("posting", "entry", "lot_spend")
Owner = psycopg.Connection[Any]


@pytest.fixture
def ledger(committed_database: str) -> Ledger:
    """An account with one check posted and one hold taken, committed."""
    ledger = a_ledger()
    ledger.post(credits=[5000])
    ledger.hold(1000)
    return ledger


@pytest.fixture
def owner(ledger: Ledger, as_owner: Owner) -> Owner:
    as_owner.execute("SELECT set_config('incust.business_id', %s, false)", [str(ledger.business_id)])
    as_owner.commit()
    return as_owner


class TestRights:
    @pytest.mark.parametrize("table", TABLES)
    @pytest.mark.parametrize(
        "statement",
        [
            "INSERT INTO ledger.{table} DEFAULT VALUES",
            "UPDATE ledger.{table} SET business_id = business_id",
            "DELETE FROM ledger.{table}",
            "TRUNCATE ledger.{table} CASCADE",
        ],
    )
    @pytest.mark.django_db
    def test_the_application_writes_no_table_past_the_functions(self, table: str, statement: str) -> None:
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            in_business(1),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table=table))

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        "call",
        [
            "ledger.settle_account(1, 1, now())",
            "ledger.spend_lots(1, 1, 1, 1)",
            "ledger.form_lots(1, 1, 1, 1, '{}', '{}', '{}')",
            "ledger.expire_lots(NULL, now())",
        ],
    )
    def test_the_application_does_not_call_the_inner_functions(self, call: str) -> None:
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            in_business(1),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"SELECT {call}")

    def test_functions_run_as_a_role_that_can_do_nothing_else(self, owner: Owner) -> None:
        functions = owner.execute(
            "SELECT p.proname, r.rolname, r.rolsuper, r.rolbypassrls, r.rolcanlogin FROM pg_proc p"
            " JOIN pg_roles r ON r.oid = p.proowner WHERE p.pronamespace = 'ledger'::regnamespace AND p.prosecdef"
        ).fetchall()
        assert {"post_check", "hold_points", "release_holds", "open_account"} <= {name for name, *_ in functions}
        allowed = {("incust_ledger", False, False, False), ("incust_lookup", False, False, False)}
        assert {tuple(role) for _, *role in functions} <= allowed


class TestAppendOnly:
    def test_history_is_never_rewritten_not_even_by_the_owner(self, owner: Owner) -> None:
        for table in HISTORY:
            assert refusal(owner, f"UPDATE ledger.{table} SET id = id") == f"ledger.{table} is append-only"
            assert refusal(owner, f"DELETE FROM ledger.{table}") == f"ledger.{table} is append-only"
            assert refusal(owner, f"TRUNCATE ledger.{table} CASCADE").endswith("is append-only")

    def test_accounts_lots_and_holds_are_never_deleted(self, owner: Owner) -> None:
        for table in ("account", "lot", "hold"):
            assert refusal(owner, f"DELETE FROM ledger.{table}") == f"ledger.{table} is append-only"
            assert refusal(owner, f"TRUNCATE ledger.{table} CASCADE").endswith("is append-only")

    def test_a_hold_is_resolved_once(self, owner: Owner) -> None:
        release = "UPDATE ledger.hold SET resolution = 'released', resolved_at = now()"
        assert owner.execute(release).rowcount == 1
        with pytest.raises(errors.RestrictViolation):
            owner.execute(release)


class TestBalance:
    INSERT = (
        "INSERT INTO ledger.entry (business_id, posting_id, unit, system_account, amount_minor)"
        " SELECT %(business)s, p.id, %(unit)s, leg.name, leg.amount FROM ledger.posting p,"
        " (VALUES ('issued', -100), ('gift', %(other)s)) AS leg (name, amount)"
    )

    def test_entries_that_balance_are_taken(self, ledger: Ledger, owner: Owner) -> None:
        done = owner.execute(self.INSERT, {"business": ledger.business_id, "unit": "bonus:UAH", "other": 100})
        assert done.rowcount == 2

    def test_entries_that_do_not_balance_are_refused(self, ledger: Ledger, owner: Owner) -> None:
        with pytest.raises(errors.CheckViolation, match="does not balance"):
            owner.execute(self.INSERT, {"business": ledger.business_id, "unit": "bonus:UAH", "other": 99})

    def test_entries_of_another_unit_than_their_posting_are_refused(self, ledger: Ledger, owner: Owner) -> None:
        with pytest.raises(errors.CheckViolation, match="another business or unit"):
            owner.execute(self.INSERT, {"business": ledger.business_id, "unit": "bonus:EUR", "other": 100})

    def test_a_check_has_one_posting(self, ledger: Ledger, owner: Owner) -> None:
        with pytest.raises(errors.UniqueViolation, match="posting_cause_once"):
            owner.execute(
                "INSERT INTO ledger.posting (business_id, unit, kind, cause_id, actor, happened_at, recorded_at)"
                " SELECT business_id, unit, kind, cause_id, actor, happened_at, recorded_at FROM ledger.posting"
            )

    def test_a_version_of_an_account_is_taken_once(self, owner: Owner) -> None:
        with pytest.raises(errors.UniqueViolation, match="entry_version_once"):
            owner.execute(
                "INSERT INTO ledger.entry (business_id, posting_id, unit, account_id, amount_minor, account_version,"
                " balance_after_minor) SELECT business_id, posting_id, unit, account_id, amount_minor, account_version,"
                " balance_after_minor FROM ledger.entry WHERE account_id IS NOT NULL"
            )


IMPOSSIBLE = [
    ("account_not_below_limit", "UPDATE ledger.account SET balance_minor = -1, held_minor = 0"),
    ("account_held_covered", "UPDATE ledger.account SET held_minor = balance_minor + 1"),
    ("account_held_covered", "UPDATE ledger.account SET held_minor = -1"),
    ("account_version_counts", "UPDATE ledger.account SET version = -1"),
    ("account_debt_limit_sane", "UPDATE ledger.account SET debt_limit_minor = -1, held_minor = 0"),
    ("account_unit_spelt", "UPDATE ledger.account SET unit = 'points'"),
    ("hold_amount_positive", "UPDATE ledger.hold SET amount_minor = 0"),
    ("hold_lives", "UPDATE ledger.hold SET expires_at = taken_at"),
    ("hold_resolution_known", "UPDATE ledger.hold SET resolution = 'lost', resolved_at = now()"),
    ("hold_resolved_when", "UPDATE ledger.hold SET resolution = 'released'"),
    ("hold_captured_within", "UPDATE ledger.hold SET captured_minor = 1"),
    (
        "hold_captured_within",
        "UPDATE ledger.hold SET resolution = 'captured', resolved_at = now(), captured_minor = 1001",
    ),
    (
        "posting_kind_known",
        "INSERT INTO ledger.posting (business_id, unit, kind, actor, happened_at, recorded_at)"
        " SELECT business_id, unit, 'whim', actor, happened_at, recorded_at FROM ledger.posting",
    ),
    (
        "hold_of_cause_once",
        "INSERT INTO ledger.hold (business_id, account_id, cause_kind, cause_id, amount_minor, taken_at,"
        " expires_at) SELECT business_id, account_id, cause_kind, cause_id, 1, taken_at, expires_at"
        " FROM ledger.hold",
    ),
    (
        "lot_remaining_within",
        "INSERT INTO ledger.lot (business_id, account_id, account_version, amount_minor, remaining_minor,"
        " expires_on, expires_at) SELECT business_id, id, 1, 10, 11, '2026-10-01', now() FROM ledger.account",
    ),
    (
        "lot_account_same_business",
        "INSERT INTO ledger.lot (business_id, account_id, account_version, amount_minor, remaining_minor,"
        " expires_on, expires_at) SELECT business_id, id + 1, 1, 10, 10, '2026-10-01', now() FROM ledger.account",
    ),
    (
        "entry_moves_something",
        "INSERT INTO ledger.entry (business_id, posting_id, unit, system_account, amount_minor)"
        " SELECT business_id, id, unit, 'issued', 0 FROM ledger.posting",
    ),
    (
        "entry_of_one_account",
        "INSERT INTO ledger.entry (business_id, posting_id, unit, amount_minor)"
        " SELECT business_id, id, unit, 1 FROM ledger.posting",
    ),
    (
        "entry_system_account_known",
        "INSERT INTO ledger.entry (business_id, posting_id, unit, system_account, amount_minor)"
        " SELECT business_id, id, unit, 'pocket', 1 FROM ledger.posting",
    ),
    (
        "entry_account_same_business",
        "INSERT INTO ledger.entry (business_id, posting_id, unit, account_id, amount_minor, account_version,"
        " balance_after_minor) SELECT p.business_id, p.id, p.unit, a.id + 1, 1, 9, 9"
        " FROM ledger.posting p, ledger.account a",
    ),
]


def test_constraints_refuse_what_cannot_be(owner: Owner) -> None:
    refused_by = []
    for _, statement in IMPOSSIBLE:
        with pytest.raises(errors.IntegrityError) as refused, owner.transaction():
            owner.execute(statement)
        refused_by.append(refused.value.diag.constraint_name)
    assert refused_by == [constraint for constraint, _ in IMPOSSIBLE]


def refusal(owner: Owner, statement: str) -> str:
    """What the database says to a statement that a trigger refuses, up to the colon."""
    with pytest.raises(errors.RestrictViolation) as refused, owner.transaction():
        owner.execute(statement)
    return (refused.value.diag.message_primary or "").partition(":")[0]


class TestBusinesses:
    def test_the_fence_binds_the_owner_too(self, owner: Owner) -> None:
        for table in TABLES:
            forced = owner.execute(
                "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = %s::regclass",
                [f"ledger.{table}"],
            ).fetchone()
            assert (table, forced) == (table, (True,))

    def test_another_business_sees_nothing(self, ledger: Ledger) -> None:
        other = a_ledger("other")
        for table in ("account", "posting", "entry", "hold"):
            foreign = other.rows(f"SELECT id FROM ledger.{table} WHERE business_id <> %s", other.business_id)
            assert (table, foreign) == (table, [])

    def test_functions_reach_no_account_of_another_business(self, ledger: Ledger) -> None:
        other = a_ledger("other")
        with (
            pytest.raises(Exception, match="has no account"),
            in_business(other.business_id),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "SELECT ledger.post_check(%s, %s, 1, NULL, 0, '{5}', '{NULL}', '{NULL}', 'test', %s, %s, NULL)",
                [ledger.business_id, ledger.account_id, NOON, NOON],
            )
        leave_business()
        assert ledger.balance() == (5000, 4000)

    def test_without_a_business_there_is_nothing(self, ledger: Ledger) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM ledger.account")
            assert cursor.fetchone() == (0,)
