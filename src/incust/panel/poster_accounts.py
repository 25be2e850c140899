"""Settings → Poster accounts: connect, read anew, disconnect."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incust.businesses.models import TillAccount
from incust.businesses.problems import Problem
from incust.poster.account_access import access_ends_at
from incust.poster.applications import own_application
from incust.poster.installations import disconnect_account, refresh_account
from incust.poster.models import Installation, Location, Register
from incust.poster.oauth import consent_url

from .access_note import access_notes
from .connect_poster import remember_start
from .seats import seat_of, user_of
from .site import for_editors, opens_own_transactions, panel


@panel.page("settings/poster/", "poster-accounts")
def poster_accounts(request: HttpRequest) -> HttpResponse:
    accounts = TillAccount.objects.filter(system="poster").order_by("-connected", "name")
    installations = {row.till_account_id: row for row in Installation.objects.all()}
    return panel.render(
        request,
        "panel/poster_accounts.html",
        title=_("Poster accounts"),
        accounts=[
            {
                "account": account,
                "installation": installations.get(account.id),
                "access_ends_at": access_ends_at(installations[account.id]) if account.id in installations else None,
                "locations": Location.objects.filter(till_account=account).order_by("external_id"),
                "registers": Register.objects.filter(till_account=account).order_by("external_id"),
            }
            for account in accounts
        ],
        application=own_application(),
        access_notes=access_notes(now=timezone.now()),
    )


@panel.page("settings/poster/connect/", "poster-connect")
@opens_own_transactions
@for_editors
@require_POST
def start_connection(request: HttpRequest) -> HttpResponse:
    """To Poster's consent page, remembering in the session which business it is for."""
    try:
        target = consent_url()
    except Problem as problem:
        messages.error(request, problem.detail)
        return HttpResponseRedirect(reverse("admin:poster-accounts"))
    remember_start(request, seat_of(request))
    return HttpResponseRedirect(target)


@panel.page("settings/poster/<int:account_id>/refresh/", "poster-refresh")
@opens_own_transactions
@for_editors
@require_POST
def refresh(request: HttpRequest, account_id: int) -> HttpResponse:
    try:
        refresh_account(business_id=seat_of(request).business_id, account_id=account_id, now=timezone.now())
        messages.success(request, _("Locations, registers and staff were read from Poster."))
    except Problem as problem:
        messages.error(request, problem.detail)
    return HttpResponseRedirect(reverse("admin:poster-accounts"))


@panel.page("settings/poster/<int:account_id>/disconnect/", "poster-disconnect")
@opens_own_transactions
@for_editors
@require_POST
def disconnect(request: HttpRequest, account_id: int) -> HttpResponse:
    disconnect_account(
        business_id=seat_of(request).business_id, account_id=account_id, user=user_of(request), now=timezone.now()
    )
    messages.success(request, _("The account is disconnected. Its registers get no answers from now on."))
    return HttpResponseRedirect(reverse("admin:poster-accounts"))
