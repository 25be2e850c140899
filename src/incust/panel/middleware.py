"""``/b/<slug>/…``: finds the business, checks that the person belongs to it, and puts the panel below that prefix."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone, translation
from django.views.defaults import page_not_found

from .seats import seats_of, time_zone_of, user_of

_IN_BUSINESS = re.compile(r"/b/(?P<slug>[-\w]+)(?P<rest>/.*)?", re.ASCII)

GetResponse = Callable[[HttpRequest], HttpResponse]


class PanelMiddleware:
    """Moves ``/b/<slug>`` from the path into the script prefix, so that every address made below leads into this
    business.

    Who does not belong to the business gets the same 404 as for a business that does not exist. The transaction of the
    business is opened by the panel's site around each view (`incust.panel.site`), because some views talk to Poster
    and must do that outside of it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = _IN_BUSINESS.fullmatch(request.path_info)
        if found is None:
            return self.get_response(request)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        return self._in_business(request, found["slug"], found["rest"])

    def _in_business(self, request: HttpRequest, slug: str, rest: str | None) -> HttpResponse:
        user = user_of(request)
        seats = seats_of(user)
        seat = next((seat for seat in seats if seat.slug == slug), None)
        if seat is None:
            return page_not_found(request, Http404("no such business for this person"))
        if rest is None:
            return HttpResponseRedirect(seat.address)
        request.seat, request.seats = seat, seats  # type: ignore[attr-defined]
        request.path_info = rest
        request.urlconf = "incust.panel.urls"  # type: ignore[attr-defined]
        if request.session.get("last_business") != slug:
            request.session["last_business"] = slug
        outer = get_script_prefix()
        set_script_prefix(f"{outer.rstrip('/')}{seat.address}")
        try:
            language = user.language or translation.get_language()
            with translation.override(language), timezone.override(time_zone_of(seat)):
                return self.get_response(request)
        finally:
            set_script_prefix(outer)
