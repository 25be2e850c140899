"""Webhooks: what Poster has sent, whether it was worked off, and the button for what failed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incust.poster.models import WebhookEvent
from incust.poster.process_webhook import try_webhook_again
from incust.poster.receipt_words import in_words

from .seats import seat_of
from .site import for_editors, opens_own_transactions, panel

PER_PAGE = 50
STATES = {
    "failed": Q(processed_at=None) & ~Q(failed_at=None),
    "waiting": Q(processed_at=None, failed_at=None),
    "processed": ~Q(processed_at=None),
}


@panel.page("webhooks/", "webhooks")
def webhooks(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    hooks = WebhookEvent.objects.filter(STATES.get(state, Q())).order_by("-received_at", "-id")
    page = Paginator(hooks, PER_PAGE).get_page(request.GET.get("page"))
    return panel.render(
        request,
        "panel/webhooks.html",
        title=_("Webhooks"),
        state=state if state in STATES else "",
        figures=_figures(),
        page=page,
        rows=[_row(hook) for hook in page],
    )


@panel.page("webhooks/<int:hook_id>/again/", "webhook-again")
@opens_own_transactions
@for_editors
@require_POST
def again(request: HttpRequest, hook_id: int) -> HttpResponse:
    if try_webhook_again(seat_of(request).business_id, hook_id):
        messages.success(request, _("The webhook is tried again now."))
    else:
        messages.info(request, _("This webhook has not failed, or is being tried already."))
    return HttpResponseRedirect(reverse("admin:webhooks"))


def _figures() -> list[tuple[str, str, int]]:
    """(state, label, number), of the last day; failures of whatever day."""
    since = timezone.now() - timedelta(days=1)
    numbers = WebhookEvent.objects.aggregate(
        received=Count("id", filter=Q(received_at__gte=since)),
        processed=Count("id", filter=STATES["processed"] & Q(received_at__gte=since)),
        waiting=Count("id", filter=STATES["waiting"]), failed=Count("id", filter=STATES["failed"]),
    )  # fmt: skip
    return [
        ("", _("Received in 24 hours"), numbers["received"]),
        ("processed", _("Processed in 24 hours"), numbers["processed"]),
        ("waiting", _("Waiting"), numbers["waiting"]),
        ("failed", _("Failed"), numbers["failed"]),
    ]


def _row(hook: WebhookEvent) -> dict[str, Any]:
    return {"hook": hook, "fault": in_words(hook.fault) if hook.fault else ""}
