"""Settings → Poster accounts → Guests from Poster: a dry run, its report, and bringing them over."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incust.businesses.models import Business, TillAccount
from incust.businesses.problems import Problem, all_problems
from incust.businesses.tenancy import in_business
from incust.poster.client_models import ClientImport, ImportedClient
from incust.poster.import_clients import ImportClients, may_resume, resume_import, start_import

from .money_text import bonus_text
from .seats import seat_of, user_of
from .site import for_editors, opens_own_transactions, panel
from .skip_words import reason_in_words

ROWS_MAX = 200_000
"""Of the list of the skipped. More clients than that are in no account that we have heard of."""


@panel.page("settings/poster/<int:account_id>/guests/", "poster-guests")
def guests_from_poster(request: HttpRequest, account_id: int) -> TemplateResponse:
    account = _account(account_id)
    return panel.render(
        request, "panel/guests_from_poster.html", title=_("Guests from Poster"), account=account,
        **_shown(account_id),
    )  # fmt: skip


@panel.page("settings/poster/<int:account_id>/guests/state/", "poster-guests-state")
def guests_state(request: HttpRequest, account_id: int) -> TemplateResponse:
    """The part of the page that changes while an import runs, for its script."""
    context = {"account": _account(account_id), "seat": seat_of(request), **_shown(account_id)}
    return TemplateResponse(request, "panel/guests_from_poster_state.html", context)


@panel.page("settings/poster/<int:account_id>/guests/start/", "poster-guests-start")
@opens_own_transactions
@for_editors
@require_POST
def start(request: HttpRequest, account_id: int) -> HttpResponse:
    """Both the dry run and the real one: the form says which."""
    try:
        start_import(
            ImportClients(
                business_id=seat_of(request).business_id, account_id=account_id,
                dry_run=request.POST.get("do") != "bring", with_balances=bool(request.POST.get("with_balances")),
                user=user_of(request),
            ),
            now=timezone.now(),
        )  # fmt: skip
    except Problem as problem:
        messages.error(request, problem.detail)
    return HttpResponseRedirect(reverse("admin:poster-guests", args=[account_id]))


@panel.page("settings/poster/<int:account_id>/guests/<int:import_id>/resume/", "poster-guests-resume")
@opens_own_transactions
@for_editors
@require_POST
def resume(request: HttpRequest, account_id: int, import_id: int) -> HttpResponse:
    try:
        resume_import(business_id=seat_of(request).business_id, import_id=import_id, now=timezone.now())
    except Problem as problem:
        messages.error(request, problem.detail)
    return HttpResponseRedirect(reverse("admin:poster-guests", args=[account_id]))


@panel.page("settings/poster/<int:account_id>/guests/<int:import_id>/skipped.csv", "poster-guests-skipped")
@opens_own_transactions
def skipped(request: HttpRequest, account_id: int, import_id: int) -> HttpResponse | StreamingHttpResponse:
    """Who was skipped and why, for a spreadsheet: semicolons and a byte order mark, as Excel here expects it."""
    seat = seat_of(request)
    if not seat.may_edit:  # names and phones in full
        return HttpResponse(status=403)
    with in_business(seat.business_id):
        one = ClientImport.objects.filter(id=import_id, till_account_id=account_id).first()
        if one is None:
            raise Http404
        currency = _currency(one)
        rows = list(
            ImportedClient.objects.filter(client_import=one, outcome=ImportedClient.Outcome.SKIPPED)
            .order_by("client_id")
            .values_list("client_id", "shown_name", "shown_phone", "bonus_minor", "reason")[:ROWS_MAX]
        )
    response = StreamingHttpResponse(_lines(rows, currency), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="poster-skipped-{import_id}.csv"'
    return response


class _Echo:
    """What csv writes to: it gives each line back."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: list[tuple[Any, ...]], currency: str) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow([_("Number in Poster"), _("Name"), _("Phone"), _("Balance"), _("Why skipped")])
    for client_id, name, phone, bonus_minor, reason in rows:
        yield writer.writerow(
            [client_id, _plain(name), _plain(phone), bonus_text(bonus_minor, currency), reason_in_words(reason)]
        )


def _plain(text: str) -> str:
    """A name that begins like a formula must not be one in a spreadsheet."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _account(account_id: int) -> TillAccount:
    account = TillAccount.objects.filter(id=account_id, system="poster").first()
    if account is None:
        raise Http404
    return account


def _currency(one: ClientImport) -> str:
    """Of the balances: the account's; before Poster has told it, the business's."""
    return one.currency or str(Business.objects.values_list("currency", flat=True).get(id=one.business_id))


def _shown(account_id: int) -> dict[str, Any]:
    """The newest import, and whether it is a dry run that the real one may follow."""
    newest = ClientImport.objects.filter(till_account_id=account_id).order_by("-id").first()
    if newest is None:
        return {"newest": None}
    currency = _currency(newest)
    return {
        "newest": newest,
        "percent": _percent(newest),
        "balance": bonus_text(newest.balance_minor, currency),
        "left": bonus_text(newest.left_minor, currency) if newest.left_minor else "",
        "reasons": [(reason_in_words(reason), count) for reason, count in sorted(newest.skipped.items())],
        "fault": _fault(newest),
        "may_resume": may_resume(newest, now=timezone.now()),
        "has_list": newest.clients.filter(outcome=ImportedClient.Outcome.SKIPPED).exists(),
    }


def _percent(one: ClientImport) -> int:
    """How far it is; never full before it is done, because Poster's own count is a guess."""
    if one.state == ClientImport.State.FINISHED:
        return 100
    return min(99, one.read * 100 // max(1, one.expected or 1)) if one.expected else 0


def _fault(one: ClientImport) -> str:
    if not one.fault:
        return ""
    kind = all_problems().get(one.fault["code"])
    return kind(**one.fault["members"]).detail if kind else one.fault["code"]
