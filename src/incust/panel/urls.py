"""Addresses below ``/b/<slug>/``. The modules register their pages as they are imported."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from . import (  # noqa: F401 (each registers its pages)
    check_page,
    customer_page,
    goods,
    guests_from_poster,
    home,
    lists,
    move_terminal,
    poster_accounts,
    program,
    receipt_timeline,
    receipts,
    setup,
    staff,
    terminal_keys,
    terminals,
    webhooks,
)
from .site import panel

urlpatterns: list[URLPattern | URLResolver] = [path("", panel.urls)]
