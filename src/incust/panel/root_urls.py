"""Addresses of the staff outside of any business: the way in, and the return from Poster."""

from __future__ import annotations

from allauth.account.views import login
from django.conf.urls.i18n import set_language
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from . import connect_poster
from .landing import land


def nothing_here(_request: HttpRequest) -> HttpResponse:
    raise Http404


urlpatterns: list[URLPattern | URLResolver] = [
    path("", land, name="landing"),
    path("sign-in/", login, name="account_login"),
    # Who signs in with which email is for the owner's invitation to say; allauth's page would let anybody claim any.
    path("account/email/", nothing_here),
    path("account/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
    path("poster/connected", connect_poster.arrive, name="poster-connected"),
    path("poster/connect/", connect_poster.choose, name="poster-choose"),
]
