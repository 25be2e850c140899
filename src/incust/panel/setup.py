"""The way from a connected account to the first receipt with a guest: three steps on one page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from incust.businesses.audit import record_change
from incust.businesses.models import Business, TillAccount
from incust.businesses.problems import Problem
from incust.businesses.tenancy import in_business
from incust.customers.invite import InviteCustomer, invite_customer
from incust.customers.models import Customer
from incust.customers.problems import EmailInvalid, PhoneInvalid
from incust.poster.models import Installation
from incust.programs.current_program import current_program

from .seats import Seat, seat_of, user_of
from .setup_program import offers, publish_first_program, published
from .setup_registers import open_registers, read_anew
from .setup_state import live_registers, places_of, progress_of
from .site import editors_only, opens_own_transactions, panel, take_time

ADDRESS_LENGTH_MAX = 254
Answer = HttpResponse | dict[str, Any]
"""Where a step leads, or what the page shows of its fault."""


@panel.page("setup/<slug:account>/", "setup")
@opens_own_transactions
@editors_only
@never_cache
def setup(request: HttpRequest, account: str) -> HttpResponse:
    """The page; a step is posted to it as ``do``, and comes back to it with its fault or one step further."""
    seat = seat_of(request)
    with in_business(seat.business_id):
        found = _account(account)
    if not found.connected:
        return HttpResponseRedirect(reverse("admin:poster-accounts"))
    answer: Answer = {}
    if request.method == "POST":
        step = _STEPS.get(request.POST.get("do", ""))
        if step is None:
            return HttpResponse(status=400)
        answer = step(request, seat, found)
    if isinstance(answer, HttpResponse):
        return answer
    with in_business(seat.business_id):
        take_time()
        return _page(request, seat, found, answer)


@panel.page("setup/<slug:account>/state/", "setup-state")
@editors_only
@never_cache
@require_GET
def setup_state(request: HttpRequest, account: str) -> HttpResponse:
    """What changes by itself, as a piece of the page: how far it is, and what the registers have done."""
    found = _account(account)
    return render(request, "panel/setup_live.html", _live(found))


def _account(name: str) -> TillAccount:
    found = TillAccount.objects.filter(system="poster", name=name).first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, seat: Seat, account: TillAccount, faults: dict[str, Any]) -> HttpResponse:
    business, now = Business.objects.get(id=seat.business_id), timezone.now()
    places = places_of(account)
    installed = Installation.objects.filter(till_account=account).first()
    in_force = published(business, account, now=now)
    return panel.render(
        request,
        "panel/setup.html",
        title=_("Set-up"),
        welcome="installed" in request.GET,
        places=places,
        open_registers=sum(place.open_registers for place in places),
        published=in_force,
        offers=[] if in_force else offers(business, account, now=now),
        own_address=(installed.owner_phone or installed.owner_email) if installed else "",
        wallet_url=f"{settings.PUBLIC_URL}/w/{business.slug}/",
        invited=request.session.pop(_invited_key(account), ""),
        **(_live(account) | {"faults": [], "unticked": [], "guest_fault": "", "typed": ""} | faults),
    ).render()


def _live(account: TillAccount) -> dict[str, Any]:
    return {"account": account, "progress": progress_of(account), "registers": live_registers(account)}


def _open_registers(request: HttpRequest, seat: Seat, account: TillAccount) -> Answer:
    chosen = [number for number in request.POST.getlist("register") if number.isdecimal()]
    if not chosen:
        return {"faults": [_("Tick at least one register.")], "unticked": _shown_registers(request)}
    try:
        opened = open_registers(
            business_id=seat.business_id, account_id=account.id, register_ids=chosen, user=user_of(request),
            now=timezone.now(),
        )  # fmt: skip
    except Problem as problem:
        opened_faults: tuple[str, ...] = (problem.detail, _("Nothing was changed."))
    else:
        opened_faults = opened.faults
    if opened_faults:
        return {"faults": list(opened_faults), "unticked": sorted(set(_shown_registers(request)) - set(chosen))}
    return _on_to(account, "program")


def _shown_registers(request: HttpRequest) -> list[str]:
    """All registers that could be ticked on the page that was sent."""
    return request.POST.getlist("shown")


def _read_again(request: HttpRequest, seat: Seat, account: TillAccount) -> Answer:
    try:
        read_anew(business_id=seat.business_id, account_id=account.id, now=timezone.now())
    except Problem as problem:
        return {"faults": [problem.detail, _("Nothing was changed.")]}
    messages.success(request, _("Locations, registers and staff were read from Poster."))
    return _on_to(account, "registers")


def _publish(request: HttpRequest, seat: Seat, account: TillAccount) -> Answer:
    with in_business(seat.business_id):
        take_time()
        chosen = publish_first_program(
            business=Business.objects.get(id=seat.business_id), choice=request.POST.get("offer", ""),
            user=user_of(request), now=timezone.now(),
        )  # fmt: skip
    return _on_to(account, "sale" if chosen else "program")


def _invite(request: HttpRequest, seat: Seat, account: TillAccount) -> Answer:
    """The owner as his own first guest. The link goes to the address alone: whoever sees it could take the wallet."""
    address, user = request.POST.get("address", "").strip()[:ADDRESS_LENGTH_MAX], user_of(request)
    program = current_program(seat.business_id)
    with in_business(seat.business_id):
        business = Business.objects.get(id=seat.business_id)
        try:
            invited = invite_customer(
                InviteCustomer(
                    business_id=business.id, address=address, country=business.country,
                    language=user.language or business.language,
                    status=program.rules.new_customer_status.value if program else Customer.Status.FULL,
                ),
                now=timezone.now(),
            )  # fmt: skip
        except (PhoneInvalid, EmailInvalid) as problem:
            return {"guest_fault": problem.detail, "typed": address}
        if invited.sent:
            record_change(
                business_id=business.id, user=user, subject=f"#{invited.customer_id}",
                action="customer.invited" if invited.is_new else "customer.wallet_link_sent",
            )  # fmt: skip
    request.session[_invited_key(account)] = invited.address
    return _on_to(account, "guest")


def _leave(_request: HttpRequest, seat: Seat, account: TillAccount) -> Answer:
    with in_business(seat.business_id):
        TillAccount.objects.filter(id=account.id, setup_left_at=None).update(setup_left_at=timezone.now())
    return HttpResponseRedirect(reverse("admin:index"))


def _on_to(account: TillAccount, step: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('admin:setup', args=[account.name])}#{step}")


def _invited_key(account: TillAccount) -> str:
    return f"setup_invited_{account.id}"


_STEPS: dict[str, Callable[[HttpRequest, Seat, TillAccount], Answer]] = {
    "registers": _open_registers,
    "read-again": _read_again,
    "program": _publish,
    "guest": _invite,
    "leave": _leave,
}
