"""The sidebar, the switch between businesses, and the person's own menu. Called by the theme for each page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from .seats import seat_of


def site_header(request: HttpRequest) -> str:
    return seat_of(request).business_name if hasattr(request, "seat") else "inCust"


def site_subheader(request: HttpRequest) -> str:
    return _("inCust for Poster")


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups and entries. Who may not change anything still sees all pages; they are read-only for him."""
    return [
        {
            "items": [
                _entry(_("Home"), "home", "admin:index"),
                _entry(_("Customers"), "group", "admin:customers_customer_changelist"),
                _entry(_("Transactions"), "receipt_long", "admin:checks_check_changelist"),
                _entry(_("Receipts"), "fact_check", "admin:receipts"),
                _entry(_("Goods"), "local_cafe", "admin:goods"),
            ]
        },
        {
            "title": _("Settings"),
            "separator": True,
            "items": [
                _entry(_("Terminals and Salespeople"), "point_of_sale", "admin:terminals"),
                _entry(_("Loyalty program"), "loyalty", "admin:program"),
                _entry(_("Points of sale"), "storefront", "admin:businesses_pointofsale_changelist"),
                _entry(_("Poster accounts"), "link", "admin:poster-accounts"),
                _entry(_("Staff"), "badge", "admin:staff"),
            ],
        },
        {
            "title": _("Records"),
            "separator": True,
            "items": [
                _entry(_("Audit log"), "history", "admin:businesses_auditentry_changelist"),
                _entry(_("Webhooks"), "webhook", "admin:webhooks"),
            ],
        },
    ]


def business_switcher(request: HttpRequest) -> list[dict[str, Any]]:
    """The person's other businesses; nothing to switch to, no switch."""
    seats = getattr(request, "seats", ())
    if len(seats) < 2:
        return []
    return [{"title": seat.business_name, "link": seat.address, "icon": "store"} for seat in seats]


def account_links(request: HttpRequest) -> list[dict[str, Any]]:
    has_password = request.user.is_authenticated and request.user.has_usable_password()
    return [
        {
            "title": _("Change password") if has_password else _("Choose a password"),
            "link": "/account/password/change/" if has_password else "/account/password/set/",
        },
        {"title": _("Two-factor sign-in"), "link": "/account/2fa/"},
    ]


def _entry(title: str, icon: str, name: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse(name)}
