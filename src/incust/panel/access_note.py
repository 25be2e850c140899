"""What the owner is told about our access to his Poster accounts: that it ended, or ends soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from incust.businesses.models import TillAccount
from incust.poster.account_access import access_ends_at, access_ends_soon
from incust.poster.models import Installation


@dataclass(frozen=True, kw_only=True)
class AccessNote:
    """``refused``: Poster lets us in no longer; else it may stop doing so soon."""

    account: str
    refused: bool
    sentence: str


def access_notes(*, now: datetime) -> list[AccessNote]:
    """Of the connected accounts of the bound business, the refused ones first."""
    connected = TillAccount.objects.filter(system="poster", connected=True).order_by("name")
    installed = {one.till_account_id: one for one in Installation.objects.filter(till_account__in=connected)}
    notes = [_note(account, installed.get(account.id), now) for account in connected]
    return sorted((note for note in notes if note is not None), key=lambda note: not note.refused)


def _note(account: TillAccount, installation: Installation | None, now: datetime) -> AccessNote | None:
    if account.access_refused_at is not None:
        sentence = _(
            "Since %(when)s Poster no longer lets inCust into the account “%(account)s”. Registers go on crediting and "
            "redeeming; comparing receipts, guests and goods wait until you connect it again. "
            "What happened in the last thirty days is made up for then."
        ) % {"when": _moment(account.access_refused_at), "account": account.name}
        return AccessNote(account=account.name, refused=True, sentence=sentence)
    if installation is None or not access_ends_soon(installation, now=now):
        return None
    sentence = _(
        "Poster lets inCust into the account “%(account)s” until %(day)s. Connect it again before; it takes a minute, "
        "and everything stays as it is."
    ) % {"account": account.name, "day": date_format(localtime(access_ends_at(installation)), "DATE_FORMAT")}
    return AccessNote(account=account.name, refused=False, sentence=sentence)


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT")
