"""The audit log's stable words, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIONS: dict[str, Promise] = {
    "poster.connected": _("Poster account connected"),
    "poster.disconnected": _("Poster account disconnected"),
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
}


def action_in_words(action: str) -> str:
    """The action as a sentence; one without words here is shown as it is stored."""
    return str(ACTIONS.get(action, action))
