"""A terminal's *Poster* tab is checked against Poster before it is saved. Each fault has a sentence at its field."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from incust.businesses.models import Terminal, TillAccount
from incust.businesses.tenancy import in_business

from .account_address import account_name_of
from .applications import application_named, known_applications
from .installations import api_of
from .models import Installation
from .problems import AccountUnknown, PosterRefused, PosterUnavailable
from .read_account import AccountFacts, Spot, Tablet, read_spots, read_tablets

WHOLE_FORM = "__all__"


@dataclass(frozen=True, kw_only=True)
class PosterTab:
    """What was typed or picked. ``terminal_id`` is ``None`` for a new terminal."""

    terminal_id: int | None
    account: str
    application: str
    customer_number: str
    location_id: str
    register_id: str


@dataclass(kw_only=True)
class CheckedTab:
    """``faults``: field → sentence, in the language that is active; empty means that the tab may be saved.

    ``account_id`` and ``application`` are what the typed values stand for.
    """

    account_id: int | None = None
    application: str = ""
    faults: dict[str, str] = field(default_factory=dict)


def check_poster_tab(business_id: int, tab: PosterTab, *, facts: AccountFacts | None = None) -> CheckedTab:
    """Compare the tab with what we know and with what Poster says now. Saves nothing.

    ``facts`` are what Poster has just said of the account, for many terminals at once; without them Poster is asked,
    so call it outside of transactions then.
    """
    checked = CheckedTab()
    account = _check_account(business_id, tab, checked)
    _check_application(business_id, tab, account, checked)
    _check_numbers_are_given(tab, checked)
    if account is None:
        return checked
    checked.account_id = account.id
    if tab.customer_number and tab.customer_number != account.number:
        checked.faults["poster_customer_number"] = _(
            "%(number)s is not the customer number of “%(account)s”. It stands at the bottom left of Poster's console."
        ) % {"number": tab.customer_number, "account": account.name}
    if "poster_account" not in checked.faults:
        _check_register(business_id, tab, account, checked, facts)
    return checked


def register_taken_sentence(terminal_name: str = "") -> str:
    """Also for the case that the database notices it first."""
    if terminal_name:
        return _("This register is already linked to the terminal “%(name)s”.") % {"name": terminal_name}
    return _("This register is already linked to another terminal.")


def _check_account(business_id: int, tab: PosterTab, checked: CheckedTab) -> TillAccount | None:
    if not tab.account:
        checked.faults["poster_account"] = _("Choose the account of the business in Poster.")
        return None
    name = account_name_of(tab.account)
    if name is None:
        checked.faults["poster_account"] = _(
            "This is not the name of a Poster account. It is the part of the address before .joinposter.com "
            "(in Poster: Settings → General)."
        )
        return None
    with in_business(business_id):
        account = TillAccount.objects.filter(system="poster", name=name, connected=True).first()
    if account is None:
        checked.faults["poster_account"] = _(
            "The account “%(account)s” is not connected. Connect inCust in it first: Applications → App Marketplace."
        ) % {"account": name}
    return account


def _check_application(business_id: int, tab: PosterTab, account: TillAccount | None, checked: CheckedTab) -> None:
    application = application_named(tab.application)
    if application is None:
        names = ", ".join(known.name for known in known_applications())
        checked.faults["poster_application"] = (
            _("No application has this name. Known: %(names)s.") % {"names": names}
            if tab.application
            else _("Choose the name of the application in Poster.")
        )
        return
    checked.application = application.name
    if account is None:
        return
    with in_business(business_id):
        installed = Installation.objects.filter(
            till_account=account, application_id=application.application_id
        ).exists()
    if not installed:
        checked.faults["poster_application"] = _(
            "“%(name)s” is not the application that is connected in this account."
        ) % {"name": application.name}


def _check_numbers_are_given(tab: PosterTab, checked: CheckedTab) -> None:
    required = {
        "poster_customer_number": (
            tab.customer_number, _("Enter the customer number. It stands at the bottom left of Poster's console."),
        ),
        "poster_location_id": (tab.location_id, _("Choose the location (in Poster: Access → Locations, column #).")),
        "poster_register_id": (tab.register_id, _("Choose the register (in Poster: Access → Tablets, column #).")),
    }  # fmt: skip
    for name, (value, sentence) in required.items():
        if not value:
            checked.faults[name] = sentence


def _check_register(
    business_id: int, tab: PosterTab, account: TillAccount, checked: CheckedTab, facts: AccountFacts | None
) -> None:
    lists = (facts.spots, facts.tablets) if facts else _read_lists(business_id, account, checked)
    if lists is None:
        return
    _check_location_and_register(tab, *lists, checked)
    if "poster_register_id" not in checked.faults:
        _check_register_is_free(business_id, tab, account, checked)


def _read_lists(
    business_id: int, account: TillAccount, checked: CheckedTab
) -> tuple[tuple[Spot, ...], tuple[Tablet, ...]] | None:
    try:
        with api_of(business_id, account.id, tries_max=2) as api:
            return read_spots(api), read_tablets(api)
    except PosterUnavailable:
        checked.faults[WHOLE_FORM] = _(
            "Poster does not answer right now, so the numbers could not be checked. Nothing was saved; please try "
            "again in a minute."
        )
    except (PosterRefused, AccountUnknown) as problem:
        checked.faults["poster_account"] = problem.detail
    return None


def _check_location_and_register(
    tab: PosterTab, spots: tuple[Spot, ...], tablets: tuple[Tablet, ...], checked: CheckedTab
) -> None:
    spot = next((spot for spot in spots if spot.id == tab.location_id), None)
    tablet = next((tablet for tablet in tablets if tablet.id == tab.register_id), None)
    if spot is None and tab.location_id:
        checked.faults["poster_location_id"] = _("Poster knows no location %(number)s in this account.") % {
            "number": tab.location_id
        }
    if tablet is None and tab.register_id:
        checked.faults["poster_register_id"] = _("Poster knows no register %(number)s in this account.") % {
            "number": tab.register_id
        }
    if spot and tablet and tablet.spot_id != spot.id:
        theirs = next((other.name for other in spots if other.id == tablet.spot_id), tablet.spot_id)
        checked.faults["poster_register_id"] = _(
            "The register “%(register)s” does not belong to “%(location)s” but to “%(theirs)s”."
        ) % {"register": tablet.name, "location": spot.name, "theirs": theirs}


def _check_register_is_free(business_id: int, tab: PosterTab, account: TillAccount, checked: CheckedTab) -> None:
    with in_business(business_id):
        other = (
            Terminal.objects.filter(use_poster=True, poster_account=account, poster_register_id=tab.register_id)
            .exclude(id=tab.terminal_id)
            .first()
        )
    if other is not None:
        checked.faults["poster_register_id"] = register_taken_sentence(other.name)
