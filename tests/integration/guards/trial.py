"""A guard on trial: what it refuses it refuses alone, for once it is gone the same statement passes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from incust.config.database import OWNER_ROLE

from .catalogue import Administrator

OUR_BUSINESS = 1
FOREIGN_BUSINESS = 2


@dataclass(frozen=True)
class Trial:
    """``guard`` (schema.table.name) refuses ``statement``, which the schema's owner tries inside our business.

    ``behind``: guards that would refuse it as well, and are taken away beforehand.
    """

    guard: str
    statement: str
    behind: tuple[str, ...] = ()


def insert(table: str, usual: dict[str, Any], **unusual: Any) -> str:
    """INSERT of a row that nothing refuses, but for its unusual values. Text is quoted; ``SQL(...)`` is not."""
    values = usual | unusual
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(map(literal, values.values()))})"


class SQL(str):
    """An expression rather than a text."""


def literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, SQL | int | bool):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


@contextmanager
def undone(administrator: Administrator) -> Iterator[None]:
    """Whatever happens inside, changes of the schema included, has not happened afterwards."""
    with administrator.transaction(force_rollback=True):
        yield


@contextmanager
def acting_as(
    administrator: Administrator, role: str = OWNER_ROLE, business: int | None = OUR_BUSINESS
) -> Iterator[None]:
    """Statements inside are those of ``role``, bound to ``business``; a refusal inside is undone."""
    with administrator.transaction():
        administrator.execute(f"SET LOCAL ROLE {role}")
        administrator.execute("SELECT set_config('incust.business_id', %s, true)", [str(business or "")])
        yield
        administrator.execute("RESET ROLE")
