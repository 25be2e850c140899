"""Why a client of Poster did not become a guest, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Promise] = {
    "no-contact": _("has neither a phone nor an email nor a card"),
    "bad-phone": _("the phone is not a valid number"),
    "duplicate-phone": _("another client in Poster has the same phone"),
    "duplicate-guest": _("another client in Poster is the same guest: the same email, card or link"),
    "deleted": _("was removed in Poster"),
}


def reason_in_words(reason: str) -> str:
    """The reason as people read it; one without words here is shown as it is stored."""
    return str(REASONS.get(reason, reason))
