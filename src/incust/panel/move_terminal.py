"""A register was replaced in Poster: its terminal moves to the new one, with everything that it has done."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from incust.businesses.models import Terminal
from incust.businesses.problems import Problem
from incust.businesses.tenancy import in_business
from incust.poster.installations import refresh_account
from incust.poster.models import Location, Register

from .save_terminal import save_terminal
from .seats import seat_of, user_of
from .site import for_editors, opens_own_transactions, panel
from .terminal_form import TerminalForm, initial_of


@dataclass(frozen=True, kw_only=True)
class FreeRegister:
    """A register of the account that no terminal has."""

    register: Register
    location: Location | None


@panel.page("settings/terminals/<int:terminal_id>/move/", "terminal-move")
@opens_own_transactions
@for_editors
def move_terminal(request: HttpRequest, terminal_id: int) -> HttpResponse:
    """Asked for, it shows the registers that Poster has now and no terminal; one press moves the terminal there."""
    business_id = seat_of(request).business_id
    with in_business(business_id):
        terminal = _linked_terminal(terminal_id)
    if request.method == "POST":
        return _move(request, business_id, terminal, request.POST.get("register", ""))
    try:
        refresh_account(business_id=business_id, account_id=terminal.poster_account_id, now=timezone.now())
    except Problem as problem:
        messages.error(request, problem.detail)
    with in_business(business_id):
        page = panel.render(
            request, "panel/terminal_move.html", title=_("Move “%(name)s”") % {"name": terminal.name},
            terminal=terminal, known=_register_of(terminal), free=_free_registers(terminal),
        )  # fmt: skip
        return page.render()


def _move(request: HttpRequest, business_id: int, terminal: Terminal, register_id: str) -> HttpResponse:
    with in_business(business_id):
        chosen = next((one for one in _free_registers(terminal) if one.register.external_id == register_id), None)
        if chosen is None:
            messages.error(request, _("This register is not free. Choose another one."))
            return HttpResponseRedirect(reverse("admin:terminal-move", args=[terminal.id]))
        form = TerminalForm(_filled(terminal, chosen))
        form.is_valid()
    # Checked against Poster and written to the log of changes as by the terminal's own page.
    saved = save_terminal(business_id=business_id, user=user_of(request), form=form, terminal_id=terminal.id)
    if saved is None:
        for sentences in form.errors.values():
            messages.error(request, " ".join(str(sentence) for sentence in sentences))
        return HttpResponseRedirect(reverse("admin:terminal-move", args=[terminal.id]))
    messages.success(
        request,
        _("“%(name)s” now works at the register “%(register)s”. Its receipts and settings stayed.")
        % {"name": saved.name, "register": chosen.register.name},
    )
    return HttpResponseRedirect(reverse("admin:terminals"))


def _linked_terminal(terminal_id: int) -> Terminal:
    linked = Terminal.objects.select_related("poster_account", "point_of_sale")
    terminal = linked.filter(id=terminal_id, use_poster=True, poster_account__isnull=False).first()
    if terminal is None:
        raise Http404
    return terminal


def _register_of(terminal: Terminal) -> Register | None:
    return Register.objects.filter(
        till_account_id=terminal.poster_account_id, external_id=terminal.poster_register_id
    ).first()


def _free_registers(terminal: Terminal) -> list[FreeRegister]:
    """Those of the terminal's own location first."""
    account_id = terminal.poster_account_id
    taken = Terminal.objects.filter(use_poster=True, poster_account_id=account_id).values("poster_register_id")
    places = {place.external_id: place for place in Location.objects.filter(till_account_id=account_id)}
    registers = (
        Register.objects.filter(till_account_id=account_id).exclude(external_id__in=taken).order_by("name", "id")
    )
    free = [FreeRegister(register=one, location=places.get(one.location_external_id)) for one in registers]
    return sorted(free, key=lambda one: one.register.location_external_id != terminal.poster_location_id)


def _filled(terminal: Terminal, chosen: FreeRegister) -> dict[str, object]:
    """What the owner would type on the terminal's page. In another location it works for the point of sale there."""
    values = {name: value for name, value in initial_of(terminal).items() if value is not False}
    values |= {
        "poster_register_id": chosen.register.external_id, "poster_location_id": chosen.register.location_external_id,
    }  # fmt: skip
    moved_away = chosen.register.location_external_id != terminal.poster_location_id
    if moved_away and chosen.location is not None and chosen.location.point_of_sale_id is not None:
        values["point_of_sale"] = chosen.location.point_of_sale_id
    return values
