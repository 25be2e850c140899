"""A till says hello: who is it to us, and what should it know?"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import phonenumbers
from babel.numbers import get_currency_precision, get_currency_symbol
from django.db import connection
from django.utils.translation import get_language

from incust.businesses.models import Business, PointOfSale, Salesperson, Terminal
from incust.businesses.terminal_access import Caller
from incust.customers.at_terminal import CallingTerminal, at_terminal
from incust.poster.applications import application_of
from incust.poster.models import Installation
from incust.programs.current_program import current_program

from .schemas import hello as shapes

SEEN_EVERY = timedelta(minutes=1)
SYMBOL_LOCALES = ("uk", "pl", "ru", "en")


def say_hello(caller: Caller, salesperson: shapes.SalespersonAtTill | None, *, now: datetime) -> shapes.HelloAnswer:
    """Answer who the till is, note that it was seen (at most once a minute) and who stands at it.

    Raises the problems of the doors, and `ReplayedRequest`.
    """
    with at_terminal(caller) as calling:
        _refuse_replay(caller, calling, now)
        terminal = Terminal.objects.get(business_id=calling.business_id, pk=calling.terminal_id)
        _note_seen(terminal, caller, now)
        if salesperson is not None:
            _note_salesperson(terminal, caller, salesperson)
        business = Business.objects.get(pk=calling.business_id)
        point_of_sale = PointOfSale.objects.get(business_id=business.pk, pk=calling.point_of_sale_id)
        return shapes.HelloAnswer(
            terminal=shapes.Named(id=str(terminal.pk), name=terminal.name),
            business=shapes.BusinessName(name=business.name),
            point_of_sale=shapes.Named(id=str(point_of_sale.pk), name=point_of_sale.name),
            currency=_currency(terminal.currency),
            phone=shapes.PhoneRules(
                country=business.country, calling_code=str(phonenumbers.country_code_for_region(business.country))
            ),
            settings=_settings(terminal),
            program=_program(business.pk),
            poster=_poster(terminal, caller, calling),
            server_time=now,
        )


def _refuse_replay(caller: Caller, calling: CallingTerminal, now: datetime) -> None:
    if caller.door != "poster":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customers.refuse_replay(%s, %s, %s, %s)",
            [calling.business_id, calling.terminal_id, caller.request_id, now],
        )


def _note_seen(terminal: Terminal, caller: Caller, now: datetime) -> None:
    """A waiter logs in every few minutes; the row is written only when it says something new."""
    fresh = terminal.last_seen_at is not None and now - terminal.last_seen_at < SEEN_EVERY
    if fresh and terminal.last_seen_version == caller.till_version:
        return
    Terminal.objects.filter(business_id=terminal.business_id, pk=terminal.pk).update(
        last_seen_at=now, last_seen_version=caller.till_version
    )


def _note_salesperson(terminal: Terminal, caller: Caller, at_till: shapes.SalespersonAtTill) -> None:
    system = "poster" if caller.door == "poster" else "key"
    known, created = Salesperson.objects.get_or_create(
        business_id=terminal.business_id, terminal_system=system, external_id=at_till.external_id,
        defaults={"name": at_till.name},
    )  # fmt: skip
    if not created and at_till.name and known.name != at_till.name:
        known.name = at_till.name
        known.save(update_fields=["name"])


def _settings(terminal: Terminal) -> shapes.TerminalSettings:
    return shapes.TerminalSettings(
        ask_at_pay=terminal.ask_at_pay,
        profile_display=terminal.profile_display,
        always_show_benefits=terminal.poster_always_show_benefits,
        create_poster_customers=not terminal.poster_skip_customers,
        # Nothing else posts receipts yet, so a register that kept silent would lose every bonus.
        post_from_register=True,
    )


def _program(business_id: int) -> shapes.ProgramSummary | None:
    program = current_program(business_id)
    if program is None:
        return None
    return shapes.ProgramSummary(
        title=program.title(), version=program.number, earn_percent=_percent(program.earn_percent),
        redeem_percent=_percent(program.redeem_percent),
    )  # fmt: skip


def _percent(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _poster(terminal: Terminal, caller: Caller, calling: CallingTerminal) -> shapes.PosterSide | None:
    if caller.door != "poster":
        return None
    group = (
        Installation.objects.filter(business_id=calling.business_id, till_account_id=calling.till_account_id)
        .values_list("client_group_id", flat=True)
        .first()
    )
    application = application_of(caller.application)
    return shapes.PosterSide(
        client_group_id=int(group) if group else None,
        application_name=terminal.poster_application or (application.name if application else ""),
    )


def _currency(code: str) -> shapes.CurrencyOfTerminal:
    # A locale writes foreign currencies by their code; the caller's own comes first.
    locales = (get_language() or "en", *SYMBOL_LOCALES)
    symbols = (get_currency_symbol(code, locale=locale) for locale in locales)
    symbol = next((symbol for symbol in symbols if symbol != code), code)
    return shapes.CurrencyOfTerminal(code=code, digits=get_currency_precision(code), symbol=symbol)
