"""The chosen registers of an account get their terminals: all of them or, when anything is wrong, none."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from incust.businesses.models import Business, Terminal, TerminalKey, TillAccount, User
from incust.businesses.tenancy import in_business
from incust.poster.account_lists import store_lists
from incust.poster.applications import application_of
from incust.poster.installations import api_of
from incust.poster.models import Installation, Location
from incust.poster.read_account import AccountFacts, Tablet, read_account

from .save_terminal import save_terminal
from .site import take_time
from .terminal_form import TerminalForm, initial_of

POSTER_ANSWERS_WITHIN_S = 10.0
"""For all lists together: somebody waits at the page."""


@dataclass(frozen=True, kw_only=True)
class OpenedRegisters:
    """``names`` of the terminals that were linked now. With ``faults``, sentences for people, nothing was."""

    names: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


class _Faulty(Exception):
    """Undoes what was done so far."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


def read_anew(*, business_id: int, account_id: int, now: datetime) -> AccountFacts:
    """Ask Poster for the account's locations, registers and staff, and keep them.

    Talks to Poster; call outside of transactions. Raises `AccountUnknown` and what the API client raises.
    """
    with api_of(business_id, account_id, tries_max=2, deadline_s=POSTER_ANSWERS_WITHIN_S) as api:
        facts = read_account(api)
    with in_business(business_id):
        take_time()
        store_lists(_locked(account_id), facts)
        Installation.objects.filter(till_account_id=account_id).update(refreshed_at=now)
    return facts


def open_registers(
    *, business_id: int, account_id: int, register_ids: Collection[str], user: User, now: datetime
) -> OpenedRegisters:
    """Give each chosen register a terminal at its point of sale; one that has a terminal already is left alone.

    A terminal that was made for the register but never linked nor used is taken, else a new one is made. Each is
    checked and saved as by its own page. Repeating changes nothing, also when two do it at once. Talks to Poster; call
    outside of transactions. Raises `AccountUnknown` and what the API client raises; then nothing was made.
    """
    facts = read_anew(business_id=business_id, account_id=account_id, now=now)
    known = {tablet.id: tablet for tablet in facts.tablets}
    gone = sorted(set(register_ids) - set(known))
    if gone:
        sentence = _("Poster knows no register %(number)s in this account.")
        return OpenedRegisters(faults=tuple(sentence % {"number": number} for number in gone))
    try:
        with in_business(business_id):
            take_time()
            account = _locked(account_id)
            chosen = [tablet for tablet in facts.tablets if tablet.id in set(register_ids)]
            return OpenedRegisters(names=_linked(account, facts, chosen, user))
    except _Faulty as faulty:
        return OpenedRegisters(faults=faulty.faults)


def _locked(account_id: int) -> TillAccount:
    """The account's row: whoever sets it up at the same time waits, and then finds the terminals made."""
    return TillAccount.objects.select_for_update().get(id=account_id)


def _linked(account: TillAccount, facts: AccountFacts, chosen: list[Tablet], user: User) -> tuple[str, ...]:
    taken = set(
        Terminal.objects.filter(use_poster=True, poster_account=account).values_list("poster_register_id", flat=True)
    )
    names: list[str] = []
    faults: list[str] = []
    for tablet in chosen:
        if tablet.id in taken:
            continue
        form, terminal_id = _filled_form(account, facts, tablet)
        saved = None
        if form.is_valid():
            saved = save_terminal(
                business_id=account.business_id, user=user, form=form, terminal_id=terminal_id, facts=facts
            )
        if saved is not None:
            names.append(saved.name)
        faults += [f"{_name_of(tablet)}: {sentence}" for sentences in form.errors.values() for sentence in sentences]
    if faults:
        raise _Faulty(faults)
    return tuple(names)


def _filled_form(account: TillAccount, facts: AccountFacts, tablet: Tablet) -> tuple[TerminalForm, int | None]:
    """What the owner would have typed into the terminal's page, and the terminal that it is for, if there is one."""
    place_id = (
        Location.objects.filter(till_account=account, external_id=tablet.spot_id)
        .values_list("point_of_sale_id", flat=True)
        .first()
    )
    terminal = _made_before(place_id, tablet)
    values = initial_of(terminal) if terminal else _for_new_one(account.business_id, facts, place_id, tablet)
    installed = Installation.objects.get(till_account=account)
    application = application_of(installed.application_id)
    values |= {
        "use_poster": True, "poster_account": account.name, "poster_customer_number": account.number,
        "poster_application": application.name if application else "",
        "poster_location_id": tablet.spot_id, "poster_register_id": tablet.id,
    }  # fmt: skip
    return TerminalForm(values, initial=values), terminal.id if terminal else None


def _made_before(place_id: int | None, tablet: Tablet) -> Terminal | None:
    """The connection made terminals for the registers that it found; nobody works at them while they are not linked.

    One with an API key that is good belongs to a till of another maker.
    """
    return (
        Terminal.objects.filter(
            point_of_sale_id=place_id, name=_name_of(tablet), use_poster=False, enabled=True, last_seen_at=None
        )
        .exclude(id__in=TerminalKey.objects.filter(revoked_at=None).values("terminal_id"))
        .order_by("id")
        .first()
    )


def _for_new_one(business_id: int, facts: AccountFacts, place_id: int | None, tablet: Tablet) -> dict[str, object]:
    """The account's own currency: an account abroad has another than the business."""
    business = Business.objects.get(id=business_id)
    return {
        "name": _name_of(tablet), "point_of_sale": place_id, "currency": facts.currency, "language": business.language,
        "enabled": True, "profile_display": Terminal.ProfileDisplay.ALWAYS,
    }  # fmt: skip


def _name_of(tablet: Tablet) -> str:
    return tablet.name or _("Register %(number)s") % {"number": tablet.id}
