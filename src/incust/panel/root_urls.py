"""Addresses of the staff outside of any business: the way in, and the return from Poster."""

from __future__ import annotations

from allauth.account.views import login
from django.conf.urls.i18n import set_language
from django.urls import URLPattern, URLResolver, include, path

from . import connect_poster
from .landing import land

urlpatterns: list[URLPattern | URLResolver] = [
    path("", land, name="landing"),
    path("sign-in/", login, name="account_login"),
    path("account/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
    path("poster/connected", connect_poster.arrive, name="poster-connected"),
    path("poster/connect/", connect_poster.choose, name="poster-choose"),
]
