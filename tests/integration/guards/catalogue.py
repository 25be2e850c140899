"""What guards there are, asked of the database itself, and how each is taken away."""

from __future__ import annotations

from typing import Any, NamedTuple

import psycopg

Administrator = psycopg.Connection[Any]

GUARDED_SCHEMAS = ("ledger", "checks")
GUARDED_TABLES = ("customers.stored_answer",)
"""Tables of other rooms on whose guards money depends: without its key an effect would be repeated."""

TABLES = """
  SELECT c.oid, n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND (n.nspname = ANY(%(schemas)s) OR n.nspname || '.' || c.relname = ANY(%(tables)s))"""
GUARDED = {"schemas": list(GUARDED_SCHEMAS), "tables": list(GUARDED_TABLES)}


class Guard(NamedTuple):
    """A trigger, constraint or unique index of a table. Constraints are checks, keys and foreign keys alike."""

    table: str
    name: str
    kind: str

    @property
    def dropping(self) -> str:
        """The statement that takes it away, and what depends on it (foreign keys on a key)."""
        schema = self.table.partition(".")[0]
        return {
            "constraint": f"ALTER TABLE {self.table} DROP CONSTRAINT {self.name} CASCADE",
            "trigger": f"DROP TRIGGER {self.name} ON {self.table}",
            "index": f"DROP INDEX {schema}.{self.name}",
        }[self.kind]


def guards(administrator: Administrator) -> dict[str, Guard]:
    """All that hold just now, by ``schema.table.name``; a trigger that is switched off does not."""
    found = administrator.execute(
        f"""WITH guarded AS ({TABLES})
        SELECT t.name, k.conname, 'constraint' FROM pg_constraint k JOIN guarded t ON t.oid = k.conrelid
          WHERE k.contype IN ('c', 'f', 'p', 'u', 'x') AND k.convalidated
        UNION ALL
        SELECT t.name, g.tgname, 'trigger' FROM pg_trigger g JOIN guarded t ON t.oid = g.tgrelid
          WHERE NOT g.tgisinternal AND g.tgenabled IN ('O', 'A')
        UNION ALL
        SELECT t.name, x.relname, 'index' FROM pg_index i
          JOIN guarded t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
          WHERE i.indisunique AND i.indisvalid AND NOT EXISTS (
            SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))""",
        GUARDED,
    ).fetchall()
    return {f"{table}.{name}": Guard(table, name, kind) for table, name, kind in found}


def tables(administrator: Administrator) -> list[str]:
    return [name for _, name in administrator.execute(f"{TABLES} ORDER BY 2", GUARDED).fetchall()]


def columns(administrator: Administrator) -> list[tuple[str, str, bool]]:
    """(table, column, whether it may be empty)."""
    return administrator.execute(
        f"""WITH guarded AS ({TABLES})
        SELECT t.name, a.attname, NOT a.attnotnull FROM pg_attribute a JOIN guarded t ON t.oid = a.attrelid
        WHERE a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, a.attnum""",
        GUARDED,
    ).fetchall()


def policies(administrator: Administrator) -> set[tuple[str, str]]:
    """(table, policy)."""
    return set(
        administrator.execute(
            f"WITH guarded AS ({TABLES})"
            " SELECT t.name, p.polname FROM pg_policy p JOIN guarded t ON t.oid = p.polrelid",
            GUARDED,
        ).fetchall()
    )
