"""`application.*`: what an app knows and keeps in the account."""

import json
from typing import Any

from poster_sandbox.accounts import by_id
from poster_sandbox.webapi.call import ApiCall, ApiError

# entity of the documents → the rows that must hold `entity_id`
ENTITIES = {
    "spot": "spots",
    "tablet": "tablets",
    "staff": "employees",
    "clients_group": "groups",
    "product": "products",
    "menu_category": "categories",
    "client": "clients",
    "transactions": "transactions",
}


def owner_info(account: dict[str, Any]) -> dict[str, str]:
    owner = account["owner"]
    return {
        "email": owner["email"],
        "phone": owner["phone"],
        "city": owner["city"],
        "country": account["country"],
        "name": owner["name"],
        "company_name": account["company_name"],
    }


def tariff() -> dict[str, Any]:
    return {
        "key": "demo",
        "date_trial": 30,
        "tariff_id": 1,
        "next_pay_date": "2099-01-01 00:00:00",
        "price": 0,
        "name": "Demo",
    }


def get_info(call: ApiCall) -> dict[str, Any]:
    """Who installed the app (ids as texts here), whose account it is, and the tariff."""
    user_id = call.account["installations"][call.application_id]["user_id"]
    user = by_id(call.account["employees"], user_id) or call.account["employees"][0]
    return {
        "user": {
            "id": str(user["id"]),
            "name": user["name"],
            "access_mask": str(user["access_mask"]),
            "email": user["email"],
        },
        "ownerInfo": owner_info(call.account),
        "tariff": tariff(),
    }


def set_entity_extras(call: ApiCall) -> bool:
    """Merge texts into an entity's extras. Raises ApiError 34, 36 (not an object), 155 (entity) or 32 (id)."""
    kind = call.required("entity_type")
    number = "0" if kind == "settings" else call.required("entity_id")
    if kind != "settings":
        if kind not in ENTITIES:
            raise ApiError(155, f"entity_type {kind} is not known")
        if by_id(call.account[ENTITIES[kind]], number) is None:
            raise ApiError(32, f"There is no {kind} {number}")
    extras = call.parameters.get("extras")
    if isinstance(extras, str) and extras:
        try:
            extras = json.loads(extras)
        except ValueError:
            extras = None
    if not isinstance(extras, dict):
        raise ApiError(36, "extras must be an object")
    kept = call.account["extras"].setdefault(f"{kind}:{number}", {})
    kept.update({str(key): str(value) for key, value in extras.items()})
    return True
