"""Work over rows of all businesses, each in a transaction of its own: a bad one does not stop the others."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError, connection
from psycopg.errors import LockNotAvailable

from .tenancy import in_business

log = logging.getLogger(__name__)


def done_alone(work: Callable[[int, int], bool], business_id: int, subject: int, *, what: str) -> bool:
    """Run ``work(business_id, subject)`` in the business; True where it had an effect. Only for work that a later run
    would do again if it were lost.

    What a till is working on just now is left for the next time. What the database refuses is logged, undone, and no
    reason to stop. A lost connection is one: it raises.
    """
    try:
        with in_business(business_id):
            with connection.cursor() as cursor:
                # A crash may undo it: the next run does it again, and nobody waits for the disk meanwhile.
                cursor.execute("SET LOCAL synchronous_commit = off")
            return work(business_id, subject)
    except DatabaseError as error:
        if connection.connection is None or connection.connection.closed:
            raise
        if not isinstance(error.__cause__, LockNotAvailable):
            log.exception("%s: number %s of business %s was refused", what, subject, business_id)
        return False
