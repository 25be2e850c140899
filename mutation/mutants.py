"""The mutants: functions of the template broken in one place, and guards of its tables taken away."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from tests.integration.guards.catalogue import columns, guards, policies, tables

from .operators import changes_of

SCHEMAS = ("ledger", "checks")
OTHER_FUNCTIONS = (
    "businesses.resolve_terminal", "customers.consume_confirmation", "customers.may_try_confirmation",
    "customers.note_confirmation", "customers.strength_of", "customers.use_identification", "customers.refuse_replay",
    "programs.current_version", "messaging.enqueue",
)  # fmt: skip
"""Functions of other rooms that a till's request runs through on its way to the ledger."""


TRIALS_OF = {
    "guard": "test_tables",
    "policy": "test_row_security",
    "right": "test_rights",
    "column": "test_columns",
}
"""Kinds of guards, and the module that has their trials."""


@dataclass(frozen=True)
class Mutant:
    """``subject`` is the function or table, ``at`` the line that is changed, without its indent.

    ``undo`` restores what it was (None: only a new copy of the template does).
    """

    subject: str
    kind: str
    line: int
    at: str
    change: str
    apply: str
    undo: str | None
    is_of_trigger: bool = False

    @property
    def is_guard(self) -> bool:
        return self.kind in TRIALS_OF

    @property
    def key(self) -> str:
        """Changes when the function does, so that results of an older text do not count."""
        return hashlib.sha256(f"{self.subject}\n{self.apply}".encode()).hexdigest()[:16]


def function_mutants(template: psycopg.Connection[Any]) -> Iterator[Mutant]:
    found = template.execute(
        "SELECT n.nspname || '.' || p.proname, pg_get_functiondef(p.oid), p.prosrc, p.proconfig,"
        " p.oid::regprocedure::text, p.prorettype = 'trigger'::regtype"
        " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname = ANY(%s) OR n.nspname || '.' || p.proname = ANY(%s)"
        " ORDER BY n.nspname <> 'ledger', n.nspname <> 'checks', 1",
        [list(SCHEMAS), list(OTHER_FUNCTIONS)],
    ).fetchall()
    for name, definition, body, settings, identity, is_of_trigger in found:
        before, after = definition.split(body, 1) if definition.count(body) == 1 else ("", "")
        if not before:
            raise ValueError(f"the text of {name} is not found in its own definition")
        for change in changes_of(body):
            mutated = body[: change.start] + change.text + body[change.end :]
            yield Mutant(
                subject=name,
                kind=change.kind,
                line=body.count("\n", 0, change.start),
                at=line_at(body, change.start),
                change=f"{shown(body[change.start : change.end])} → {shown(change.text)}",
                apply=before + mutated + after,
                undo=definition,
                is_of_trigger=is_of_trigger,
            )
        if any(setting.startswith("lock_timeout") for setting in settings or []):
            reset = f"ALTER FUNCTION {identity} RESET lock_timeout"
            yield Mutant(name, "timeout", 0, "", "lock_timeout dropped", reset, definition)


def line_at(body: str, place: int) -> str:
    end = body.find("\n", place)
    return body[body.rfind("\n", 0, place) + 1 : end if end >= 0 else len(body)].strip()


def shown(text: str) -> str:
    one_line = " ".join(text.split()) or "(nothing)"
    return one_line if len(one_line) <= 60 else f"{one_line[:57]}…"


def guard_mutants(template: psycopg.Connection[Any]) -> Iterator[Mutant]:
    def mutant(table: str, kind: str, change: str, apply: str, undo: str | None = None) -> Mutant:
        return Mutant(subject=table, kind=kind, line=0, at="", change=change, apply=apply, undo=undo)

    for guard in guards(template).values():
        yield mutant(guard.table, "guard", f"{guard.kind} {guard.name} dropped", guard.dropping)
    for table, policy in sorted(policies(template)):
        for what in ("USING (true)", "WITH CHECK (true)"):
            if policy == "business" or what == "USING (true)":
                yield mutant(table, "policy", f"{policy} {what}", f"ALTER POLICY {policy} ON {table} {what}")
        yield mutant(table, "policy", f"{policy} dropped", f"DROP POLICY {policy} ON {table}")
    for table in tables(template):
        for what, undo in (("DISABLE", "ENABLE"), ("NO FORCE", "FORCE")):
            apply = f"ALTER TABLE {table} {what} ROW LEVEL SECURITY"
            yield mutant(table, "policy", f"row level security {what.lower()}", apply, apply.replace(what, undo))
        for role in ("incust_app", "incust_ledger", "incust_lookup", "incust_relay", "PUBLIC"):
            for right in ("INSERT", "UPDATE", "DELETE", "TRUNCATE"):
                if not has(template, role, table, right):
                    apply, undo = f"GRANT {right} ON {table} TO {role}", f"REVOKE {right} ON {table} FROM {role}"
                    yield mutant(table, "right", f"{right} granted to {role}", apply, undo)
    for table, column, may_be_empty in columns(template):
        if not may_be_empty and column not in ("id", "key", "business_id", "terminal_id"):
            apply = f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL"
            yield mutant(table, "column", f"{column} may be empty", apply, apply.replace("DROP", "SET"))


def has(template: psycopg.Connection[Any], role: str, table: str, right: str) -> bool:
    asked = template.execute("SELECT has_table_privilege(%s, %s, %s)", [role.lower(), table, right])
    return asked.fetchone() == (True,)
