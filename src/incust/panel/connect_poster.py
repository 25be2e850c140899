"""The return from Poster's consent page: whose account is it, and which business is it for?"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from incust.businesses.encryption import SecretUnreadable
from incust.businesses.models import TillAccount
from incust.businesses.problems import Problem
from incust.businesses.tenancy import in_business
from incust.poster.connect_account import connect_account, prepare_connection
from incust.poster.create_owner import create_business_of, create_owner
from incust.poster.grant import Grant, opened
from incust.poster.oauth import receive_grant, standing_of
from incust.poster.problems import AccountOfAnother

from .seats import Seat, seats_of, user_of
from .setup_state import progress_of

STARTED = "poster_connection_started"
PENDING = "poster_connection_pending"
MEANT_FOR = "poster_connection_meant_for"
STARTED_GOOD_FOR_S = 15 * 60
CHOOSE = "/poster/connect/"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def remember_start(request: HttpRequest, seat: Seat) -> None:
    """Poster returns no ``state``: that this session started the connection, and for which business, is kept in it."""
    request.session[STARTED] = {"business_id": seat.business_id, "at_s": timezone.now().timestamp()}


@never_cache
@require_GET
def arrive(request: HttpRequest) -> HttpResponse:
    """Where Poster sends the owner back to, whether he started here or in Poster's marketplace."""
    try:
        grant = receive_grant(account=request.GET.get("account", ""), code=request.GET.get("code", ""))
        return _go_on(request, grant)
    except Problem as problem:
        return _refused(request, problem)


@never_cache
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """The account waits in the session: for a sign-in, for the choice of the business, or for a plain yes.

    Anybody can send a person a link with a fresh code of an account of his own; so nothing is connected and nobody
    signed in before the person who looks at the page has read whose account it is, and said yes.
    """
    try:
        grant = opened(request.session[PENDING])
    except (KeyError, SecretUnreadable):
        return HttpResponseRedirect("/")
    try:
        if not request.user.is_authenticated:
            return _stranger(request, grant)
        if request.method == "POST":
            return _chosen(request, grant, request.POST.get("business", ""))
        return _ask(request, grant)
    except Problem as problem:
        return _refused(request, problem)


def _go_on(request: HttpRequest, grant: Grant) -> HttpResponse:
    started_for = _started_for(request)
    if started_for is not None and started_for.business_id == standing_of(grant).holder_id:
        # The business has had this account before: only its token is renewed.
        return _connect(request, grant, started_for)
    request.session[PENDING] = grant.sealed()
    request.session[MEANT_FOR] = started_for.business_id if started_for else None
    # To an address without the code: the choice is posted there, and a reload does not spend the code again.
    return HttpResponseRedirect(CHOOSE)


def _started_for(request: HttpRequest) -> Seat | None:
    """The business for which this session started a connection a short while ago, if the person may still edit it."""
    started = request.session.pop(STARTED, None)
    if not started or not request.user.is_authenticated:
        return None
    if timezone.now().timestamp() - started["at_s"] > STARTED_GOOD_FOR_S:
        return None
    return next((seat for seat in _editable(request) if seat.business_id == started["business_id"]), None)


def _stranger(request: HttpRequest, grant: Grant) -> HttpResponse:
    """Nobody is signed in: a newcomer is asked whether it is he; an account or an owner that we know signs in first."""
    standing = standing_of(grant)
    if standing.holder_id is None and not standing.owner_is_known:
        if request.method == "POST":
            return _welcome(request, grant)
        return render(request, "panel/confirm_connection.html", {"grant": grant})
    messages.info(
        request,
        _("Poster has connected “%(account)s”. Sign in to say which business it is for.") % {"account": grant.account},
    )
    return HttpResponseRedirect(f"/sign-in/?next={CHOOSE}")


def _welcome(request: HttpRequest, grant: Grant) -> HttpResponse:
    """Nobody knows him: he gets a business of his own and is signed in."""
    new = create_owner(prepare_connection(grant), now=timezone.now())
    login(request, new.user, backend=BACKEND)
    request.session.pop(PENDING, None)
    return HttpResponseRedirect(_after_connection(new.business.id, f"/b/{new.business.slug}/", grant))


def _ask(request: HttpRequest, grant: Grant) -> HttpResponse:
    seats = _editable(request)
    holder_id = standing_of(grant).holder_id
    own = next((seat for seat in seats if seat.business_id == holder_id), None)
    if own is not None:
        # The business has had this account before: only its token is renewed.
        return _connect(request, grant, own)
    if standing_of(grant).connected:
        raise AccountOfAnother(account=grant.account)
    meant = next((seat for seat in seats if seat.business_id == request.session.get(MEANT_FOR)), None)
    if meant is not None:
        return render(request, "panel/confirm_connection.html", {"grant": grant, "seat": meant})
    return render(request, "panel/choose_business.html", {"grant": grant, "seats": seats})


def _chosen(request: HttpRequest, grant: Grant, choice: str) -> HttpResponse:
    if choice == "new":
        if standing_of(grant).connected:
            raise AccountOfAnother(account=grant.account)
        business = create_business_of(prepare_connection(grant), user_of(request))
        seat = next(seat for seat in seats_of(user_of(request)) if seat.business_id == business.id)
    else:
        found = next((seat for seat in _editable(request) if str(seat.business_id) == choice), None)
        if found is None:
            return _ask(request, grant)
        seat = found
    return _connect(request, grant, seat)


def _connect(request: HttpRequest, grant: Grant, seat: Seat) -> HttpResponse:
    connect_account(business_id=seat.business_id, grant=grant, user=user_of(request), now=timezone.now())
    for name in (PENDING, MEANT_FOR):
        request.session.pop(name, None)
    return HttpResponseRedirect(_after_connection(seat.business_id, seat.address, grant))


def _after_connection(business_id: int, address: str, grant: Grant) -> str:
    """Into the set-up of the account; home where it is done or was put aside (an account that is connected again)."""
    with in_business(business_id):
        account = TillAccount.objects.get(system="poster", name=grant.account)
        if account.setup_left_at is None and not progress_of(account).complete:
            return f"{address}setup/{grant.account}/?installed=1"
    return f"{address}?installed={grant.account}"


def _editable(request: HttpRequest) -> list[Seat]:
    return [seat for seat in seats_of(user_of(request)) if seat.may_edit]


def _refused(request: HttpRequest, problem: Problem) -> HttpResponse:
    return render(request, "panel/connection_refused.html", {"problem": problem}, status=problem.status)
