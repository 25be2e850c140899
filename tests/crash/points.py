"""Points at which a kill can be made to fall, seen from outside: a trigger of the database's owner waits there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.crash.deployment import Deployment, until

STAYS_FOR_S = 3
"""How long a statement waits at an armed point, unless it is killed there. Those of the web are cut sooner."""
REACHED_WITHIN_S = 30

WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = 'incust' AND wait_event = 'PgSleep' AND pid <> pg_backend_pid()
"""
INSTALL = f"""
CREATE SCHEMA crash;
GRANT USAGE ON SCHEMA crash TO PUBLIC;
CREATE TABLE crash.armed (point text PRIMARY KEY);
GRANT SELECT ON crash.armed TO PUBLIC;
CREATE FUNCTION crash.wait_here() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM crash.armed a WHERE a.point = TG_ARGV[0]) THEN
    PERFORM pg_sleep({STAYS_FOR_S});
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
"""


@dataclass(frozen=True, kw_only=True)
class Point:
    """A moment in the life of an operation: before or after a row of this table is written."""

    when: str
    table: str

    @property
    def name(self) -> str:
        return f"{self.when.lower()} on {self.table}"

    def trigger(self) -> str:
        return f"""CREATE TRIGGER crash_{self.when.lower().replace(" ", "_")} {self.when} ON {self.table}
          FOR EACH ROW EXECUTE FUNCTION crash.wait_here('{self.name}')"""


ENTRIES_WRITTEN = Point(when="AFTER INSERT", table="ledger.entry")
ANSWER_STORED = Point(when="AFTER INSERT", table="customers.stored_answer")
"""All of an operation is written then; only the commit is missing."""
HOLD_TAKEN = Point(when="AFTER INSERT", table="ledger.hold")
HOLD_RESOLVED = Point(when="AFTER UPDATE", table="ledger.hold")
REFUND_WRITTEN = Point(when="AFTER INSERT", table="checks.refund")
JOB_DEFERRED = Point(when="AFTER INSERT", table="public.procrastinate_jobs")
"""In the relay's one statement: the event is marked as taken, its job is written."""
EVENT_HANDLED = Point(when="BEFORE DELETE", table="messaging.outbox")

ALL = (
    ENTRIES_WRITTEN, ANSWER_STORED, HOLD_TAKEN, HOLD_RESOLVED, REFUND_WRITTEN, JOB_DEFERRED,
    EVENT_HANDLED,
)  # fmt: skip


@contextmanager
def installed(deployment: Deployment) -> Iterator[None]:
    """Triggers stand at every point while the block lasts; they wait for nothing until they are armed."""
    with deployment.books() as books:
        books.execute(INSTALL)
        for point in ALL:
            books.execute(point.trigger())
    try:
        yield
    finally:
        with deployment.books() as books:
            books.execute("DROP SCHEMA crash CASCADE")


@contextmanager
def armed(deployment: Deployment, *points: Point) -> Iterator[None]:
    """Whoever gets to one of the points from now on waits there. Points are disarmed by `reached`, or at the end."""
    with deployment.books() as books:
        for point in points:
            books.execute("INSERT INTO crash.armed VALUES (%s)", [point.name])
    try:
        yield
    finally:
        until(lambda: _disarm(deployment), "the database did not come back")


def reached(deployment: Deployment, waiting: int = 1) -> None:
    """Wait until so many statements wait at a point; whoever comes later passes it."""

    # On one connection, so that little time is lost: a statement of the web is cut if it waits for long.
    with deployment.books() as books:

        def there() -> bool:
            row = books.execute(WAITING).fetchone()
            return row is not None and row[0] >= waiting

        until(there, "nobody came to the point", REACHED_WITHIN_S)
        books.execute("DELETE FROM crash.armed")


def _disarm(deployment: Deployment) -> bool:
    with deployment.books() as books:
        books.execute("DELETE FROM crash.armed")
    return True
