"""Guests from Poster: a dry run that tells what would happen, then the import itself. Both are one code.

A job of the worker's, page by page: Poster is asked, then one call of the database does a page in one transaction and
notes how far the import is. So it goes on where it was after a kill, and doing it all again changes nothing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, IntegrityError, connection
from django.db.models import F
from django.utils import timezone
from psycopg import errors
from psycopg.types.json import Jsonb

from incust.businesses.audit import record_change
from incust.businesses.models import Business, TillAccount, User
from incust.businesses.problems import Problem
from incust.businesses.prune import prune
from incust.businesses.tenancy import in_business
from incust.messaging.outbox import Event, TryLater, enqueue, handles

from .client_fields import client_of_row
from .client_models import ClientImport
from .client_pages import about_how_many, page_after
from .installations import api_of
from .problems import AccountUnknown, CurrencyUnknown, ImportUnderWay, PosterUnavailable
from .read_account import read_currency

TOPIC = "poster-client-import"
SLICE_S = 10.0
"""Then the job puts itself off to the next second: a worker that ends waits little longer for it."""
TRIES_MAX = 10
PAUSE_MAX = timedelta(minutes=2)
COLLISIONS_MAX = 5
PAUSE_AFTER_COLLISION_S = 0.2
RESULTS_KEPT_FOR = timedelta(days=30)
# One that nobody has touched since goes on no more: it would not know whom its earlier pages skipped.
DELETE_RESULTS = """
WITH given_up AS (
  UPDATE poster.client_import SET state = 'failed'
  WHERE business_id = %(business)s AND state IN ('waiting', 'running') AND touched_at < %(older_than)s)
DELETE FROM poster.imported_client WHERE business_id = %(business)s AND id IN (
  SELECT c.id FROM poster.imported_client c JOIN poster.client_import i ON i.id = c.client_import_id
  WHERE i.business_id = %(business)s AND i.touched_at < %(older_than)s LIMIT %(rows)s)
"""
STUCK_AFTER = timedelta(minutes=10)
_COLLISIONS = (errors.UniqueViolation, errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure)

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class ImportClients:
    """``dry_run`` tells and changes no guest. ``with_balances``: Poster's bonuses come along, once per client."""

    business_id: int
    account_id: int
    dry_run: bool
    with_balances: bool
    user: User


def start_import(request: ImportClients, *, now: datetime) -> int:
    """Put an import on its way; returns its number. What the account's earlier imports kept of clients is forgotten.

    Raises `AccountUnknown` for one that is not connected, `ImportUnderWay` while another one runs.
    """
    of_account = {"business_id": request.business_id, "till_account_id": request.account_id}
    try:
        with in_business(request.business_id):
            account = TillAccount.objects.filter(id=request.account_id, connected=True).first()
            if account is None:
                raise AccountUnknown
            started = ClientImport.objects.create(
                **of_account, dry_run=request.dry_run, with_balances=request.with_balances,
                actor=f"user:{request.user.pk}", asked_at=now, touched_at=now,
            )  # fmt: skip
            earlier = ClientImport.objects.filter(till_account_id=request.account_id).values_list("id", flat=True)
            _forget_results(request.business_id, earlier)
            record_change(
                business_id=request.business_id, user=request.user, subject=account.name,
                action="poster.guests_tried" if request.dry_run else "poster.guests_brought",
            )  # fmt: skip
            enqueue(request.business_id, TOPIC, {"import_id": started.pk})
    except IntegrityError:
        raise ImportUnderWay from None
    return started.pk


def resume_import(*, business_id: int, import_id: int, now: datetime) -> None:
    """Let an import that failed, or that nobody has touched for a while, go on where it is. Repeating is harmless.

    Raises `ImportUnderWay` where another one of the account runs.
    """
    try:
        with in_business(business_id):
            found = ClientImport.objects.select_for_update(no_key=True).filter(id=import_id).first()
            if found is None or not may_resume(found, now=now):
                return
            found.state, found.tries, found.fault, found.touched_at = ClientImport.State.WAITING, 0, None, now
            found.save(update_fields=["state", "tries", "fault", "touched_at"])
            enqueue(business_id, TOPIC, {"import_id": import_id})
    except IntegrityError:
        raise ImportUnderWay from None


def may_resume(one: ClientImport, *, now: datetime) -> bool:
    stuck = one.is_under_way and one.touched_at < now - STUCK_AFTER
    return (stuck or one.state == ClientImport.State.FAILED) and one.touched_at > now - RESULTS_KEPT_FOR


def prune_results(*, now: datetime) -> int:
    """Forget what imports kept of clients more than `RESULTS_KEPT_FOR` ago, of all businesses; returns how many."""
    return prune(DELETE_RESULTS, older_than=now - RESULTS_KEPT_FOR)


def _forget_results(business_id: int, imports: Iterable[int]) -> None:
    """Forget what these imports kept of clients; the report's figures stay. Inside ``in_business``."""
    with connection.cursor() as cursor:
        # By hand: the ORM's subquery is a nested loop over a table that has just grown and has no statistics yet.
        cursor.execute(
            "DELETE FROM poster.imported_client WHERE business_id = %s AND client_import_id = ANY(%s)",
            [business_id, list(imports)],
        )


@handles(TOPIC, long=True)
def run_import(event: Event) -> None:
    """Go on with the import for `SLICE_S`; put off while there is more, or while Poster is away."""
    business_id, import_id = event.business_id, int(event.payload["import_id"])
    if not _begin(business_id, import_id):
        return
    try:
        if _pages(business_id, import_id, until=time.monotonic() + SLICE_S):
            raise TryLater("more-pages", at=timezone.now())
    except PosterUnavailable as problem:
        tries = _count_try(business_id, import_id)
        if tries <= TRIES_MAX:
            pause = min(timedelta(seconds=2**tries), PAUSE_MAX)
            raise TryLater("poster-away", at=timezone.now() + pause) from None
        _fail(business_id, import_id, problem)
    except Problem as problem:
        _fail(business_id, import_id, problem)


def _begin(business_id: int, import_id: int) -> bool:
    with in_business(business_id):
        under_way = ClientImport.objects.filter(id=import_id, state__in=["waiting", "running"])
        return under_way.update(state=ClientImport.State.RUNNING, touched_at=timezone.now()) > 0


def _pages(business_id: int, import_id: int, *, until: float) -> bool:
    """Page after page; says whether there is more to do for this job when the time is up."""
    with in_business(business_id):
        at = ClientImport.objects.get(id=import_id)
        country = Business.objects.values_list("country", flat=True).get(id=business_id)
    with api_of(business_id, at.till_account_id) as api:
        if at.expected is None:
            currency = read_currency(api)
            if at.with_balances and not currency:
                raise CurrencyUnknown
            _note_account(business_id, import_id, expected=about_how_many(api), currency=currency)
        offset, last_client_id = at.next_offset, at.last_client_id
        while True:
            page = page_after(api, offset=offset, last_client_id=last_client_id)
            clients = [client_of_row(row, country=country) for row in page.rows]
            arguments = [business_id, import_id, offset, last_client_id, Jsonb(clients), page.to_offset, page.is_last]
            if not _import_page(business_id, arguments) or page.is_last:
                return False
            offset = page.to_offset
            last_client_id = clients[-1]["client_id"] if clients else last_client_id
            if time.monotonic() > until:
                return True


def _import_page(business_id: int, arguments: list[object]) -> bool:
    """One transaction. A till that holds an account or takes a phone just now is waited for, a few times."""
    for attempt in range(1, COLLISIONS_MAX + 1):
        try:
            with in_business(business_id), connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = '60s'")
                cursor.execute(
                    "SELECT poster.import_page(%s, %s, %s, %s, %s, %s, %s, %s)", [*arguments, timezone.now()]
                )
                return bool(cursor.fetchone()[0])
        except DatabaseError as error:
            if attempt == COLLISIONS_MAX or not isinstance(error.__cause__, _COLLISIONS):
                raise
            time.sleep(PAUSE_AFTER_COLLISION_S * attempt)
    raise AssertionError("a loop that returns or raises")


def _note_account(business_id: int, import_id: int, *, expected: int, currency: str) -> None:
    with in_business(business_id):
        ClientImport.objects.filter(id=import_id).update(expected=expected, currency=currency)


def _count_try(business_id: int, import_id: int) -> int:
    with in_business(business_id):
        one = ClientImport.objects.filter(id=import_id)
        one.update(tries=F("tries") + 1)
        return one.values_list("tries", flat=True).get()


def _fail(business_id: int, import_id: int, problem: Problem) -> None:
    log.warning("import %s of clients ended: %s", import_id, problem.code)
    with in_business(business_id):
        ClientImport.objects.filter(id=import_id, state=ClientImport.State.RUNNING).update(
            state=ClientImport.State.FAILED, fault={"code": problem.code, "members": problem.members},
            touched_at=timezone.now(),
        )  # fmt: skip
