"""Receipts: those of Poster beside ours, per day and location, and those that do not match, each with its reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from incust.businesses.models import Business, TillAccount
from incust.poster.models import RECEIPT_AT, Location, Receipt, ReceiptRun
from incust.poster.receipt_words import in_words, reason

from .money_text import money_text
from .seats import seat_of
from .site import panel

PER_PAGE = 50
EARLIEST = date(2000, 1, 1)
LOCATION = re.compile(r"([0-9]{1,18})/([^\0]*)", re.DOTALL)
"""An account's number that the database can count, and Poster's, of characters that it can hold."""
PLACE_IN_LIST = re.compile(r"([0-9]{1,17})-([0-9]{1,18})")
"""Moment in microseconds and number of the last receipt that was shown; both fit into what the database can count."""
BADGES = {
    Receipt.Verdict.ACCRUED: "accent", Receipt.Verdict.CORRECTED: "accent", Receipt.Verdict.REVERSED: "accent",
    Receipt.Verdict.DIFFERS: "danger", Receipt.Verdict.WAITING: "warning",
}  # fmt: skip
QUIET = (Receipt.Verdict.MATCHED, Receipt.Verdict.NO_GUEST)
"""Nothing has to be said of them one by one."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """``location`` is ``account/location`` of Poster, empty for all."""

    day: date
    location: str
    after: tuple[datetime, int] | None
    """Moment and number of the last receipt on the page before; None on the first one."""


@panel.page("receipts/", "receipts")
def receipts(request: HttpRequest) -> HttpResponse:
    business = Business.objects.get(id=seat_of(request).business_id)
    zone = ZoneInfo(business.time_zone)
    today = timezone.now().astimezone(zone).date()
    filters = Filters(
        day=_day(request.GET.get("day", ""), today), location=_location(request.GET.get("location", "")),
        after=_place_in_list(request.GET.get("after", "")),
    )  # fmt: skip
    of_day = _of_day(filters, zone)
    accounts = {account.id: account for account in TillAccount.objects.filter(system="poster")}
    places = {(row.till_account_id, row.external_id): row.name for row in Location.objects.all()}
    left = _left_to_show(of_day, filters)
    rows = list(left.order_by("-at", "-id")[: PER_PAGE + 1])
    return panel.render(
        request,
        "panel/receipts.html",
        title=_("Receipts"),
        filters=filters,
        today=today,
        before=filters.day - timedelta(days=1),
        after=filters.day + timedelta(days=1) if filters.day < today else None,
        locations=sorted((f"{account}/{number}", name) for (account, number), name in places.items()),
        figures=_figures(of_day),
        rows=[_row(receipt, business, accounts, places) for receipt in rows[:PER_PAGE]],
        go_on_after=_place_of(rows[PER_PAGE - 1]) if len(rows) > PER_PAGE else "",
        hidden=left.count() - PER_PAGE if len(rows) > PER_PAGE else 0,
        troubles=_troubles(accounts),
        connected=any(account.connected for account in accounts.values()),
        last_run=ReceiptRun.objects.exclude(finished_at=None).order_by("-finished_at").first(),
    )


def _day(typed: str, today: date) -> date:
    """Up to today; what is no day, or before any receipt was noted, is today."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return today
    return min(day, today) if day >= EARLIEST else today


def _location(typed: str) -> str:
    """What cannot be a location is none: all are shown."""
    return typed if LOCATION.fullmatch(typed) else ""


def _place_in_list(typed: str) -> tuple[datetime, int] | None:
    found = PLACE_IN_LIST.fullmatch(typed)
    if found is None:
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(found[1])), int(found[2])


def _place_of(receipt: Receipt) -> str:
    since = receipt.at - datetime(1970, 1, 1, tzinfo=UTC)  # type: ignore[attr-defined]
    return f"{since // timedelta(microseconds=1)}-{receipt.id}"


def _of_day(filters: Filters, zone: ZoneInfo) -> QuerySet[Receipt]:
    """Closed on that day of the business, by the location if one is chosen; what was deleted since stays in sight.

    One that has no closing time counts by when it was looked at. Orders that are merely open are none yet.
    """
    since = datetime.combine(filters.day, datetime.min.time(), zone)
    until = datetime.combine(filters.day + timedelta(days=1), datetime.min.time(), zone)
    rows = (
        Receipt.objects.annotate(at=RECEIPT_AT).filter(at__gte=since, at__lt=until)
        .exclude(status=Receipt.Status.OPEN, verdict=Receipt.Verdict.WAITING, failing_since=None)
    )  # fmt: skip
    account, _slash, location = filters.location.partition("/")
    return rows.filter(till_account_id=int(account), location=location) if account else rows


def _left_to_show(of_day: QuerySet[Receipt], filters: Filters) -> QuerySet[Receipt]:
    """Those of which something has to be said, behind the place in the list, which may have grown at its top since."""
    rows = of_day.exclude(verdict__in=QUIET)
    if filters.after is None:
        return rows
    at, number = filters.after
    return rows.filter(Q(at__lt=at) | Q(at=at, id__lt=number))


def _figures(of_day: QuerySet[Receipt]) -> list[tuple[str, str, int]]:
    """(hook for tests, label, number)."""
    verdict = Receipt.Verdict
    right = (verdict.MATCHED, verdict.ACCRUED, verdict.CORRECTED, verdict.REVERSED)
    numbers = of_day.aggregate(
        all=Count("id"), matched=Count("id", filter=Q(verdict__in=right)),
        nobody=Count("id", filter=Q(verdict=verdict.NO_GUEST)),
        corrected=Count("id", filter=Q(verdict__in=(verdict.ACCRUED, verdict.CORRECTED, verdict.REVERSED))),
        differs=Count("id", filter=Q(verdict=verdict.DIFFERS)),
        waiting=Count("id", filter=Q(verdict=verdict.WAITING)),
    )  # fmt: skip
    return [
        ("all", _("Receipts"), numbers["all"]),
        ("matched", _("Matched"), numbers["matched"] + numbers["nobody"]),
        ("nobody", _("of them without a guest"), numbers["nobody"]),
        ("corrected", _("of them set right"), numbers["corrected"]),
        ("differs", _("Different"), numbers["differs"]),
        ("waiting", _("Waiting"), numbers["waiting"]),
    ]


def _row(
    receipt: Receipt, business: Business, accounts: dict[int, TillAccount], places: dict[tuple[int, str], str]
) -> dict[str, Any]:
    currency = receipt.currency or business.currency
    verdict = Receipt.Verdict(receipt.verdict)
    account = accounts.get(receipt.till_account_id)
    return {
        "receipt": receipt,
        "total": money_text(receipt.total_minor, currency),
        "place": places.get((receipt.till_account_id, receipt.location), receipt.location),
        "account": account.name if account and len(accounts) > 1 else "",
        "verdict": verdict.label,
        "badge": BADGES.get(verdict, ""),
        "why": [in_words(one, lambda minor: money_text(minor, currency)) for one in _reasons(receipt)],
    }


def _reasons(receipt: Receipt) -> list[dict[str, Any]]:
    by_itself = [reason("unreported")] if receipt.verdict == Receipt.Verdict.ACCRUED else []
    return receipt.why or by_itself


def _troubles(accounts: dict[int, TillAccount]) -> list[tuple[str, str]]:
    """(account, sentence) of those that could not be compared at the latest run."""
    failed = ReceiptRun.objects.exclude(fault=None)
    return [
        (accounts[run.till_account_id].name, in_words(run.fault))
        for run in failed
        if run.fault and run.till_account_id in accounts and accounts[run.till_account_id].connected
    ]
