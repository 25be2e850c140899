"""An account's goods are kept in step: read whole on connecting, on Poster's webhooks, every night and on request.

However many webhooks ask for it, one reading serves all that came before it began.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone
from psycopg.types.json import Jsonb

from incust.businesses.models import TillAccount
from incust.businesses.problems import Problem
from incust.businesses.tenancy import in_business
from incust.checks.verify import every_business
from incust.messaging.outbox import Event, TryLater, enqueue, handles

from .catalogue_answer import Catalogue, CatalogueNonsense, ask_catalogue
from .catalogue_models import CatalogueRun, Product
from .installations import api_of
from .problems import AccountUnknown, PosterUnavailable
from .receipt_words import reason_of

TOPIC = "poster-catalogue"
HOOK_OBJECTS = ("product", "dish", "category", "workshop")
"""Poster's objects whose webhooks ask for a reading; ``poster.store_webhook`` names them too."""
DEADLINE_S = 20.0
CLAIMED_FOR = timedelta(seconds=40)
"""Longer than a reading takes. Who was killed in the middle keeps the account from others for so long."""
CLAIMED_PAUSE = timedelta(seconds=2)
TRIES_MAX = 6
PAUSE_MAX = timedelta(minutes=10)

log = logging.getLogger(__name__)


class CatalogueClaimed(Exception):
    """Another one reads this account's goods just now."""


def ask_for_catalogue(business_id: int, account_id: int) -> None:
    """Have the worker read the account's goods. Inside ``in_business``; it happens if that commits."""
    enqueue(business_id, TOPIC, {"account_id": account_id})


def read_catalogue(business_id: int, account_id: int, *, asked_at: datetime | None = None) -> bool:
    """Read the account's goods and keep them, all or none. Call outside of transactions.

    False where nothing had to be stored: a reading that began after ``asked_at``, or after this one, is there already.
    Raises `CatalogueClaimed`, and `CatalogueNonsense` and what the API client raises; these stand on the page of goods
    until a reading succeeds, and what was read before stays.
    """
    run = _claim(business_id, account_id)
    try:
        if asked_at is not None and run.began_at is not None and run.began_at > asked_at:
            return False
        began_at = timezone.now()
        with api_of(business_id, account_id, deadline_s=DEADLINE_S) as api:
            catalogue = ask_catalogue(api)
        return _store(business_id, account_id, catalogue, began_at=began_at)
    except AccountUnknown:
        raise
    except Problem as problem:
        with in_business(business_id):
            CatalogueRun.objects.filter(id=run.id).update(failures=F("failures") + 1, fault=reason_of(problem))
        raise
    finally:
        with in_business(business_id):
            CatalogueRun.objects.filter(id=run.id, claimed_until=run.claimed_until).update(claimed_until=None)


def _claim(business_id: int, account_id: int) -> CatalogueRun:
    now = timezone.now()
    with in_business(business_id):
        CatalogueRun.objects.get_or_create(business_id=business_id, till_account_id=account_id)
        free = CatalogueRun.objects.filter(Q(claimed_until=None) | Q(claimed_until__lt=now), till_account_id=account_id)
        if not free.update(claimed_until=now + CLAIMED_FOR):
            raise CatalogueClaimed
        return CatalogueRun.objects.get(till_account_id=account_id)


def _store(business_id: int, account_id: int, catalogue: Catalogue, *, began_at: datetime) -> bool:
    with in_business(business_id), connection.cursor() as cursor:
        known = Product.objects.filter(till_account_id=account_id, removed_at=None)
        if not catalogue.products and known.exists():
            # Nobody closes a café by emptying its menu: to believe it would mark all goods as gone.
            raise CatalogueNonsense
        cursor.execute("SET LOCAL statement_timeout = '30s'")
        cursor.execute(
            "SELECT poster.take_catalogue(%s, %s, %s, %s, %s, %s, %s)",
            [
                business_id, account_id, Jsonb(catalogue.categories), Jsonb(catalogue.stations),
                Jsonb(catalogue.products), began_at, timezone.now(),
            ],
        )  # fmt: skip
        return bool(cursor.fetchone()[0])


@handles(TOPIC, long=True)
def read_when_asked(event: Event) -> None:
    """A Poster that does not answer, or not sensibly, is asked again a few times; then the next night does it."""
    business_id, account_id = event.business_id, int(event.payload["account_id"])
    try:
        read_catalogue(business_id, account_id, asked_at=event.created_at)
    except CatalogueClaimed:
        raise TryLater("catalogue-claimed", at=timezone.now() + CLAIMED_PAUSE) from None
    except (PosterUnavailable, CatalogueNonsense) as problem:
        with in_business(business_id):
            failures = CatalogueRun.objects.values_list("failures", flat=True).get(till_account_id=account_id)
        if failures < TRIES_MAX:
            pause = min(timedelta(seconds=5 * 2**failures), PAUSE_MAX)
            raise TryLater(problem.code, at=timezone.now() + pause) from None
    except Problem as problem:
        # Only a person can help, or nobody needs to: the account was disconnected meanwhile.
        log.info("goods of account %s were not read: %s", account_id, problem.code)


def ask_for_all_catalogues() -> int:
    """Every connected account of every business gets a job of its own; returns how many."""
    asked = 0
    for business_id in every_business():
        with in_business(business_id):
            accounts = TillAccount.objects.filter(system="poster", connected=True).order_by("id")
            for account_id in accounts.values_list("id", flat=True):
                CatalogueRun.objects.filter(till_account_id=account_id).update(failures=0)
                ask_for_catalogue(business_id, account_id)
                asked += 1
    return asked
