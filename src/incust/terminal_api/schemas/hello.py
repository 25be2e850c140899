"""Shapes of ``hello``."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from .values import Moment, Name


class SalespersonAtTill(msgspec.Struct, frozen=True):
    """Who stands at the till, by the till's own number."""

    external_id: Annotated[str, Meta(min_length=1, max_length=40)]
    name: Name = ""


class HelloRequest(msgspec.Struct, frozen=True):
    salesperson: SalespersonAtTill | None = None


class Named(msgspec.Struct, frozen=True):
    id: str
    name: str


class BusinessName(msgspec.Struct, frozen=True):
    name: str


class CurrencyOfTerminal(msgspec.Struct, frozen=True):
    code: str
    digits: int
    symbol: str


class PhoneRules(msgspec.Struct, frozen=True):
    """For phones typed without a calling code."""

    country: str
    calling_code: str


class TerminalSettings(msgspec.Struct, frozen=True):
    ask_at_pay: bool
    profile_display: Literal["never", "new", "always"]
    always_show_benefits: bool
    create_poster_customers: bool
    post_from_register: bool


class ProgramSummary(msgspec.Struct, frozen=True):
    """Percents are decimals as text; null where the program has no such rule."""

    title: str
    version: int
    earn_percent: str | None
    redeem_percent: str | None


class PosterSide(msgspec.Struct, frozen=True):
    client_group_id: int | None
    application_name: str


class HelloAnswer(msgspec.Struct, frozen=True):
    """Who the till is to us. `program` is null while none is published; `poster` for tills other than Poster."""

    terminal: Named
    business: BusinessName
    point_of_sale: Named
    currency: CurrencyOfTerminal
    phone: PhoneRules
    settings: TerminalSettings
    program: ProgramSummary | None
    poster: PosterSide | None
    server_time: Moment
