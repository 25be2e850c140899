"""A till says hello: who is it to us, and what should it know?"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec
import phonenumbers
from babel.numbers import get_currency_precision, get_currency_symbol
from django.utils.translation import get_language

from incust.businesses.terminal_access import Caller
from incust.businesses.till_call import call
from incust.poster.applications import application_of
from incust.programs.current_program import program_version

from .schemas import hello as shapes

SYMBOL_LOCALES = ("uk", "pl", "ru", "en")
SYMBOLS_KEPT_MAX = 1024


def say_hello(caller: Caller, salesperson: shapes.SalespersonAtTill | None, *, now: datetime) -> shapes.HelloAnswer:
    """Answer who the till is, note that it was seen (at most once a minute) and who stands at it.

    Raises the problems of the doors, and `ReplayedRequest`.
    """
    ask: dict[str, Any] = {
        "now": now.isoformat(),
        "version": caller.till_version,
        "salesperson": None if salesperson is None else msgspec.to_builtins(salesperson),
    }
    if caller.door == "poster":
        ask["read_id"] = caller.request_id
    found = call("terminal_api.hello", caller.as_json(), ask)
    return shapes.HelloAnswer(
        terminal=msgspec.convert(found["terminal"], shapes.Named),
        business=msgspec.convert(found["business"], shapes.BusinessName),
        point_of_sale=msgspec.convert(found["point_of_sale"], shapes.Named),
        currency=_currency(found["currency"], get_language() or "en"),
        phone=shapes.PhoneRules(
            country=found["country"], calling_code=str(phonenumbers.country_code_for_region(found["country"]))
        ),
        settings=msgspec.convert(found["settings"], shapes.TerminalSettings),
        program=_program(found["business_id"], found["program_version_id"]),
        poster=_poster(caller, found),
        server_time=now,
    )


def _program(business_id: int, version_id: int | None) -> shapes.ProgramSummary | None:
    if version_id is None:
        return None
    program = program_version(business_id, version_id)
    return shapes.ProgramSummary(
        title=program.title(), version=program.number, earn_percent=_percent(program.earn_percent),
        redeem_percent=_percent(program.redeem_percent),
    )  # fmt: skip


def _percent(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _poster(caller: Caller, found: dict[str, Any]) -> shapes.PosterSide | None:
    if caller.door != "poster":
        return None
    application_name = found["application_name"]
    if not application_name:
        application = application_of(caller.application)
        application_name = application.name if application else ""
    return shapes.PosterSide(client_group_id=found["client_group_id"], application_name=application_name)


@lru_cache(maxsize=SYMBOLS_KEPT_MAX)
def _currency(code: str, language: str) -> shapes.CurrencyOfTerminal:
    # A locale writes foreign currencies by their code; the caller's own comes first.
    symbols = (get_currency_symbol(code, locale=locale) for locale in (language, *SYMBOL_LOCALES))
    symbol = next((symbol for symbol in symbols if symbol != code), code)
    return shapes.CurrencyOfTerminal(code=code, digits=get_currency_precision(code), symbol=symbol)
