"""What an account consists of: settings, locations, registers, staff. Read over the web API, outside transactions."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .api_client import PosterApi

LANGUAGES = {"ua": "uk", "uk": "uk", "ru": "ru", "pl": "pl", "en": "en"}
"""Poster's language → ours. Others are served in English."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    id: str
    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Tablet:
    id: str
    name: str
    spot_id: str


@dataclass(frozen=True, kw_only=True)
class Employee:
    id: str
    name: str


CURRENCY_ELSE = "UAH"


@dataclass(frozen=True, kw_only=True)
class AccountFacts:
    company_name: str
    currency: str
    language: str
    time_zone: str
    spots: tuple[Spot, ...]
    tablets: tuple[Tablet, ...]
    employees: tuple[Employee, ...]


def read_account(api: PosterApi) -> AccountFacts:
    """Four calls. Raises what the API client raises."""
    settings = api.get("settings.getAllSettings")
    return AccountFacts(
        company_name=str(settings.get("company_name") or "")[:200],
        currency=_currency(settings) or CURRENCY_ELSE,
        language=LANGUAGES.get(str(settings.get("lang", "")).lower(), "en"),
        time_zone=_time_zone(str(settings.get("timezones", ""))),
        spots=read_spots(api),
        tablets=read_tablets(api),
        employees=_read_employees(api),
    )


def read_spots(api: PosterApi) -> tuple[Spot, ...]:
    rows = _rows(api.get("access.getSpots"))
    # "spot_adress" is Poster's own spelling.
    return tuple(
        Spot(
            id=str(row["spot_id"]), name=str(row.get("spot_name") or "")[:200],
            address=str(row.get("spot_adress") or row.get("spot_address") or "")[:300],
        )
        for row in rows
    )  # fmt: skip


def read_tablets(api: PosterApi) -> tuple[Tablet, ...]:
    rows = _rows(api.get("access.getTablets"))
    return tuple(
        Tablet(id=str(row["tablet_id"]), name=str(row.get("tablet_name") or "")[:200], spot_id=str(row["spot_id"]))
        for row in rows
    )


def _read_employees(api: PosterApi) -> tuple[Employee, ...]:
    rows = _rows(api.get("access.getEmployees"))
    return tuple(Employee(id=str(row["user_id"]), name=str(row.get("name") or "")[:200]) for row in rows)


def _rows(answer: Any) -> list[Mapping[str, Any]]:
    return [row for row in answer or [] if isinstance(row, Mapping)]


def read_currency(api: PosterApi) -> str:
    """Of the account; empty where Poster does not say. Raises what the API client raises."""
    return _currency(api.get("settings.getAllSettings"))


def _currency(settings: Mapping[str, Any]) -> str:
    currency = settings.get("currency")
    code = str(currency.get("currency_code_iso", "")) if isinstance(currency, Mapping) else ""
    return code.upper() if len(code) == 3 and code.isascii() and code.isalpha() else ""


def _time_zone(name: str) -> str:
    wanted = {"Europe/Kiev": "Europe/Kyiv"}.get(name, name)
    return wanted if wanted in zoneinfo.available_timezones() else "Europe/Kyiv"
