"""Why a receipt has its verdict, and what failed, as kept in the tables: codes with members, read in any language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from incust.businesses.problems import Problem, all_problems

Reason = dict[str, Any]
"""``{"code", "members"}``. Members that end with ``_minor`` are amounts in the receipt's currency."""

REASONS: dict[str, str | Promise] = {
    "open": _("Poster still has the order open."),
    "till-first": _("Just closed: its register reports it first."),
    "register-unlinked": _(
        "A guest is attached, but no terminal is linked to register %(register)s of location %(location)s. Link one "
        "under Terminals and Salespeople; then the receipt is posted."
    ),
    "unreported": _("No register had reported it. It was posted afterwards."),
    "client-unknown": _("Poster's client on it is no guest of this program."),
    "before-program": _(
        "Closed before the account was connected and a program was published. Nothing is posted for it."
    ),
    "guest-later": _("Closed before its guest had joined the program. Nothing is posted for it."),
    "closed-without-payment": _("Closed without payment."),
    "deleted": _("Deleted in Poster. What it earned was taken back, what was redeemed on it was given back."),
    "hold-released": _("Deleted in Poster before it was paid. The bonuses reserved for it are free again."),
    "nothing-posted": _("Deleted in Poster. Nothing had been posted for it."),
    "returned": _("Goods were returned in Poster, and the bonuses of the check followed."),
    "paid-differs": _("Poster was paid %(paid_minor)s; by our check %(expected_minor)s were due."),
    "more-goods": _("Poster has more of product #%(product)s than the check that was posted."),
    "goods-missing": _(
        "Poster shows fewer goods than the check that was posted, but not so much less paid as if they had been "
        "returned. Nothing was taken back."
    ),
    "other-guest": _("In Poster another guest is attached than the one whose check this is."),
    "unpaid-but-posted": _("Poster says that nobody paid, but the check was posted as paid."),
    "reported-otherwise": _("Its register and Poster report it differently. What was posted first stays."),
    "gone": _("Poster does not know this receipt any more."),
    "nonsense": _("Poster's data of this receipt contradict each other."),
    "unexpected": _("Something unexpected went wrong here. It is in the log of the server."),
}


def reason(code: str, **members: Any) -> Reason:
    """One of `REASONS`, to be kept."""
    if code not in REASONS:
        raise KeyError(code)
    return {"code": code, "members": members}


def reason_of(problem: Problem) -> Reason:
    """A problem, to be kept. Its members are numbers and texts of ours or of Poster, never secrets."""
    return {"code": problem.code, "members": problem.members}


def in_words(kept: Mapping[str, Any], money: Callable[[int], str] = str) -> str:
    """The sentence in the language that is active. ``money`` says how an amount in minor units is written."""
    members = {
        name: money(value) if name.endswith("_minor") else value for name, value in (kept.get("members") or {}).items()
    }
    code = str(kept.get("code"))
    known = all_problems().get(code)
    sentence = REASONS.get(code) or (known.sentence if known else None)
    if sentence is None:
        return _now("Something unexpected went wrong here. It is in the log of the server.")
    return str(sentence) % members if members else str(sentence)
