"""Who may do what with the tables, and that it is the missing right that refuses the rest.

A right that was given beside these, or taken away, fails here; so does a function that runs as somebody else.
"""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg import errors, sql

from .catalogue import GUARDED_SCHEMAS, Administrator, columns
from .trial import acting_as, undone

ROLES = ("incust_app", "incust_ledger", "incust_lookup", "incust_relay")

RIGHTS = {
    ("ledger.account", "incust_ledger"): (
        "SELECT", "INSERT", "UPDATE(version, balance_minor, held_minor, debt_limit_minor)",
    ),
    ("ledger.lot", "incust_ledger"): ("SELECT", "INSERT", "UPDATE(remaining_minor)"),
    ("ledger.hold", "incust_ledger"): ("SELECT", "INSERT", "UPDATE(resolution, resolved_at, captured_minor)"),
    **{(f"ledger.{table}", "incust_ledger"): ("SELECT", "INSERT") for table in ("posting", "entry", "lot_spend")},
    **{
        (f"ledger.{table}", "incust_app"): ("SELECT",)
        for table in ("account", "posting", "entry", "lot", "lot_spend", "hold")
    },
    **{(f"ledger.{table}", "incust_lookup"): ("SELECT",) for table in ("account", "lot", "hold")},
    ("ledger.entry", "incust_lookup"): ("SELECT(id, business_id, account_id, account_version)",),
    ("checks.check", "incust_app"): ("SELECT", "INSERT", "UPDATE"),
    ("checks.check", "incust_lookup"): ("SELECT",),
    ("checks.check_line", "incust_app"): ("SELECT", "INSERT", "UPDATE"),
    ("checks.refund", "incust_app"): ("SELECT", "INSERT"),
    ("checks.verification", "incust_app"): ("SELECT", "INSERT", "DELETE"),
    ("checks.balance_import", "incust_app"): ("SELECT", "INSERT"),
    ("checks.verification", "incust_lookup"): ("SELECT",),
    ("customers.stored_answer", "incust_app"): ("SELECT", "INSERT", "UPDATE", "DELETE"),
    ("customers.stored_answer", "incust_lookup"): ("SELECT", "DELETE"),
}  # fmt: skip

CALLED_BY_THE_APPLICATION = {
    "ledger.open_account": "incust_ledger",
    "ledger.hold_points": "incust_ledger",
    "ledger.release_holds": "incust_ledger",
    "ledger.record_lapsed": "incust_ledger",
    "ledger.post_check": "incust_ledger",
    "ledger.refund_check": "incust_ledger",
    "ledger.post_correction": "incust_ledger",
    "ledger.post_imports": "incust_ledger",
    "ledger.expired_lots": "incust_lookup",
    "ledger.businesses": "incust_lookup",
    "checks.lapsed_reservations": "incust_lookup",
    "checks.businesses_to_verify": "incust_lookup",
    "checks.verification_summary": "incust_lookup",
    "checks.prune_idempotency_keys": "incust_lookup",
}
INNER = {
    "ledger.settle_account": "incust_ledger",
    "ledger.expire_lots": "incust_ledger",
    "ledger.spend_lots": "incust_ledger",
    "ledger.form_lots": "incust_ledger",
    "ledger.restore_lots": "incust_ledger",
}
"""Functions that rely on a lock which their caller holds: the application calls none of them."""

STATEMENTS = {
    "SELECT": "SELECT {column} FROM {table}",
    "INSERT": "INSERT INTO {table} ({column}) OVERRIDING SYSTEM VALUE VALUES (NULL)",
    "UPDATE": "UPDATE {table} SET {column} = DEFAULT",
    "DELETE": "DELETE FROM {table}",
    "TRUNCATE": "TRUNCATE {table} CASCADE",
}


def of_columns(administrator: Administrator) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for table, column, _ in columns(administrator):
        found.setdefault(table, []).append(column)
    return found


def rights(administrator: Administrator, table: str, names: list[str], role: str) -> tuple[str, ...]:
    """As spelt in RIGHTS."""
    held = []
    for right in ("SELECT", "INSERT", "UPDATE", "REFERENCES"):
        some = [name for name in names if may(administrator, "column", role, table, right, name)]
        if some:
            held.append(right if some == names else f"{right}({', '.join(some)})")
    whole = [right for right in ("DELETE", "TRUNCATE", "TRIGGER") if may(administrator, "table", role, table, right)]
    return (*held, *whole)


def may(administrator: Administrator, what: str, role: str, table: str, right: str, column: str | None = None) -> bool:
    members = [role, table, *([column] if column else []), right]
    asked = sql.SQL("SELECT has_{}_privilege({})").format(
        sql.SQL(what), sql.SQL(", ").join(sql.Placeholder() for _ in members)
    )
    return administrator.execute(asked, members).fetchone() == (True,)


def is_denied(administrator: Administrator, role: str, statement: str) -> bool:
    """Whether it is a right that the role lacks; that the statement fails for another reason is none of ours."""
    try:
        with acting_as(administrator, role):
            administrator.execute(statement)
    except errors.InsufficientPrivilege as error:
        return "permission denied" in str(error)
    except psycopg.Error:
        return False
    return False


@pytest.mark.parametrize("role", [*ROLES, "public"])
def test_each_role_has_these_rights_and_no_other(administrator: Administrator, role: str) -> None:
    found = {
        (table, role): held
        for table, names in of_columns(administrator).items()
        if (held := rights(administrator, table, names, role))
    }
    assert found == {key: held for key, held in RIGHTS.items() if key[1] == role}


def not_granted(role: str, table: str, names: list[str]) -> list[str]:
    """A statement for each right that the role lacks on the table; for each column of it where it has some."""
    statements = []
    held = RIGHTS.get((table, role), ())
    for right, statement in STATEMENTS.items():
        some = (
            next((one for one in held if one.startswith(f"{right}(")), "").removeprefix(f"{right}(").removesuffix(")")
        )
        missing = [name for name in names if name not in some.split(", ")] if some else names[:1]
        if right not in held:
            statements += [statement.format(table=table, column=column) for column in missing]
    return statements


def schemas_that_refer(administrator: Administrator, schema: str) -> list[str]:
    """Schemas with tables whose foreign keys lead into this one."""
    found = administrator.execute(
        "SELECT DISTINCT r.relnamespace::regnamespace::text FROM pg_constraint k JOIN pg_class r ON r.oid = k.conrelid"
        " JOIN pg_class t ON t.oid = k.confrelid WHERE t.relnamespace = %s::regnamespace",
        [schema],
    ).fetchall()
    return [name for (name,) in found]


@pytest.mark.parametrize("role", ROLES)
def test_what_is_not_granted_is_refused_until_it_is(administrator: Administrator, role: str) -> None:
    for table, names in of_columns(administrator).items():
        statements = not_granted(role, table, names)
        assert [one for one in statements if not is_denied(administrator, role, one)] == []
        with undone(administrator):
            schema = table.partition(".")[0]
            administrator.execute(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
            administrator.execute(f"GRANT {', '.join(STATEMENTS)} ON ALL TABLES IN SCHEMA {schema} TO {role}")
            # TRUNCATE reaches the tables behind, also those of other rooms.
            for behind in schemas_that_refer(administrator, schema):
                administrator.execute(f"GRANT USAGE ON SCHEMA {behind} TO {role}")
                administrator.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA {behind} TO {role}")
            assert [one for one in statements if is_denied(administrator, role, one)] == []


def functions(administrator: Administrator) -> list[tuple[str, str, str, bool, list[str] | None]]:
    """(name, identity with arguments, owner, SECURITY DEFINER, settings) of the guarded schemas."""
    return administrator.execute(
        "SELECT n.nspname || '.' || p.proname, p.oid::regprocedure::text, p.proowner::regrole::text, p.prosecdef,"
        " p.proconfig FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname = ANY(%s) AND p.prorettype <> 'trigger'::regtype",
        [list(GUARDED_SCHEMAS)],
    ).fetchall()


class TestFunctions:
    def test_those_that_run_as_another_run_as_these(self, administrator: Administrator) -> None:
        found = {name: owner for name, _, owner, as_owner, _ in functions(administrator) if as_owner}
        assert found == CALLED_BY_THE_APPLICATION | INNER

    def test_all_others_are_the_owners_and_run_as_their_caller(self, administrator: Administrator) -> None:
        assert {owner for _, _, owner, as_owner, _ in functions(administrator) if not as_owner} == {"incust_owner"}

    def test_each_resolves_names_by_a_path_of_its_own(self, administrator: Administrator) -> None:
        without = [
            name
            for name, *_, settings in functions(administrator)
            if "search_path=pg_catalog, pg_temp" not in (settings or [])
        ]
        assert without == []

    def test_the_application_calls_no_inner_function_until_it_may(self, administrator: Administrator) -> None:
        tried = []
        for name, identity, *_ in functions(administrator):
            if name in INNER:
                with undone(administrator):
                    call = f"SELECT {name}({', '.join(nulls(administrator, identity))})"
                    assert is_denied(administrator, "incust_app", call), call
                    administrator.execute(f"GRANT EXECUTE ON FUNCTION {identity} TO incust_app")
                    assert not is_denied(administrator, "incust_app", call), call
                tried.append(name)
        assert sorted(tried) == sorted(INNER)

    @pytest.mark.parametrize("role", ["incust_app", "incust_owner"])
    def test_who_may_call_what_runs_as_another(self, administrator: Administrator, role: str) -> None:
        """The owner is a member of the narrow roles, so nothing of theirs is closed to him."""
        may_call = {
            name for name, identity, _, as_owner, _ in functions(administrator)
            if as_owner and executes(administrator, role, identity)
        }  # fmt: skip
        assert may_call == set(CALLED_BY_THE_APPLICATION) | (set(INNER) if role == "incust_owner" else set())

    def test_nobody_else_may(self, administrator: Administrator) -> None:
        for role in ("public", "incust_relay"):
            for name, identity, _, as_owner, _ in functions(administrator):
                assert not (as_owner and executes(administrator, role, identity)), (role, name)


def executes(administrator: Administrator, role: str, identity: str) -> bool:
    return administrator.execute("SELECT has_function_privilege(%s, %s, 'EXECUTE')", [role, identity]).fetchone() == (
        True,
    )


def nulls(administrator: Administrator, identity: str) -> list[str]:
    """An argument list of the function's types, all empty."""
    types = administrator.execute(
        "SELECT format_type(t.oid, NULL) FROM pg_proc p, unnest(p.proargtypes) WITH ORDINALITY AS t (oid, position)"
        " WHERE p.oid = %s::regprocedure ORDER BY t.position",
        [identity],
    ).fetchall()
    return [f"NULL::{name}" for (name,) in types]


class TestRoles:
    def one(self, administrator: Administrator, query: str) -> Any:
        return administrator.execute(query).fetchall()

    def test_none_walks_through_policies_or_makes_roles(self, administrator: Administrator) -> None:
        assert self.one(
            administrator,
            "SELECT rolname FROM pg_roles WHERE rolname ~ '^incust_' AND (rolsuper OR rolbypassrls OR rolcreaterole"
            " OR rolcreatedb OR rolreplication)",
        ) == []  # fmt: skip

    def test_nobody_signs_in_as_a_narrow_role(self, administrator: Administrator) -> None:
        assert self.one(
            administrator, "SELECT rolname FROM pg_roles WHERE rolname ~ '^incust_' AND rolcanlogin ORDER BY 1"
        ) == [("incust_app",), ("incust_owner",)]  # fmt: skip

    def test_only_the_owner_is_a_member_of_others(self, administrator: Administrator) -> None:
        assert self.one(
            administrator,
            "SELECT m.member::regrole::text, m.roleid::regrole::text FROM pg_auth_members m"
            " WHERE m.member::regrole::text ~ '^incust_' ORDER BY 2",
        ) == [("incust_owner", f"incust_{role}") for role in ("ledger", "lookup", "relay")]
