"""Everything that a register loads when it starts."""

from typing import Any

from poster_sandbox.accounts import by_id
from poster_sandbox.goods import is_removed
from poster_sandbox.money import to_units
from poster_sandbox.register_data.endpoint import RegisterCall
from poster_sandbox.running import apps
from poster_sandbox.webapi.bundle_upload import bundle_address


def bootstrap(call: RegisterCall) -> dict[str, Any]:
    """Settings, apps, place, people, menu, groups and the weather.

    Prices are currency units per piece (`unit` "p") or per kilogram ("kg"); a modification's `price` replaces the
    product's.
    """
    account, tablet = call.account, call.tablet
    spot = by_id(account["spots"], tablet["spot_id"]) or account["spots"][0]
    return {
        "account": account["account"],
        "account_number": account["account_number"],
        "company_name": account["company_name"],
        "settings": _settings(account, spot, tablet),
        "apps": [
            {
                "applicationId": application_id,
                "applicationName": apps()[application_id].application_name,
                "title": apps()[application_id].name,
                "bundleAddress": bundle_address(call.state, application_id),
            }
            for application_id in sorted(account["installations"])
            if application_id in apps() and bundle_address(call.state, application_id)
        ],
        "spot": {"id": spot["id"], "name": spot["name"], "address": spot["address"]},
        "tablet": {"id": tablet["id"], "name": tablet["name"]},
        "employees": [
            {"id": one["id"], "name": one["name"], "role": one["role_name"], "role_id": one["role_id"]}
            for one in account["employees"]
        ],
        "categories": account["categories"],
        "products": [
            _product(product) for product in account["products"] if not (is_removed(product) or product.get("hidden"))
        ],
        "groups": [
            {
                "id": group["id"],
                "name": group["name"],
                "discount": group["percent"],
                "loyaltyType": group["loyalty_type"],
            }
            for group in account["groups"]
        ],
        "phone_code": account["phone_code"],
        "shift": open_shift(account, spot["id"]),
        "weather": call.state["weather"],
    }


def open_shift(account: dict[str, Any], spot_id: int) -> dict[str, Any] | None:
    """The location's running cash shift in Poster's shape, or None."""
    for held in reversed(account["shifts"]):
        if held["spot_id"] == spot_id and not held["shift"]["timeend"]:
            return dict(held["shift"])
    return None


def _settings(account: dict[str, Any], spot: dict[str, Any], tablet: dict[str, Any]) -> dict[str, Any]:
    currency, extras = account["currency"], account["extras"]
    return {
        "accountUrl": account["account"],
        "country": account["country"],
        "currencyCodeIso": currency["iso"],
        "currency": currency["code"],
        "currencySymbol": currency["symbol"],
        "lang": account["lang"],
        "spotId": spot["id"],
        "spotTabletId": tablet["id"],
        "timezone": account["timezone"],
        "usesTables": account["uses_tables"],
        "extras": extras.get("settings:0", {}),
        "spotExtras": extras.get(f"spot:{spot['id']}", {}),
        "spotTabletExtras": extras.get(f"tablet:{tablet['id']}", {}),
    }


def _product(product: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": product["id"],
        "category_id": product["category_id"],
        "name": product["name"],
        "price": to_units(product["price_minor"]),
        "unit": product["unit"],
        "nodiscount": product["nodiscount"],
        "modifications": [
            {"id": one["id"], "name": one["name"], "price": to_units(one["price_minor"])}
            for one in product["modifications"]
        ],
        "color": product["color"],
    }
