"""The first page: is everything connected, who was seen, what happened today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from incust.businesses.models import Business, Terminal, TillAccount
from incust.checks.models import Check
from incust.customers.models import Customer
from incust.programs.models import Program

from .access_note import access_notes
from .ledger_note import ledger_note
from .money_text import bonus_text, money_text
from .seats import seat_of
from .setup_state import progress_of
from .site import panel

QUIET_AFTER = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number of the day, ready to be shown."""

    label: str
    value: str


@panel.home
def home(request: HttpRequest) -> HttpResponse:
    business = Business.objects.get(id=seat_of(request).business_id)
    accounts = list(TillAccount.objects.filter(system="poster", connected=True).order_by("name"))
    terminals = list(Terminal.objects.select_related("point_of_sale").order_by("point_of_sale__name", "name"))
    now = timezone.now()
    installed = request.GET.get("installed", "")
    return panel.render(
        request,
        "panel/home.html",
        title=_("Home"),
        business=business,
        installed=next((account for account in accounts if account.name == installed), None),
        accounts=accounts,
        terminals=[{"terminal": terminal, "state": _state(terminal, now)} for terminal in terminals],
        program=Program.objects.filter(current_version__isnull=False).first(),
        figures=_figures(business, now),
        access_notes=access_notes(now=now),
        ledger=ledger_note(seat_of(request), business, now),
        setups=_unfinished_setups(accounts) if seat_of(request).may_edit else [],
    )


def _unfinished_setups(accounts: list[TillAccount]) -> list[dict[str, Any]]:
    """Accounts whose set-up nobody has finished or put aside."""
    begun = [(account, progress_of(account)) for account in accounts if account.setup_left_at is None]
    return [{"account": account, "progress": progress} for account, progress in begun if not progress.complete]


def _state(terminal: Terminal, now: datetime) -> str:
    """``off``, ``unlinked``, ``waiting`` (never seen), ``quiet`` (not seen for a day) or ``seen``."""
    if not terminal.enabled:
        return "off"
    if terminal.last_seen_at is not None:
        return "seen" if now - terminal.last_seen_at < QUIET_AFTER else "quiet"
    return "waiting" if terminal.use_poster else "unlinked"


def _figures(business: Business, now: datetime) -> list[Figure]:
    """Of the business's own day, in its time zone."""
    day = now.astimezone(ZoneInfo(business.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    checks = Check.objects.filter(status=Check.Status.FINALIZED, finalized_at__gte=day).aggregate(
        number=Count("id"), sales=Sum("total_minor"), earned=Sum("earned_minor"), redeemed=Sum("redeem_minor"),
    )  # fmt: skip
    currency = business.currency
    return [
        Figure(label=_("Checks"), value=str(checks["number"])),
        Figure(label=_("Sales to customers"), value=money_text(checks["sales"] or 0, currency)),
        Figure(label=_("Bonuses credited"), value=bonus_text(checks["earned"] or 0, currency)),
        Figure(label=_("Bonuses redeemed"), value=bonus_text(checks["redeemed"] or 0, currency)),
        Figure(label=_("New customers"), value=str(Customer.objects.filter(created_at__gte=day).count())),
    ]
