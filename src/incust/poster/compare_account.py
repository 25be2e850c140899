"""All receipts of an account's days are compared with ours: what no webhook told of is found here.

Every few minutes the days since the last list that was read to its end; every night the last three days, each receipt
that has a guest once more. How far it came is kept, so a restart or a Poster that was away costs nothing but time.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import DatabaseError
from django.db.models import Q, QuerySet
from django.utils import timezone

from incust.businesses.models import Business, TillAccount
from incust.businesses.problems import Problem
from incust.businesses.tenancy import in_business
from incust.checks.models import Check
from incust.checks.verify import every_business

from .api_client import PosterApi
from .claim_receipt import ReceiptClaimed
from .installations import api_of
from .list_of_receipts import ListCut, ListedReceipt, closed_receipts, removed_receipts
from .models import Receipt, ReceiptRun
from .problems import AccountArchived, AccountUnknown, TokenRefused
from .receipt_words import Reason, reason, reason_of
from .reconcile_receipt import reconcile_receipt

EVERY = timedelta(minutes=3)
BUDGET_S = 20.0
"""For one account and run; what is left goes on with the next one, so nobody waits long for a slow account."""
CLAIMED_FOR = timedelta(seconds=90)
"""Longer than a run takes. Who was killed in the middle keeps the account from others for so long."""
NIGHT_FROM_HOUR = 4
NIGHT_DAYS = 3
CAUGHT_UP_DAYS = 62
"""So far back a comparison goes that was kept from Poster: an account may be disconnected for weeks."""
DAY_ENDS_HOUR = 3
"""Until then receipts of yesterday still close."""
PAUSE_MAX = timedelta(hours=1)
OWNER_ASKED_AGAIN_AFTER = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=NIGHT_DAYS)
"""For so long a receipt that fails is tried again, with pauses that grow up to `PAUSE_MAX`."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """``looked``: receipts that Poster was asked about; ``finished``: everything there was is done."""

    looked: int
    finished: bool


def compare_account(business_id: int, account_id: int, *, now: datetime) -> Compared:
    """One run over the account's receipts. Call outside of transactions. Where another run is at work it does nothing.

    A Poster that refuses or does not answer is noted, and asked again after a pause that grows up to `PAUSE_MAX`.
    """
    with in_business(business_id):
        zone = ZoneInfo(Business.objects.values_list("time_zone", flat=True).get(id=business_id))
        ReceiptRun.objects.get_or_create(business_id=business_id, till_account_id=account_id)
    run = _claim(business_id, account_id)
    if run is None:
        return Compared(looked=0, finished=False)
    try:
        return _compare(business_id, account_id, run, now=now, zone=zone)
    finally:
        with in_business(business_id):
            ReceiptRun.objects.filter(id=run.id).update(claimed_until=None)


def _claim(business_id: int, account_id: int) -> ReceiptRun | None:
    """The account's run, for us alone until it is given back; None where another one has it."""
    with in_business(business_id):
        free = Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())
        runs = ReceiptRun.objects.filter(till_account_id=account_id)
        if not runs.filter(free).update(claimed_until=timezone.now() + CLAIMED_FOR):
            return None
        return runs.get()


def _compare(business_id: int, account_id: int, run: ReceiptRun, *, now: datetime, zone: ZoneInfo) -> Compared:
    comparison = _Comparison(business_id, account_id, run, now=now, zone=zone)
    try:
        with api_of(business_id, account_id, deadline_s=BUDGET_S + 5) as api:
            finished = comparison.run(api)
    except Problem as problem:
        _note_failure(business_id, run, reason_of(problem), now)
        return Compared(looked=comparison.looked, finished=False)
    with in_business(business_id):
        ended = {"finished_at": now} if finished else {}  # one that goes on has not compared everything yet
        ReceiptRun.objects.filter(id=run.id).update(failures=0, fault=None, next_at=now + EVERY, **ended)
    return Compared(looked=comparison.looked, finished=finished)


def accounts_due(*, now: datetime) -> list[tuple[int, int]]:
    """(business, account) of every connected account whose time has come, and which Poster lets us into."""
    due: list[tuple[int, int]] = []
    for business_id in every_business():
        with in_business(business_id):
            waiting = ReceiptRun.objects.filter(next_at__gt=now).values("till_account_id")
            accounts = TillAccount.objects.filter(system="poster", connected=True, access_refused_at=None)
            accounts = accounts.exclude(id__in=waiting)
            due += [(business_id, account_id) for account_id in accounts.values_list("id", flat=True)]
    return due


def _note_failure(business_id: int, run: ReceiptRun, fault: Reason, now: datetime) -> None:
    pause = min(EVERY * 2 ** min(run.failures, 10), PAUSE_MAX)
    with in_business(business_id):
        ReceiptRun.objects.filter(id=run.id).update(
            failures=run.failures + 1, fault=fault, next_at=now + pause, finished_at=now
        )


class _Comparison:
    """One run: the days that are open, then the night's work if its hour has come."""

    def __init__(self, business_id: int, account_id: int, run: ReceiptRun, *, now: datetime, zone: ZoneInfo) -> None:
        self.looked = 0
        self._listed: set[str] = set()
        self._whole_from = now.date()
        self._business_id, self._account_id, self._run = business_id, account_id, run
        self._now, self._zone, self._local = now, zone, now.astimezone(zone)
        self._ends_at = time.monotonic() + BUDGET_S

    def run(self, api: PosterApi) -> bool:
        if not self._failed_ones(api):
            return False
        today = self._local.date()
        first = max(self._run.open_from or today - timedelta(days=1), today - timedelta(days=CAUGHT_UP_DAYS))
        if not self._days(api, first, today, again_before=None):
            return False
        self._keep(open_page=1, open_from=today if self._local.hour >= DAY_ENDS_HOUR else today - timedelta(days=1))
        if self._local.hour < NIGHT_FROM_HOUR or self._run.night_of == today:
            return True
        return self._night(api, today)

    def _night(self, api: PosterApi, today: date) -> bool:
        began = datetime.combine(today, datetime.min.time(), self._zone).replace(hour=NIGHT_FROM_HOUR).astimezone(UTC)
        first = today - timedelta(days=NIGHT_DAYS)
        if not self._days(api, first, today, again_before=began):
            return False
        for transaction_id in removed_receipts(api, first, today):
            known = self._known([transaction_id]).get(transaction_id)
            done = known is not None and (known.status == Receipt.Status.REMOVED or known.failing_since is not None)
            if not done and not self._look(api, transaction_id):
                return False
        self._keep(night_of=today)
        return True

    def _days(self, api: PosterApi, first: date, last: date, *, again_before: datetime | None) -> bool:
        """Whether every receipt closed on these days is accounted for. ``again_before``: those with a guest that were
        looked at before then are looked at again."""
        goes_on = again_before is None and first == self._run.open_from
        page, day = self._run.open_page if goes_on else 1, first
        # What has gone from a list is only seen where the whole of it was read.
        self._listed, self._whole_from = set(), first if page == 1 else first + timedelta(days=1)
        while day <= last:
            if not self._day(api, day, page, again_before):
                return False
            page, day = 1, day + timedelta(days=1)
            if again_before is None and day <= last:
                self._keep(open_from=day, open_page=1)
        return all(self._look(api, transaction_id) for transaction_id in self._gone(last))

    def _day(self, api: PosterApi, day: date, from_page: int, again_before: datetime | None) -> bool:
        """Page by page, and how far it came is kept: so a day that does not fit one run is done by several."""
        nameless = self._has_nameless_checks(day)
        try:
            pages = closed_receipts(api, day, zone=self._zone, go_on=self._in_time, from_page=from_page)
            for number, page in enumerate(pages, from_page):
                known = self._known([one.transaction_id for one in page])
                for one in page:
                    if not self._account_for(api, one, known.get(one.transaction_id), nameless, again_before):
                        return False
                self._listed |= {one.transaction_id for one in page}
                if again_before is None:
                    self._keep(open_from=day, open_page=number + 1)
        except ListCut:
            return False
        return True

    def _failed_ones(self, api: PosterApi) -> bool:
        """Those whose look failed and whose time has come, wherever they are listed."""
        with in_business(self._business_id):
            again = Receipt.objects.filter(till_account_id=self._account_id, look_again_at__lte=self._now)
            due = list(again.order_by("look_again_at", "id").values_list("transaction_id", flat=True))
        return all(self._look(api, transaction_id) for transaction_id in due)

    def _account_for(
        self, api: PosterApi, one: ListedReceipt, known: Receipt | None, nameless: bool, again_before: datetime | None
    ) -> bool:
        """False where the time is up."""
        if known is None and not one.client_id and not nameless and not self._has_check(one.transaction_id):
            self._note_without_guest(one)
            return True
        if known is not None and known.failing_since is not None and known.seen == one.sign:
            return True  # it has its own time
        if known is not None and known.status == Receipt.Status.CLOSED and not self._is_to_be_looked_at(known):
            matters = bool(known.client_id or known.check_id)
            again = again_before is not None and matters and (known.looked_at or self._now) < again_before
            if known.seen == one.sign and not again:
                return True
            if not known.seen and not again and known.looked_at is not None:
                self._note_sign(one)
                return True
        if not self._look(api, one.transaction_id):
            return False
        self._note_sign(one)
        return True

    def _is_to_be_looked_at(self, known: Receipt) -> bool:
        """What waits for its register is soon looked at again; what waits for the owner, now and then."""
        if known.verdict != Receipt.Verdict.WAITING:
            return False
        for_owner = bool(known.why) and known.why[0]["code"] != "till-first"
        return not for_owner or known.looked_at is None or known.looked_at < self._now - OWNER_ASKED_AGAIN_AFTER

    def _look(self, api: PosterApi, transaction_id: str) -> bool:
        if not self._in_time():
            return False
        self.looked += 1
        try:
            reconcile_receipt(self._business_id, self._account_id, transaction_id, now=self._now, api=api)
        except ReceiptClaimed:
            return True  # somebody else is at it
        except (TokenRefused, AccountArchived, AccountUnknown):
            raise
        except (Problem, DatabaseError) as error:
            # One that fails by itself must not keep the others from being compared.
            log.warning("receipt %s of business %s: %s", transaction_id, self._business_id, type(error).__name__)
            self._note_failed(transaction_id, reason_of(error) if isinstance(error, Problem) else reason("unexpected"))
            return True
        with in_business(self._business_id):
            failing = self._rows.filter(transaction_id=transaction_id, failing_since__isnull=False)
            failing.update(failing_since=None, look_again_at=None)
        return True

    def _note_failed(self, transaction_id: str, why: Reason) -> None:
        """On the receipt itself: it is tried again at its own time, and says what is wrong if nothing was known."""
        with in_business(self._business_id):
            row, _made = Receipt.objects.get_or_create(
                business_id=self._business_id, till_account_id=self._account_id, transaction_id=transaction_id
            )
            since = row.failing_since or self._now
            again_at = self._now + min(max(EVERY, self._now - since), PAUSE_MAX)
            row.failing_since, row.look_again_at = since, again_at if again_at < since + GIVEN_UP_AFTER else None
            if row.verdict == Receipt.Verdict.WAITING:
                row.why = [why]
            row.save(update_fields=["failing_since", "look_again_at", "why"])

    def _gone(self, last: date) -> list[str]:
        """Closed on these days by what we saw, and no longer in the list of closed ones."""
        midnight = datetime.min.time()
        since = datetime.combine(self._whole_from, midnight, self._zone) + timedelta(hours=1)
        until = datetime.combine(last, midnight, self._zone) + timedelta(days=1)
        with in_business(self._business_id):
            closed = Receipt.objects.filter(
                till_account_id=self._account_id, status=Receipt.Status.CLOSED, closed_at__gte=since,
                closed_at__lt=until, looked_at__lt=self._now - timedelta(minutes=1),
                failing_since=None,
            ).exclude(Q(verdict=Receipt.Verdict.DIFFERS, why__0__code="gone"))  # fmt: skip
            return [one for one in closed.values_list("transaction_id", flat=True) if one not in self._listed]

    def _known(self, transaction_ids: list[str]) -> dict[str, Receipt]:
        with in_business(self._business_id):
            rows = Receipt.objects.filter(till_account_id=self._account_id, transaction_id__in=transaction_ids)
            return {row.transaction_id: row for row in rows}

    def _has_nameless_checks(self, first: date) -> bool:
        """Whether some check does not know its number in Poster: then only Poster can say which receipt it is."""
        since = datetime.combine(first, datetime.min.time(), self._zone)
        with in_business(self._business_id):
            return (
                Check.objects.filter(till_account_id=self._account_id, transaction_id="")
                .filter(Q(finalized_at__gte=since) | Q(reserved_at__gte=since))
                .exclude(id__in=Receipt.objects.filter(check_id__isnull=False, closed_at__gte=since).values("check_id"))
                .exists()
            )

    def _has_check(self, transaction_id: str) -> bool:
        with in_business(self._business_id):
            return Check.objects.filter(till_account_id=self._account_id, transaction_id=transaction_id).exists()

    def _note_without_guest(self, one: ListedReceipt) -> None:
        with in_business(self._business_id):
            Receipt.objects.get_or_create(
                business_id=self._business_id, till_account_id=self._account_id, transaction_id=one.transaction_id,
                defaults={
                    "location": one.location, "status": Receipt.Status.CLOSED, "closed_at": one.closed_at,
                    "total_minor": one.paid_minor, "verdict": Receipt.Verdict.NO_GUEST, "seen": one.sign,
                    "looked_at": self._now,
                },
            )  # fmt: skip

    def _note_sign(self, one: ListedReceipt) -> None:
        """A receipt that could not be looked at yet has its day and place from the list, so the owner finds it."""
        with in_business(self._business_id):
            row = self._rows.filter(transaction_id=one.transaction_id)
            row.update(seen=one.sign)
            row.filter(closed_at=None, failing_since__isnull=False).update(
                closed_at=one.closed_at, location=one.location, total_minor=one.paid_minor, status=Receipt.Status.CLOSED
            )

    def _keep(self, **values: date | int) -> None:
        with in_business(self._business_id):
            ReceiptRun.objects.filter(id=self._run.id).update(**values)

    @property
    def _rows(self) -> QuerySet[Receipt]:
        return Receipt.objects.filter(till_account_id=self._account_id)

    def _in_time(self) -> bool:
        return time.monotonic() < self._ends_at
