"""`settings.*`, `access.*`, `spots.*`: the café and who works there."""

from typing import Any

from poster_sandbox.webapi.call import ApiCall

ENTITY_SETTINGS = "settings:0"


def get_all_settings(call: ApiCall) -> dict[str, Any]:
    account, owner, currency = call.account, call.account["owner"], call.account["currency"]
    answer = {
        "COMPANY_ID": account["account"],
        "FIZ_ADRESS_CITY": owner["city"],
        "FIZ_ADRESS_PHONE": owner["phone"].lstrip("+"),
        "uses_tables": int(account["uses_tables"]),
        "uses_cash_shifts": 1,
        "uses_taxes": 0,
        "uses_multiprice": 0,
        "tip_amount": 0,
        "uses_bookkeeping": 0,
        "uses_ipay": 0,
        "uses_manufacturing": 0,
        "uses_quick_waiter": 0,
        "company_name": account["company_name"],
        "company_type": 1,
        "timezones": account["timezone"],
        "logo": "",
        "lang": account["lang"],
        "pos_phone": owner["phone"].lstrip("+"),
        "analytics_plus_time": 0,
        "uses_fiscality": 0,
        "print_fiscal_by_default": 0,
        "currency": {
            "currency_id": currency["id"],
            "currency_name": currency["name"],
            "currency_code": currency["code"],
            "currency_symbol": currency["symbol"],
            "currency_code_iso": currency["iso"],
        },
        "email": owner["email"],
        "name": owner["name"],
    }
    extras = account["extras"].get(ENTITY_SETTINGS)
    return {**answer, "extras": extras} if extras else answer


def get_spots(call: ApiCall) -> list[dict[str, Any]]:
    """`access.getSpots`: ids are texts, those of the storages numbers."""
    return [
        {
            "spot_id": str(spot["id"]),
            "spot_name": spot["name"],
            "spot_adress": spot["address"],
            "storages": [
                {
                    "storage_id": spot["id"],
                    "storage_name": f"Storage {spot['name']}",
                    "storage_adress": spot["address"],
                }
            ],
        }
        for spot in call.account["spots"]
    ]


def get_spots_numbered(call: ApiCall) -> list[dict[str, Any]]:
    """`spots.getSpots`: the same places with numbers and other names."""
    return [{"spot_id": spot["id"], "name": spot["name"], "address": spot["address"]} for spot in call.account["spots"]]


def get_tablets(call: ApiCall) -> list[dict[str, Any]]:
    return [
        {"tablet_id": str(tablet["id"]), "tablet_name": tablet["name"], "spot_id": str(tablet["spot_id"])}
        for tablet in call.account["tablets"]
    ]


def get_employees(call: ApiCall) -> list[dict[str, Any]]:
    """Numbers here, not texts; a PIN is never told."""
    return [
        {
            "user_id": one["id"],
            "name": one["name"],
            "user_type": one["user_type"],
            "role_id": one["role_id"],
            "role_name": one["role_name"],
            "access_mask": one["access_mask"],
            "last_in": "0000-00-00 00:00:00",
        }
        for one in call.account["employees"]
    ]
