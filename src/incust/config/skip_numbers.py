"""``incust skip-numbers``: after a restore, no number that was told since the copy is ever given to anything else.

Tills keep numbers of checks and guests, owners those of corrections. What was made after the copy is gone with the
restore, but its number lives on outside; counted on from the copy, the next receipt would get it, and a till that
speaks of its own would mean a stranger's.
"""

from __future__ import annotations

import psycopg

from .database import OWNER_ROLE, connection_parameters

NUMBERS_SKIPPED = 1_000_000
"""More than any business makes between a copy and the accident; nothing against the 2^63 that there are."""

SKIP = """
SELECT setval(s.seqrelid, least(s.seqmax - 1, nextval(s.seqrelid) + %s)) FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid WHERE c.relpersistence = 'p'"""


def skip_numbers(database: str | None = None) -> int:
    """Move every sequence of the database ahead by `NUMBERS_SKIPPED`; returns how many there are. Repeating is fine."""
    with psycopg.connect(**connection_parameters(role=OWNER_ROLE, database=database)) as owner:
        return len(owner.execute(SKIP, [NUMBERS_SKIPPED]).fetchall())
