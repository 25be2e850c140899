"""Settings → Terminals and Salespeople."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incust.businesses.audit import record_change
from incust.businesses.encryption import decrypt
from incust.businesses.models import Business, PointOfSale, Salesperson, Terminal, TerminalKey, TillAccount
from incust.businesses.tenancy import in_business
from incust.poster.models import Location, Register

from .save_terminal import save_terminal
from .seats import seat_of, user_of
from .site import for_editors, opens_own_transactions, panel
from .terminal_form import TerminalForm, initial_of


@panel.page("settings/terminals/", "terminals")
def terminals(request: HttpRequest) -> HttpResponse:
    rows = Terminal.objects.select_related("point_of_sale", "poster_account").order_by(
        "point_of_sale__name", "name", "id"
    )
    return panel.render(
        request,
        "panel/terminals.html",
        title=_("Terminals and Salespeople"),
        terminals=rows,
        salespeople=Salesperson.objects.order_by("name", "id"),
        has_points_of_sale=PointOfSale.objects.exists(),
    )


@panel.page("settings/terminals/add/", "terminal-add")
@opens_own_transactions
@for_editors
def add_terminal(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@panel.page("settings/terminals/<int:terminal_id>/edit/", "terminal-edit")
@opens_own_transactions
@for_editors
def edit_terminal(request: HttpRequest, terminal_id: int) -> HttpResponse:
    return _edit(request, terminal_id)


@panel.page("settings/terminals/<int:terminal_id>/remove/", "terminal-remove")
@for_editors
@require_POST
def remove_terminal(request: HttpRequest, terminal_id: int) -> HttpResponse:
    """Only a terminal that has never worked can go; others are switched off, because receipts name them."""
    terminal = Terminal.objects.filter(id=terminal_id).first()
    if terminal is None:
        raise Http404
    if terminal.last_seen_at is not None or not _deleted(terminal):
        messages.error(request, _("This terminal has worked already, so receipts name it. Switch it off instead."))
        return HttpResponseRedirect(reverse("admin:terminal-edit", args=[terminal_id]))
    record_change(
        business_id=terminal.business_id, user=user_of(request), action="terminal.removed", subject=terminal.name
    )
    messages.success(request, _("The terminal “%(name)s” is removed.") % {"name": terminal.name})
    return HttpResponseRedirect(reverse("admin:terminals"))


def _deleted(terminal: Terminal) -> bool:
    """A till with an API key may have reported receipts without ever saying hello."""
    try:
        terminal.delete()
    except ProtectedError:
        return False
    return True


def _edit(request: HttpRequest, terminal_id: int | None) -> HttpResponse:
    seat = seat_of(request)
    with in_business(seat.business_id):
        terminal = _stored(terminal_id)
        initial = initial_of(terminal) if terminal else _for_new_one(seat.business_id)
        form = TerminalForm(request.POST or None, initial=initial, read_only=not seat.may_edit)
        valid = request.method == "POST" and form.is_valid()
    if valid:
        saved = save_terminal(business_id=seat.business_id, user=user_of(request), form=form, terminal_id=terminal_id)
        if saved is not None:
            messages.success(request, _("The terminal “%(name)s” is saved.") % {"name": saved.name})
            return HttpResponseRedirect(reverse("admin:terminals"))
    with in_business(seat.business_id):
        return _page(request, form, terminal)


def _stored(terminal_id: int | None) -> Terminal | None:
    if terminal_id is None:
        return None
    terminal = Terminal.objects.select_related("poster_account").filter(id=terminal_id).first()
    if terminal is None:
        raise Http404
    return terminal


def _for_new_one(business_id: int) -> dict[str, object]:
    business = Business.objects.get(id=business_id)
    return {
        "currency": business.currency, "language": business.language, "enabled": True,
        "profile_display": Terminal.ProfileDisplay.ALWAYS,
    }  # fmt: skip


def _page(request: HttpRequest, form: TerminalForm, terminal: Terminal | None) -> HttpResponse:
    seat = seat_of(request)
    keys = TerminalKey.objects.filter(terminal=terminal).order_by("-created_at") if terminal and seat.may_edit else []
    response = panel.render(
        request,
        "panel/terminal_edit.html",
        title=terminal.name if terminal else _("New terminal"),
        form=form,
        terminal=terminal,
        keys=keys,
        new_key=_new_key(request, terminal),
        accounts=_pick_lists(),
        first_tab="poster" if form.poster_has_faults or form.non_field_errors() else request.GET.get("tab", "general"),
    )
    return response.render()


def _new_key(request: HttpRequest, terminal: Terminal | None) -> str:
    """A key that was made on the request before; shown now and never again."""
    sealed = request.session.pop(f"new_key_{terminal.id}", "") if terminal else ""
    return decrypt(sealed.encode()) if sealed else ""


def _pick_lists() -> list[dict[str, Any]]:
    """Connected accounts with their locations and registers, as the page's script takes them."""
    accounts = TillAccount.objects.filter(system="poster", connected=True).order_by("name")
    return [
        {
            "name": account.name,
            "number": account.number,
            "locations": [
                {"id": row.external_id, "name": row.name}
                for row in Location.objects.filter(till_account=account).order_by("name")
            ],
            "registers": [
                {"id": row.external_id, "name": row.name, "location": row.location_external_id}
                for row in Register.objects.filter(till_account=account).order_by("name")
            ],
        }
        for account in accounts
    ]
