"""Who owns which field of a guest: we, or Poster. The page docs/poster-guests.md shows this table to people.

What a guest said himself, in his wallet or at our till, is never overwritten by Poster; what staff keep in Poster for
themselves is never overwritten by us. By phone, email and card a guest signs in: for a guest whom we have already,
Poster gives us none, or whoever may edit clients there could make himself the owner of the guest's points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Literal

from incust.customers.identifiers import SEPARATORS, email_of, is_card_number, normalised_phone
from incust.customers.problems import EmailInvalid

NOTHING = ("", "0", "0000-00-00", "None")
"""How Poster writes that a member is empty."""
GENDERS = {"1": "male", "2": "female"}
SEXES = {gender: sex for sex, gender in GENDERS.items()}
NAME_LENGTH_MAX, GROUP_LENGTH_MAX, SHOWN_PHONE_LENGTH_MAX = 200, 200, 60
BIRTHDAYS_FROM = date(1900, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Field:
    """``from_poster``: Poster's value fills an empty place with us, comes with a guest who is new to us, comes once
    with an import, is kept beside the guest, or is none of ours. ``to_poster``: ours goes there when it changes, fills
    an empty place there with the next change of another field, or never goes there."""

    name: str
    from_poster: Literal["fills-empty", "new-guest", "once", "kept-beside", "never"]
    to_poster: Literal["when-changed", "fills-empty", "never"]


FIELDS = (
    Field(name="name", from_poster="fills-empty", to_poster="when-changed"),
    Field(name="phone", from_poster="new-guest", to_poster="fills-empty"),
    Field(name="email", from_poster="new-guest", to_poster="fills-empty"),
    Field(name="card", from_poster="new-guest", to_poster="fills-empty"),
    Field(name="birthday", from_poster="fills-empty", to_poster="when-changed"),
    Field(name="gender", from_poster="fills-empty", to_poster="when-changed"),
    Field(name="group", from_poster="kept-beside", to_poster="never"),
    Field(name="bonus", from_poster="once", to_poster="never"),
    Field(name="discount", from_poster="never", to_poster="never"),
    Field(name="total spent", from_poster="never", to_poster="never"),
    Field(name="address and comment", from_poster="never", to_poster="never"),
)
TAKEN = frozenset(field.name for field in FIELDS if field.from_poster in ("fills-empty", "new-guest"))
TOLD_WHEN_CHANGED = frozenset(field.name for field in FIELDS if field.to_poster == "when-changed")
TOLD = TOLD_WHEN_CHANGED | {field.name for field in FIELDS if field.to_poster == "fills-empty"}


def client_of_row(row: Mapping[str, Any], *, country: str) -> dict[str, Any]:
    """A row of ``clients.getClients`` as poster.plan_clients takes it: normalised, what is not one of ours left out.

    ``country`` is for phones in a local spelling. ``reason`` says why nobody can be made of it: ``deleted``,
    ``bad-phone``, ``no-contact``; else it is empty. ``bonus_minor`` is in minor units, as Poster tells it.
    """
    shown_phone = _text(row, "phone") or _text(row, "phone_number")
    phone = _phone(row, country)
    email, card = _email(_text(row, "email")), _card(_text(row, "card_number"))
    birthday = _birthday(_text(row, "birthday"))
    values = {
        "name": _name(row), "phone": phone, "email": email, "card": card,
        "birthday": birthday.isoformat() if birthday else None, "gender": GENDERS.get(_text(row, "client_sex"), ""),
    }  # fmt: skip
    return {
        **{name: value if name in TAKEN else None if name == "birthday" else "" for name, value in values.items()},
        "client_id": int(row["client_id"]),
        "group_id": _text(row, "client_groups_id")[:20],
        "group_name": _text(row, "client_groups_name")[:GROUP_LENGTH_MAX],
        "bonus_minor": minor_of(row.get("bonus")),
        "reason": _reason(row, shown_phone, phone, email, card),
        "shown_name": _name(row),
        "shown_phone": shown_phone[:SHOWN_PHONE_LENGTH_MAX],
    }


def form_of_change(
    guest: Mapping[str, Any], client: Mapping[str, Any], changed: Iterable[str], *, country: str
) -> dict[str, str]:
    """What ``clients.updateClient`` is to be told: those of `TOLD_WHEN_CHANGED` that did, and what is empty there.

    ``guest``: name, phone, email, card, birthday (a date or ``None``) and gender with us; what is empty there empties
    nothing in Poster. ``client``: Poster's own row. Empty where Poster knows all of it already.
    """
    theirs = client_of_row(client, country=country)
    form: dict[str, str] = {}
    for name in TOLD:
        ours = guest.get(name)
        value = ours.isoformat() if isinstance(ours, date) else str(ours or "")
        if not value or value == str(theirs[name] or ""):
            continue
        if not theirs[name] or (name in changed and name in TOLD_WHEN_CHANGED):
            member, text = _told(name, value)
            form[member] = text
    return form


def client_name_of(name: str) -> str:
    """In Poster's order, the surname first: the last of several words, as `client_of_row` reads it back."""
    *first, last = name.split() or [""]
    return " ".join([last, *first])


def minor_of(value: Any) -> int:
    """Minor units out of Poster's text or number; 0 for what is none."""
    try:
        return int(Decimal(str(value)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    except (InvalidOperation, ValueError, OverflowError):
        return 0


def is_removed(row: Mapping[str, Any]) -> bool:
    return str(row.get("delete", "0")) == "1"


def _told(name: str, value: str) -> tuple[str, str]:
    match name:
        case "name":
            return "client_name", client_name_of(value)
        case "card":
            return "card_number", value
        case "gender":
            return "client_sex", SEXES[value]
        case _:
            return name, value


def _reason(row: Mapping[str, Any], shown_phone: str, phone: str, email: str, card: str) -> str:
    if is_removed(row):
        return "deleted"
    if shown_phone and not phone:
        return "bad-phone"
    return "" if phone or email or card else "no-contact"


def _text(row: Mapping[str, Any], name: str) -> str:
    # NUL is JSON, and nothing that the database can keep.
    text = str(row.get(name) or "").replace("\0", "").strip()
    return "" if text in NOTHING else text


def _name(row: Mapping[str, Any]) -> str:
    words = (_text(row, part) for part in ("firstname", "patronymic", "lastname"))
    return " ".join(" ".join(filter(None, words)).split())[:NAME_LENGTH_MAX]


def _phone(row: Mapping[str, Any], country: str) -> str:
    for member in ("phone_number", "phone"):
        found = normalised_phone(_text(row, member), country=country) if _text(row, member) else None
        if found:
            return found
    return ""


def _email(text: str) -> str:
    try:
        return email_of(text) if text else ""
    except EmailInvalid:
        return ""


def _card(text: str) -> str:
    digits = SEPARATORS.sub("", text)
    return digits if is_card_number(digits) else ""


def _birthday(text: str) -> date | None:
    try:
        birthday = date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
    return birthday if birthday and BIRTHDAYS_FROM <= birthday <= date.today() else None  # noqa: DTZ011 (of anybody)
