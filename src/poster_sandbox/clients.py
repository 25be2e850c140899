"""Poster's guests: one stored form, three faces (web API, register, console)."""

import re
from datetime import datetime
from typing import Any

from poster_sandbox.accounts import by_id, next_id
from poster_sandbox.clock import local_text, now_ms
from poster_sandbox.money import decimal_of, to_units
from poster_sandbox.store import State
from poster_sandbox.webhooks.raising import raise_webhook

MALE_FEMALE_UNKNOWN = (0, 1, 2)


class ClientRefused(Exception):
    """The guest cannot be kept as asked; `code` is the web API's error code."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def create_client(state: State, account: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """Add a guest from the web API's fields and raise `client` `added`.

    Raises ClientRefused: 34 without name or group, 32 for an unknown group, 37 for a bad phone, 99 for a phone that
    another guest has, 155 for a bad birthday, sex or sum.
    """
    for required in ("client_name", "client_groups_id_client"):
        if not str(fields.get(required) or "").strip():
            raise ClientRefused(34, f"Field {required} is required")
    client = _blank(account)
    _apply(account, client, fields)
    client["id"] = next_id(account, "client")
    account["clients"].append(client)
    raise_webhook(state, account, "client", client["id"], "added")
    return client


def update_client(state: State, account: dict[str, Any], client: dict[str, Any], fields: dict[str, Any]) -> None:
    """Change the given fields only, and raise `client` `changed`. Raises ClientRefused as `create_client` does."""
    _apply(account, client, fields)
    raise_webhook(state, account, "client", client["id"], "changed")


def remove_client(state: State, account: dict[str, Any], client: dict[str, Any]) -> None:
    """Mark the guest as removed: registers and methods know him no more. Raises the hook `client` `removed`."""
    client["removed"] = True
    raise_webhook(state, account, "client", client["id"], "removed")


def is_removed(client: dict[str, Any]) -> bool:
    return bool(client.get("removed"))


def add_clients(account: dict[str, Any], rows: list[dict[str, Any]]) -> int:
    """Guests as they came to Poster long ago, however it was: raises no hooks and looks for no doubles.

    Members as the state keeps them (`phone_digits`, `bonus_minor`, ...), all of them optional; a name is split as the
    web API splits it. Returns the first id. Raises ClientRefused 155 for members that there are none of.
    """
    first = account["next_ids"]["client"]
    blank = _blank(account)
    for row in rows:
        if not row.keys() <= {*blank, "name", "lastname", "firstname", "patronymic", "group_id", "removed"}:
            raise ClientRefused(155, f"A client has no such members: {', '.join(sorted(row))}")
        named = split_client_name(str(row.get("name") or ""))
        known = {name: value for name, value in row.items() if name != "name"}
        group = {"group_id": account["groups"][0]["id"]}
        account["clients"].append({**blank, **named, **group, **known, "id": next_id(account, "client")})
    return int(first)


def many_clients(account: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Rows for `add_clients` without names of people: phones of the account's country, every third with a balance."""
    groups = [group["id"] for group in account["groups"]]
    return [
        {
            "name": f"Guest {number}",
            "phone_digits": f"{account['phone_code']}67{number:07}",
            "email": f"guest-{number}@example.org" if number % 2 else "",
            "card_number": f"3{number:09}" if number % 5 == 0 else "",
            "birthday": f"19{50 + number % 50}-{1 + number % 12:02}-{1 + number % 28:02}" if number % 4 == 0 else "",
            "sex": number % 3,
            "bonus_minor": 100 + number if number % 3 == 0 else 0,
            "group_id": groups[number % len(groups)],
        }
        for number in range(count)
    ]


def _blank(account: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": 0,
        "phone_digits": "",
        "birthday": "",
        "sex": 0,
        "discount_percent": 0,
        "bonus_minor": 0,
        "total_payed_minor": 0,
        **dict.fromkeys(("email", "card_number", "city", "country", "address", "comment"), ""),
        "created": local_text(now_ms(), account["timezone"]),
    }


def _apply(account: dict[str, Any], client: dict[str, Any], fields: dict[str, Any]) -> None:
    changed: dict[str, Any] = {
        name: str(fields[name] or "").strip()
        for name in ("email", "card_number", "city", "country", "address", "comment")
        if name in fields
    }
    if "client_name" in fields:
        changed.update(split_client_name(str(fields["client_name"])))
    if "client_groups_id_client" in fields:
        group = by_id(account["groups"], fields["client_groups_id_client"])
        if group is None:
            raise ClientRefused(32, "There is no such client group")
        changed["group_id"] = group["id"]
    if "phone" in fields:
        changed["phone_digits"] = _phone_digits(account, client, str(fields["phone"] or ""))
    if "birthday" in fields:
        changed["birthday"] = _birthday(str(fields["birthday"] or ""))
    changed.update(_numbers(fields))
    client.update(changed)


def _numbers(fields: dict[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    try:
        if fields.get("client_sex") not in (None, ""):
            changed["sex"] = int(fields["client_sex"])
        if fields.get("discount_per") not in (None, ""):
            changed["discount_percent"] = float(decimal_of(fields["discount_per"]))
        if fields.get("bonus") not in (None, ""):  # documented without a unit; the example reads as currency units
            changed["bonus_minor"] = int(decimal_of(fields["bonus"]) * 100)
        if fields.get("total_payed_sum") not in (None, ""):
            changed["total_payed_minor"] = int(decimal_of(fields["total_payed_sum"]))
    except (TypeError, ValueError) as error:
        raise ClientRefused(155, str(error)) from error
    if changed.get("sex", 0) not in MALE_FEMALE_UNKNOWN:
        raise ClientRefused(155, "client_sex is 0, 1 or 2")
    return changed


def split_client_name(name: str) -> dict[str, str]:
    """Surname, first name, patronymic, in the order in which Poster reads them; a lone word is the surname."""
    words = name.split()
    return {
        "lastname": words[0] if words else "",
        "firstname": words[1] if len(words) > 1 else "",
        "patronymic": " ".join(words[2:]),
    }


def _phone_digits(account: dict[str, Any], client: dict[str, Any], phone: str) -> str:
    if not phone.strip():
        return ""
    digits = re.sub(r"[\s()+.-]", "", phone)
    if not digits.isdecimal() or not 9 <= len(digits) <= 15:
        raise ClientRefused(37, "The phone number is not a valid one")
    others = (other for other in account["clients"] if other["id"] != client["id"] and not is_removed(other))
    if any(other["phone_digits"] == digits for other in others):
        raise ClientRefused(99, "A client with this phone number exists already")
    return digits


def _birthday(text: str) -> str:
    """Stored as Y-m-d or empty; the web API sends Y-m-d, the register dd-MM-YYYY."""
    if text in ("", "0000-00-00"):
        return ""
    for form in ("%Y-%m-%d", "%d-%m-%Y"):
        try:
            return datetime.strptime(text, form).strftime("%Y-%m-%d")  # noqa: DTZ007 - a date, no moment
        except ValueError:
            continue
    raise ClientRefused(155, "The birthday is not a date")


def phone_text(digits: str) -> str:
    """As the console shows it: `+380 50 11-12-233` for Ukrainian numbers, the plain number else."""
    if not digits:
        return ""
    if digits.startswith("380") and len(digits) == 12:
        return f"+380 {digits[3:5]} {digits[5:7]}-{digits[7:9]}-{digits[9:]}"
    return f"+{digits}"


def client_name(client: dict[str, Any]) -> str:
    """For people: first name first."""
    return " ".join(filter(None, (client["firstname"], client["patronymic"], client["lastname"])))


def search_clients(account: dict[str, Any], text: str, limit: int = 50) -> list[dict[str, Any]]:
    """Guests whose name, phone or card holds the text; all (up to the limit) for an empty one."""
    wanted = text.strip().lower()
    digits = re.sub(r"\D", "", text)
    found = [
        client
        for client in account["clients"]
        if not is_removed(client)
        and (
            wanted in client_name(client).lower()
            or wanted in f"{client['lastname']} {client['firstname']}".lower()
            or (digits and len(digits) >= 3 and digits in client["phone_digits"])
            or (wanted and wanted == client["card_number"].lower())
        )
    ]
    return found[:limit]


def register_client(account: dict[str, Any], client: dict[str, Any]) -> dict[str, Any]:
    """The register's `Client`: numbers are numbers, money in currency units."""
    group = by_id(account["groups"], client["group_id"]) or {"loyalty_type": 2, "percent": 0}
    return {
        "id": client["id"],
        "firstname": client["firstname"],
        "lastname": client["lastname"],
        "patronymic": client["patronymic"],
        "loyaltyType": group["loyalty_type"],
        "discount": max(group["percent"], client["discount_percent"]),
        "hidden": 0,
        "groupId": client["group_id"],
        "cardNumber": client["card_number"],
        "bonus": to_units(client["bonus_minor"]),
        "totalPayedSum": to_units(client["total_payed_minor"]),
        "city": client["city"],
        "address": client["address"],
        "comment": client["comment"],
        "email": client["email"],
        "birthday": client["birthday"] or "0000-00-00",
        "phone": f"+{client['phone_digits']}" if client["phone_digits"] else "",
        "clientSex": client["sex"],
        "extras": account["extras"].get(f"client:{client['id']}", {}),
    }
