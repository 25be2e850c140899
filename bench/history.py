"""Databases with a past: as many guests as wished, with their checks, postings, entries, holds and lots.

Rows are made by the server itself, with triggers off, and all that is kept twice agrees: `incust ledger verify` passes.
What was made is kept for the next run, as long as the files that made it are the same. Migrations that came since are
applied to it as to any database that is in use.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from . import chain, database, story
from .chain import Chain
from .progress import Progress

SQL = Path(__file__).parent / "sql"
ROOMS = ("customers", "ledger", "checks")
"""Schemas whose tables get rows by the million."""
WORK_MEMORY = "512MB"


@dataclass(frozen=True, kw_only=True)
class History:
    """A database and who is in it. `seconds` is how long it took to make; `fresh` whether that was just now."""

    database: str
    chain: Chain
    seconds: float
    fresh: bool


def ready(name: str, *, guests: int, terminals: int, progress: Progress) -> History:
    """The database `name` with that many guests: as an earlier run left it, or made anew."""
    ingredients = _ingredients(guests, terminals)
    made = _made(name, ingredients)
    if made is not None:
        return History(database=name, chain=Chain(**made["cafe"]), seconds=made["seconds"], fresh=False)
    started = time.monotonic()
    progress.say(f"{name}: migrating")
    database.make_anew(name)
    database.run(name, "bench.chain", str(guests), str(terminals))
    cafe = Chain(**json.loads(chain.written(name).read_text()))
    fill(name, cafe, progress)
    seconds = time.monotonic() - started
    with database.administrator(name) as admin:
        made_of = [json.dumps(ingredients), seconds, json.dumps(asdict(cafe))]
        admin.execute("INSERT INTO bench.made VALUES (%s, %s, %s)", made_of)
    return History(database=name, chain=cafe, seconds=seconds, fresh=True)


def size_mb(name: str) -> float:
    """What the database takes on the disk."""
    with database.administrator() as admin:
        return float(admin.execute("SELECT pg_database_size(%s)", [name]).fetchone()[0]) / 2**20


def count_of(name: str, table: str) -> int:
    """Rows of a table, counted one by one."""
    with database.administrator(name) as admin:
        return int(admin.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def fill(name: str, cafe: Chain, progress: Progress) -> None:
    """Give the chain in that database its past."""
    with database.administrator(name) as admin:
        admin.execute((SQL / "plan.sql").read_text())
        _write_plan(admin, cafe)
        indexes = _drop_plain_indexes(admin)
        steps = len(_statements("guests")) + story.VISITS_MAX * sum(len(_statements(x)) for x in ("ledger", "checks"))
        progress.begin(f"{name}: rows", steps + len(indexes) + 1)
        _run(admin, "guests", progress)
    # On the two halves of the tables at once; with keys and triggers off neither looks at the other's rows.
    with ThreadPoolExecutor(2) as side_by_side:
        for done in [side_by_side.submit(_run_visits, name, which, progress) for which in ("ledger", "checks")]:
            done.result()
        for done in [side_by_side.submit(_execute, name, index, progress) for index in indexes]:
            done.result()
    with database.administrator(name) as admin:
        for sequence, table, column in _sequences(admin):
            admin.execute(f"SELECT setval('{sequence}', (SELECT coalesce(max({column}), 1) FROM {table}))")
        admin.execute("VACUUM (FREEZE, ANALYZE)")
        admin.execute("CHECKPOINT")
        progress.advance()


def _write_plan(admin: Any, cafe: Chain) -> None:
    admin.execute(
        "INSERT INTO bench.setting SELECT * FROM jsonb_to_record(%s::jsonb) AS s (guests bigint, stories integer,"
        " visits integer, business_id bigint, program_version_id bigint, till_account_id bigint,"
        " terminal_id_first bigint, terminals integer, terminals_of_place integer, place_id_first bigint), now()",
        [json.dumps({**asdict(cafe), "stories": story.STORIES, "visits": story.VISITS_MAX})],
    )
    for number in range(story.STORIES):
        for visit in story.visits_of(number):
            row = visit.as_row()
            values = ", ".join(f"%({column})s" for column in row)
            admin.execute(f"INSERT INTO bench.visit ({', '.join(row)}) VALUES ({values})", row)
    admin.execute("ANALYZE bench.visit")


def _run_visits(name: str, which: str, progress: Progress) -> None:
    with database.administrator(name) as admin:
        for visit in range(story.VISITS_MAX):
            admin.execute(f"SET bench.visit = {visit}")
            _run(admin, which, progress)


def _run(admin: Any, which: str, progress: Progress) -> None:
    admin.execute("SET session_replication_role = replica; SET synchronous_commit = off")
    for statement in _statements(which):
        admin.execute(statement)
        progress.advance()


def _execute(name: str, statement: str, progress: Progress) -> None:
    with database.administrator(name) as admin:
        admin.execute(f"SET maintenance_work_mem = '{WORK_MEMORY}'; SET max_parallel_maintenance_workers = 0")
        admin.execute("SET synchronous_commit = off")
        admin.execute(statement)
    progress.advance()


def _statements(which: str) -> list[str]:
    return re.split(r"(?<=;)\n\n", (SQL / f"{which}.sql").read_text().strip())


def _drop_plain_indexes(admin: Any) -> list[str]:
    """Drop what is quicker built afterwards, and say how to build it. Constraints keep theirs: others refer to them."""
    found = admin.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = ANY(%s) AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)",
        [list(ROOMS)],
    ).fetchall()
    for index, _definition in found:
        admin.execute(f"DROP INDEX {index}")
    return [definition for _index, definition in found]


def _sequences(admin: Any) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = admin.execute(
        "SELECT pg_get_serial_sequence(format('%%I.%%I', table_schema, table_name), column_name),"
        " format('%%I.%%I', table_schema, table_name), format('%%I', column_name) FROM information_schema.columns"
        " WHERE table_schema = ANY(%s) AND is_identity = 'YES'",
        [list(ROOMS)],
    ).fetchall()
    return found


def _made(name: str, ingredients: dict[str, str]) -> dict[str, Any] | None:
    with database.administrator() as admin:
        if admin.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            return None
    with database.administrator(name) as admin:
        if admin.execute("SELECT to_regclass('bench.made')").fetchone()[0] is None:
            return None
        row = admin.execute("SELECT ingredients, seconds, cafe FROM bench.made").fetchone()
    if row is None or not row[0].items() <= ingredients.items():
        return None
    database.run(name, "incust", "migrate")
    return {"seconds": row[1], "cafe": row[2]}


def _ingredients(guests: int, terminals: int) -> dict[str, str]:
    """Everything that made the rows, with a digest of its content: the migrations, and the files of the bench."""
    source = database.ROOT / "src" / "incust"
    files = [*source.glob("*/migrations/0*"), *SQL.glob("*.sql")]
    files += [Path(module.__file__ or "") for module in (story, chain)]
    found = {str(path.relative_to(database.ROOT)): _digest(path) for path in files}
    return {**found, "guests": str(guests), "terminals": str(terminals)}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
