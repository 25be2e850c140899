"""The site's root: leads into the business the person worked in last."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from .seats import seats_of, user_of


def land(request: HttpRequest) -> HttpResponse:
    """Signed out: the sign-in page. One business or a last one: there. Several: choose. None: say how to get one."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect("/sign-in/")
    seats = seats_of(user_of(request))
    last = request.session.get("last_business")
    seat = next((seat for seat in seats if seat.slug == last), seats[0] if len(seats) == 1 else None)
    if seat is not None:
        return HttpResponseRedirect(seat.address)
    return render(request, "panel/landing.html", {"seats": seats})
