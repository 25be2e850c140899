"""One receipt's time machine: why its guest has these points, from whichever side something was heard or done."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from incust.businesses.models import Business, User
from incust.customers.models import Customer
from incust.poster.receipt_timeline import (
    ReceiptTimeline,
    TimelineEvent,
    place_from,
    timeline_of_check,
    timeline_of_receipt,
)

from .money_text import bonus_text, money_text
from .seats import seat_of
from .site import panel
from .timeline_words import SOURCES, in_a_sentence, source_of

BADGES = {"ledger": "success", "comparison": "accent", "webhook": "", "message": "", "till": "", "owner": "warning"}
FAULTS = ("webhook-failed", "compare-failed", "message-failed", "message-ambiguous")


@panel.page("receipts/of-check/<int:check_id>/", "check-timeline")
def timeline_page_of_check(request: HttpRequest, check_id: int) -> HttpResponse:
    before = place_from(request.GET.get("before", ""))
    return _page(
        request, timeline_of_check(seat_of(request).business_id, check_id, now=timezone.now(), before=before)
    )  # fmt: skip


@panel.page("receipts/<int:receipt_id>/", "receipt-timeline")
def timeline_page_of_receipt(request: HttpRequest, receipt_id: int) -> HttpResponse:
    before = place_from(request.GET.get("before", ""))
    return _page(
        request, timeline_of_receipt(seat_of(request).business_id, receipt_id, now=timezone.now(), before=before)
    )  # fmt: skip


def _page(request: HttpRequest, timeline: ReceiptTimeline | None) -> HttpResponse:
    if timeline is None:
        raise Http404
    check, receipt = timeline.check, timeline.receipt
    number = (check and check.transaction_id) or (receipt and receipt.transaction_id) or (check and check.external_id)
    currency = (check and check.currency) or (receipt and receipt.currency) or _currency_of(request)
    customer = Customer.objects.filter(id=check.customer_id).first() if check else None
    return panel.render(
        request,
        "panel/receipt_timeline.html",
        title=_("Receipt %(number)s: what happened") % {"number": number},
        check=check,
        receipt=receipt,
        customer=customer,
        sums=_sums(timeline, currency),
        days=_days(timeline.events, currency),
        earlier=timeline.earlier,
        is_earlier=bool(place_from(request.GET.get("before", ""))),
    )


def _currency_of(request: HttpRequest) -> str:
    return Business.objects.values_list("currency", flat=True).get(id=seat_of(request).business_id)


def _sums(timeline: ReceiptTimeline, currency: str) -> list[tuple[str, str]]:
    check = timeline.check
    if check is None:
        assert timeline.receipt is not None, "a timeline is of one or the other"
        return [(_("Total"), money_text(timeline.receipt.total_minor, currency))]
    return [
        (_("Total"), money_text(check.total_minor, currency)),
        (_("Redeemed"), bonus_text(check.redeem_minor - check.returned_minor, currency)),
        (_("Credited"), bonus_text(check.earned_minor - check.taken_back_minor, currency)),
    ]


def _days(events: Iterable[TimelineEvent], currency: str) -> list[dict[str, Any]]:
    events = list(events)
    people = _people(events)
    rows = [(timezone.localtime(event.place.at), event) for event in events]
    return [
        {"day": day, "events": [_row(at, event, currency, people) for at, event in of_day]}
        for day, of_day in groupby(rows, key=lambda row: row[0].date())
    ]


def _row(at: Any, event: TimelineEvent, currency: str, people: dict[str, str]) -> dict[str, Any]:
    source = source_of(event)
    return {
        "at": at,
        "kind": event.kind,
        "source": SOURCES[source],
        "badge": "danger" if event.kind in FAULTS else BADGES[source],
        "sentence": in_a_sentence(event, currency, people),
    }


def _people(events: Iterable[TimelineEvent]) -> dict[str, str]:
    """Names by what the ledger calls them; who is gone has none."""
    actors = {str(event.facts.get("actor", "")) for event in events}
    numbers = [actor.removeprefix("user:") for actor in actors if actor.startswith("user:")]
    users = User.objects.filter(id__in=[number for number in numbers if number.isdecimal()])
    return {f"user:{user.pk}": user.get_full_name() or user.email for user in users}
