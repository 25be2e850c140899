"""A till recognises a guest. The till's path: one database call, two for a wallet's QR code."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from incust.businesses.models import Business
from incust.businesses.problems import Problem
from incust.businesses.terminal_access import Caller
from incust.businesses.till_call import call

from .at_terminal import at_terminal, problems_of_database
from .devices import secret_of_device
from .identifiers import Candidate, Recognised, recognise, recognise_poster_client
from .problems import CustomerUnknown, IdentifierUnusable, TooManyGuesses
from .rotating_code import device_number_of, step_of

COUNTRY_KEPT_FOR = timedelta(minutes=5)
COUNTRIES_MAX = 10_000


@dataclass(frozen=True, kw_only=True)
class PosterClient:
    """A guest whom the cashier attached by Poster's own means. Texts may be empty."""

    client_id: int
    phone: str = ""
    card_number: str = ""


@dataclass(frozen=True, kw_only=True)
class Identify:
    """Exactly one of ``identifier`` and ``poster_client``."""

    caller: Caller
    identifier: str = ""
    poster_client: PosterClient | None = None


def identify_customer(request: Identify, *, now: datetime) -> dict[str, Any]:
    """Find the customer and write down that this terminal recognised him.

    Returns ``{"customer": …, "identification": …}`` as docs/terminal-api.md has them. Raises `CustomerUnknown` (members
    ``kind``, ``normalized``), `IdentifierUnusable`, `TooManyGuesses`, `ReplayedRequest`, and the problems of the doors.
    """
    recognised = _recognise(request, country=country_of(request.caller, now=now))
    candidates = [_for_database(candidate, request.caller, now) for candidate in recognised.candidates]
    offer = recognised.offer and {"kind": recognised.offer.kind, "normalized": recognised.offer.value}
    ask: dict[str, Any] = {"candidates": candidates, "offer": offer, "now": now.isoformat()}
    # The door lets no till in without one; our own comparison has none, for it may ask as often as it likes.
    if request.caller.door == "poster" and request.caller.request_id:
        ask["read_id"] = request.caller.request_id
    answer = call("customers.identify", request.caller.as_json(), ask)
    if "problem" in answer:
        raise _problem(answer)
    return answer


def country_of(caller: Caller, *, now: datetime) -> str:
    """The country of the caller's business, for phones without a calling code. Remembered for some minutes; that lets
    nobody in, for every call that does something resolves its terminal itself. Raises the problems of the doors."""
    key = (caller.door, caller.account, caller.spot, caller.tablet, caller.key_hash)
    known = _countries.get(key, now)
    if known is None:
        with at_terminal(caller) as terminal:
            known = Business.objects.values_list("country", flat=True).get(id=terminal.business_id)
        _countries.put(key, known, now)
    return known


def _recognise(request: Identify, *, country: str) -> Recognised:
    if request.poster_client is None:
        return recognise(request.identifier, country=country)
    client = request.poster_client
    return recognise_poster_client(
        client_id=client.client_id, phone=client.phone, card_number=client.card_number, country=country
    )


def _for_database(candidate: Candidate, caller: Caller, now: datetime) -> dict[str, Any]:
    if candidate.kind != "qr":
        return {"kind": candidate.kind, "value": candidate.value}
    # The code is checked here, where the secret can be opened; that its step was not taken before, in the database.
    number = device_number_of(candidate.value)
    with problems_of_database(), connection.cursor() as cursor:
        cursor.execute("SELECT customers.device_of_code(%s, %s)", [Jsonb(caller.as_json()), number])
        sealed = cursor.fetchone()[0]
    step = step_of(candidate.value, secret=secret_of_device(sealed), now=now) if sealed else None
    return {"kind": "qr", "device": number, "step": step}


def _problem(answer: dict[str, Any]) -> Problem:
    match answer["problem"]:
        case CustomerUnknown.code:
            return CustomerUnknown(kind=answer["kind"], normalized=answer["normalized"])
        case TooManyGuesses.code:
            return TooManyGuesses(retry_after_s=answer["retry_after_s"])
        case IdentifierUnusable.code:
            return IdentifierUnusable()
    raise AssertionError(f"customers.identify answered {answer['problem']}")


class _Countries:
    """A bounded memory of countries by caller, shared by the process's threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[object, ...], tuple[str, datetime]] = OrderedDict()

    def get(self, key: tuple[object, ...], now: datetime) -> str | None:
        with self._lock:
            country, since = self._kept.get(key, (None, now))
            return country if now - since < COUNTRY_KEPT_FOR else None

    def put(self, key: tuple[object, ...], country: str, now: datetime) -> None:
        with self._lock:
            self._kept[key] = (country, now)
            self._kept.move_to_end(key)
            if len(self._kept) > COUNTRIES_MAX:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()


_countries = _Countries()
forget_countries = _countries.forget
