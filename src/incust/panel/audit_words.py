"""The audit log's stable words, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

ACTIONS: dict[str, Promise] = {
    "poster.connected": _("Poster account connected"),
    "poster.disconnected": _("Poster account disconnected"),
    "poster.access_refused": _("Poster refused access to the account"),
    "poster.renamed": _("Poster account renamed"),
    "poster.guests_tried": _("Bringing guests over from Poster tried out"),
    "poster.guests_brought": _("Guests brought over from Poster"),
    "terminal.added": _("Terminal added"),
    "terminal.changed": _("Terminal changed"),
    "terminal.removed": _("Terminal removed"),
    "terminal.key_added": _("API key made"),
    "terminal.key_revoked": _("API key revoked"),
    "pointofsale.added": _("Point of sale added"),
    "pointofsale.changed": _("Point of sale changed"),
    "program.draft_saved": _("Draft of the program saved"),
    "program.published": _("Program published"),
    "staff.invited": _("Staff member invited"),
    "staff.role_changed": _("Role changed"),
    "staff.removed": _("Staff member removed"),
    "customer.wallet_link_sent": _("Wallet link sent"),
    "customer.invited": _("Customer invited"),
    "customer.balance_corrected": _("Balance corrected"),
}


def action_in_words(action: str) -> str:
    """The action as a sentence; one without words here is shown as it is stored."""
    return str(ACTIONS.get(action, action))


TEXT_LENGTH_MAX = 300

FIELDS: dict[str, Promise] = {
    "name": _("name of the place"),
    "address": _("address"),
    "point_of_sale": _("point of sale"),
    "currency": _("currency"),
    "language": _("message language"),
    "enabled": _("switched on"),
    "ask_at_pay": _("ask for the customer at Pay"),
    "profile_display": _("profile display"),
    "use_poster": _("integration with Poster"),
    "poster_account": _("account"),
    "poster_application": _("application"),
    "poster_location_id": _("location"),
    "poster_register_id": _("register"),
    "poster_skip_customers": _("do not create customers in Poster"),
    "poster_always_show_benefits": _("always show the benefits window"),
    "poster_back_office_only": _("post receipts only from Poster's back office"),
    "ends_with": _("ends with"),
    "role": _("role"),
    "version": _("version"),
    "rules": _("rules"),
    "rounding": _("rounding"),
    "step_minor": _("round to, minor units"),
    "promotion_lines_take_part": _("goods under a promotion take part"),
    "new_customer_status": _("new customer status"),
    "confirmation": _("confirmation"),
    "confirmation_limit_minor": _("confirm above, minor units"),
    "bonuses": _("bonuses"),
    "reason": _("reason"),
    "below_zero": _("refund of spent bonuses"),
    "debt_limit_minor": _("at most below zero, minor units"),
}


def changes_in_words(changes: dict[str, list[Any]]) -> str:
    """``{"name": ["Bar", "Hall"]}`` → ``name: Bar → Hall``; what was empty before is shown by its new value alone."""
    return "; ".join(_one_change(name, *pair) for name, pair in changes.items())[:TEXT_LENGTH_MAX]


def _one_change(name: str, before: Any, after: Any) -> str:
    word = FIELDS.get(name, name)
    if before is None or before == "" or before == []:
        return f"{word}: {_shown(after)}"
    return f"{word}: {_shown(before)} → {_shown(after)}"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(_shown(item) for item in value) or "–"
    if isinstance(value, dict):
        # A rule of the program: its kind and percent say what matters.
        return f"{value.get('rule_id', '')} {value.get('percent', '')} %"
    return "–" if value is None or value == "" else str(value)
