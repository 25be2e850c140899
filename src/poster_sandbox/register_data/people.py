"""PIN pad, guests and cash shifts."""

from typing import Any

from django.http import HttpResponse

from poster_sandbox.accounts import by_id
from poster_sandbox.clients import ClientRefused, create_client, register_client, search_clients
from poster_sandbox.clock import now_ms
from poster_sandbox.money import to_units
from poster_sandbox.register_data.bootstrap import open_shift
from poster_sandbox.register_data.endpoint import RegisterCall, failure
from poster_sandbox.seed.accounts import ACCESS_HALL_ADMIN


def _employee_of_pin(call: RegisterCall) -> dict[str, Any] | None:
    pin = call.body.get("pin")
    return next((one for one in call.account["employees"] if isinstance(pin, str) and one["pin"] == pin), None)


def _user(employee: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": employee["id"],
        "name": employee["name"],
        "role_id": employee["role_id"],
        "admin": bool(employee["access_mask"] & ACCESS_HALL_ADMIN),
    }


def login(call: RegisterCall) -> dict[str, Any] | HttpResponse:
    """`{pin}` → `{user}`, or 403."""
    employee = _employee_of_pin(call)
    return {"user": _user(employee)} if employee else failure(403, "pin-wrong", "Nobody has this PIN")


def manager(call: RegisterCall) -> dict[str, Any] | HttpResponse:
    """`{pin}` of somebody who may administer the hall → `{ok, user}`, or 403 with `ok` false."""
    employee = _employee_of_pin(call)
    if employee is None:
        return failure(403, "pin-wrong", "Nobody has this PIN")
    if not employee["access_mask"] & ACCESS_HALL_ADMIN:
        return failure(403, "rights-missing", f"{employee['name']} has no manager's rights")
    return {"ok": True, "user": _user(employee)}


def find_clients(call: RegisterCall) -> dict[str, Any]:
    """`?search=` in names, phones and cards; `foundByCard` holds those whose card is the text."""
    text = call.query.get("search", "")
    found = search_clients(call.account, text)
    by_card = [client for client in found if text.strip() and client["card_number"] == text.strip()]
    return {
        "clients": [register_client(call.account, client) for client in found],
        "foundByCard": [register_client(call.account, client) for client in by_card],
    }


def get_client(call: RegisterCall, client_id: int) -> dict[str, Any] | HttpResponse:
    client = by_id(call.account["clients"], client_id)
    if client is None:
        return failure(404, "client-unknown", "There is no such client")
    return {"client": register_client(call.account, client)}


def add_client(call: RegisterCall) -> dict[str, Any]:
    """Poster's flat client, or `{"client": {…}}` around it → `{client}` or, with status 200, `{error}`."""
    sent = call.body.get("client", call.body)
    fields = dict(sent) if isinstance(sent, dict) else {}
    phone, code = str(fields.get("phone") or ""), str(fields.get("country_phone_code") or "").lstrip("+")
    if phone and code and not phone.startswith("+") and not phone.startswith(code):
        fields["phone"] = code + phone.lstrip("0")
    try:
        client = create_client(call.state, call.account, fields)
    except ClientRefused as refusal:
        return {"error": {"code": refusal.code, "message": str(refusal)}}
    return {"client": register_client(call.account, client)}


def change_shift(call: RegisterCall) -> dict[str, Any] | HttpResponse:
    """`{action: "open" | "close", amount?, comment?}` → `{shift}` in Poster's shape; 409 when it is so already."""
    action, running = call.body.get("action"), open_shift(call.account, call.tablet["spot_id"])
    if action == "open" and running is None:
        shift = _new_shift(call)
        call.account["shifts"].append({"spot_id": call.tablet["spot_id"], "shift": shift})
        return {"shift": shift}
    if action == "close" and running is not None:
        held = next(one for one in call.account["shifts"] if one["shift"]["cash_pos_id"] == running["cash_pos_id"])
        held["shift"].update(timeend=now_ms(), amount_end=_taken(call, running["timestart"]))
        return {"shift": dict(held["shift"])}
    if action in ("open", "close"):
        return failure(409, "shift-unchanged", f"The shift is {'open' if running else 'closed'} already")
    return failure(422, "malformed", "action is open or close")


def _new_shift(call: RegisterCall) -> dict[str, Any]:
    return {
        "cash_pos_id": now_ms(),
        "cash_shift_id": len(call.account["shifts"]) + 1,
        "timestart": now_ms(),
        "timeend": 0,
        "amount_start": call.body.get("amount") or 0,
        "amount_end": 0,
        "comment": str(call.body.get("comment") or ""),
    }


def _taken(call: RegisterCall, since_ms: int) -> float:
    """Cash of the receipts that this location closed since, in currency units."""
    return to_units(
        sum(
            one["payed_cash_minor"]
            for one in call.account["transactions"]
            if one["spot_id"] == call.tablet["spot_id"] and one["date_close"] >= since_ms
        )
    )
