"""`clients.*`: guests and their groups. Almost everything is a text, money is minor units."""

import re
from typing import Any

from poster_sandbox.accounts import by_id, next_id
from poster_sandbox.clients import (
    ClientRefused,
    create_client,
    is_removed,
    phone_text,
    remove_client,
    update_client,
)
from poster_sandbox.clock import local_text, now_ms
from poster_sandbox.money import decimal_of
from poster_sandbox.webapi.call import ApiCall, ApiError

LOYALTY_TYPES = ("1", "2")


def group_shape(account: dict[str, Any], group: dict[str, Any]) -> dict[str, str]:
    members = sum(client["group_id"] == group["id"] and not is_removed(client) for client in account["clients"])
    return {
        "client_groups_id": str(group["id"]),
        "client_groups_name": group["name"],
        "client_groups_discount": _plain(group["percent"]),
        "loyalty_type": str(group["loyalty_type"]),
        "birthday_bonus": str(group["birthday_bonus_minor"]),
        "count_groups_clients": str(members),
        "use_ewallet": str(group["use_ewallet"]),
        "delete": "0",
    }


def client_shape(account: dict[str, Any], client: dict[str, Any]) -> dict[str, Any]:
    group = by_id(account["groups"], client["group_id"])
    shape: dict[str, Any] = {
        "client_id": str(client["id"]),
        "firstname": client["firstname"],
        "lastname": client["lastname"],
        "patronymic": client["patronymic"],
        "discount_per": _plain(client["discount_percent"]),
        "bonus": str(client["bonus_minor"]),
        "total_payed_sum": str(client["total_payed_minor"]),
        "date_activale": client["created"],
        "phone": phone_text(client["phone_digits"]),
        "phone_number": client["phone_digits"],
        "email": client["email"],
        "birthday": client["birthday"] or "0000-00-00",
        "card_number": client["card_number"],
        "client_sex": str(client["sex"]),
        "country": client["country"],
        "city": client["city"],
        "comment": client["comment"],
        "address": client["address"],
        "client_groups_id": str(client["group_id"]),
        "client_groups_name": group["name"] if group else "",
        "client_groups_discount": _plain(group["percent"]) if group else "0",
        "loyalty_type": str(group["loyalty_type"]) if group else "2",
        "birthday_bonus": str(group["birthday_bonus_minor"]) if group else "0",
        "delete": str(int(is_removed(client))),
        "ewallet": "0",
    }
    extras = account["extras"].get(f"client:{client['id']}")
    return {**shape, "extras": extras} if extras else shape


def get_groups(call: ApiCall) -> list[dict[str, str]]:
    return [group_shape(call.account, group) for group in call.account["groups"]]


def create_group(call: ApiCall) -> int:
    """Returns the id as a number. Raises ApiError 38 for a name that is taken, 155 for a percentage out of 0 … 100."""
    name = call.required("client_groups_name")
    loyalty_type = call.optional("loyalty_type") or "2"
    if loyalty_type not in LOYALTY_TYPES:
        raise ApiError(155, "loyalty_type is 1 or 2")
    if any(group["name"] == name for group in call.account["groups"]):
        raise ApiError(38, "A group of this name exists already")
    try:
        percent = float(decimal_of(call.optional("client_groups_discount") or 0))
        birthday_bonus = int(decimal_of(call.optional("birthday_bonus") or 0))
    except ValueError as error:
        raise ApiError(155, str(error)) from error
    if not 0 <= percent <= 100:
        raise ApiError(155, "client_groups_discount must be between 0 and 100")
    number = next_id(call.account, "group")
    call.account["groups"].append(
        {
            "id": number,
            "name": name,
            "percent": percent,
            "loyalty_type": int(loyalty_type),
            "birthday_bonus_minor": birthday_bonus,
            "use_ewallet": call.whole_number("use_ewallet", 0),
        }
    )
    return number


def get_clients(call: ApiCall) -> list[dict[str, Any]]:
    """By id, newest first unless `sort` is asc. `phone` matches the whole international number, however it is written.

    Removed clients are listed, with `delete` 1. (Inferred: the member is documented, what it means for lists is not.)
    """
    if call.optional("order_by") not in ("", "client_id"):
        raise ApiError(155, "The sandbox lists clients by client_id only")
    clients = sorted(call.account["clients"], key=lambda client: client["id"])
    if call.optional("sort").lower() != "asc":
        clients.reverse()
    if call.optional("group_id"):
        clients = [client for client in clients if str(client["group_id"]) == call.optional("group_id")]
    if call.optional("phone"):
        digits = re.sub(r"\D", "", call.optional("phone"))
        clients = [client for client in clients if client["phone_digits"] == digits]
    if call.optional("birthday"):
        clients = [c for c in clients if c["birthday"][5:].replace("-", "") == call.optional("birthday")]
    offset = call.whole_number("offset", 0)
    num = call.whole_number("num", len(clients))
    if offset < 0 or num < 0:
        raise ApiError(155, "num and offset cannot be negative")
    page = clients[offset : offset + num]
    if call.flag("client_id_only"):
        return [{"client_id": str(client["id"])} for client in page]
    return [client_shape(call.account, client) for client in page]


def get_client(call: ApiCall) -> list[dict[str, Any]]:
    """An array of one. Raises ApiError 32 for an unknown id."""
    client = _known(call)
    return [{**client_shape(call.account, client), "accumulation_products": [], "prize_products": []}]


def create(call: ApiCall) -> int:
    """`clients.createClient`: the new id, a number."""
    try:
        return int(create_client(call.state, call.account, call.parameters)["id"])
    except ClientRefused as refusal:
        raise ApiError(refusal.code, str(refusal)) from refusal


def update(call: ApiCall) -> int:
    """`clients.updateClient`: the id again. Only what is sent changes."""
    client = _known(call)
    try:
        update_client(call.state, call.account, client, call.parameters)
    except ClientRefused as refusal:
        raise ApiError(refusal.code, str(refusal)) from refusal
    return int(client["id"])


def remove(call: ApiCall) -> int:
    """`clients.removeClient`: the id again; raises `client` `removed`."""
    client = _known(call)
    remove_client(call.state, call.account, client)
    return int(client["id"])


def send_sms(call: ApiCall) -> bool:
    """Keeps the message where the console shows it. Raises ApiError 37 for a number that cannot be one.

    Poster sends to Ukrainian numbers only, without a leading plus (documented).
    """
    phone, message = call.required("phone"), call.required("message")
    if not re.fullmatch(r"380\d{9}", phone):
        raise ApiError(37, "SMS go to Ukrainian numbers only, which start with 380")
    call.account["sms"].append(
        {
            "phone": phone,
            "message": message,
            "application_id": call.application_id,
            "at": local_text(now_ms(), call.account["timezone"]),
        }
    )
    del call.account["sms"][:-500]
    return True


def _known(call: ApiCall) -> dict[str, Any]:
    client = by_id(call.account["clients"], call.required("client_id"))
    if client is None or is_removed(client):
        raise ApiError(32, "There is no such client")
    return client


def _plain(number: float) -> str:
    return format(number, "g")
