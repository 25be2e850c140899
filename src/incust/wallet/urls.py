"""``/w/…``: the guests' pages."""

from __future__ import annotations

from django.urls import path, re_path

from . import install, open_link, request_link, views

urlpatterns = [
    re_path(r"^w/l/(?P<token>[A-Za-z0-9_-]{24})$", open_link.link_page),
    path("w/<slug:slug>/", views.page),
    path("w/<slug:slug>/bind", open_link.bind),
    path("w/<slug:slug>/link", request_link.request_link),
    path("w/<slug:slug>/state", views.state),
    path("w/<slug:slug>/balance", views.balance),
    path("w/<slug:slug>/history", views.older_history),
    path("w/<slug:slug>/live", views.live_ticket),
    path("w/<slug:slug>/code", views.temporary_code),
    path("w/<slug:slug>/profile", views.profile),
    path("w/<slug:slug>/language", views.language),
    path("w/<slug:slug>/forget", views.forget),
    path("w/<slug:slug>/manifest.webmanifest", install.manifest),
    path("w/<slug:slug>/service-worker.js", install.service_worker),
]
