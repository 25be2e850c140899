"""What the last comparison of the ledger found, for the owner's first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from incust.businesses.models import Business
from incust.checks.models import Verification
from incust.checks.record_verification import examples_of

from .seats import Seat

SHOWN_MAX = 5


@dataclass(frozen=True, kw_only=True)
class LedgerNote:
    """`sentence` says when it was, and stands alone where nothing differs. Otherwise `found` says how many differences
    there are, `differences` are the first ones in words, and `more` counts those beyond them."""

    sentence: str
    found: str
    differences: list[str]
    more: str


def ledger_note(seat: Seat, business: Business, now: datetime) -> LedgerNote | None:
    """For owners, once the ledger has been compared. Inside the transaction of the business."""
    if not seat.is_owner:
        return None
    newest = Verification.objects.order_by("-finished_at", "-id").first()
    if newest is None:
        return None
    checked = _checked(timezone.localtime(newest.finished_at), timezone.localtime(now))
    if not newest.differences:
        return LedgerNote(
            sentence=_("%(checked)s: all is well.") % {"checked": checked}, found="", differences=[], more=""
        )
    shown = [each.sentence for each in examples_of(newest, business.currency)[:SHOWN_MAX]]
    more = newest.differences - len(shown)
    return LedgerNote(
        sentence=f"{checked}.",
        found=_("Differences found in the ledger: %(number)s") % {"number": newest.differences},
        differences=shown,
        more=_("and %(number)s more") % {"number": more} if more else "",
    )


def _checked(at: datetime, now: datetime) -> str:
    if at.date() == now.date():
        return _("The ledger was checked at %(time)s") % {"time": date_format(at, "TIME_FORMAT")}
    return _("The ledger was checked on %(date)s") % {"date": date_format(at, "SHORT_DATETIME_FORMAT")}
