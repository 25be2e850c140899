"""The accounts of a fresh sandbox. Names are roles and numbers: nobody real stands behind them."""

from typing import Any

from poster_sandbox.seed.menu import seed_categories, seed_products, seed_workshops

ROLE_OWNER = 3  # the role id that Poster's OAuth answer documents for owners
ACCESS_REGISTER = 1
ACCESS_HALL_ADMIN = 256
ACCESS_EVERYTHING = 2147483647

HRYVNIA = {"id": 1, "name": "Hryvnia", "code": "грн.", "symbol": "₴", "iso": "UAH"}
ZLOTY = {"id": 4, "name": "Zloty", "code": "zł", "symbol": "zł", "iso": "PLN"}


def seed_state() -> dict[str, Any]:
    """The whole state of a fresh sandbox."""
    return {
        "version": 1,
        "weather": calm_weather(),
        "accounts": {"demo-cafe": _demo_cafe(), "second-cafe": _second_cafe()},
        "codes": {},
        "sessions": {},
        "webhooks": [],
        "next_webhook_id": 1,
    }


def calm_weather() -> dict[str, Any]:
    """Everything works, at once, and clocks agree."""
    return {
        "web_api": "up",
        "web_api_delay_s": 0,
        "webhooks": "flowing",
        "proxy": "up",
        "proxy_delay_s": 0,
        "proxy_clock_ahead_s": 0,
        "proxy_signs_json_as": "sent",
    }


def _demo_cafe() -> dict[str, Any]:
    return {
        **_account("demo-cafe", "333226", "Demo Cafe", country="UA", phone_code="380", currency=HRYVNIA),
        "timezone": "Europe/Kiev",
        "lang": "en",
        "spots": [
            {"id": 1, "name": "Center", "address": "1 Market Square"},
            {"id": 2, "name": "Station", "address": "12 Station Road"},
        ],
        "tablets": [
            {"id": 1, "name": "Bar", "spot_id": 1},
            {"id": 2, "name": "Hall", "spot_id": 1},
            {"id": 3, "name": "Station till", "spot_id": 2},
        ],
        "groups": [
            _group(1, "Guests", loyalty_type=2, percent=0),
            _group(2, "Friends of the house", loyalty_type=2, percent=10),
            _group(3, "Cash-back 5 %", loyalty_type=1, percent=5),
        ],
        "clients": [
            _client(n, f"38050111000{n}", group_id=1 + (n % 3), bonus_minor=500 * (n % 4)) for n in range(1, 9)
        ],
        "categories": seed_categories(),
        "workshops": seed_workshops(),
        "products": seed_products(),
    }


def _second_cafe() -> dict[str, Any]:
    return {
        **_account("second-cafe", "481516", "Second Cafe", country="PL", phone_code="48", currency=ZLOTY),
        "timezone": "Europe/Warsaw",
        "lang": "pl",
        "spots": [{"id": 1, "name": "Old Town", "address": "3 Bridge Street"}],
        "tablets": [{"id": 1, "name": "Counter", "spot_id": 1}],
        "groups": [_group(1, "Guests", loyalty_type=2, percent=0)],
        "clients": [_client(n, f"4850111000{n}", group_id=1, bonus_minor=0) for n in range(1, 3)],
        "categories": seed_categories(),
        "workshops": seed_workshops(),
        "products": seed_products(price_factor=0.2),
    }


def _account(
    name: str, number: str, company: str, *, country: str, phone_code: str, currency: dict[str, Any]
) -> dict[str, Any]:
    return {
        "account": name,
        "account_number": number,
        "company_name": company,
        "owner": {"email": f"owner@{name}.example", "phone": f"+{phone_code}501110099", "city": "", "name": company},
        "country": country,
        "phone_code": phone_code,
        "currency": currency,
        "uses_tables": False,
        "archived": False,
        "employees": _employees(name),
        "transactions": [],
        "sms": [],
        "shifts": [],
        "extras": {},
        "installations": {},
        "next_ids": {"client": 101, "group": 11, "spot": 11, "tablet": 11, "transaction": 1001, "history": 1},
    }


def _employees(account: str) -> list[dict[str, Any]]:
    def one(number: int, name: str, role_id: int, user_type: int, mask: int, pin: str) -> dict[str, Any]:
        return {
            "id": number,
            "name": name,
            "role_id": role_id,
            "role_name": name,
            "user_type": user_type,
            "access_mask": mask,
            "pin": pin,
            "email": f"{name.lower()}@{account}.example",
        }

    return [
        one(1, "Owner", ROLE_OWNER, 90, ACCESS_EVERYTHING, "9999"),
        one(2, "Manager", 2, 4, ACCESS_REGISTER | ACCESS_HALL_ADMIN, "2222"),
        one(3, "Waiter", 4, 0, ACCESS_REGISTER, "0000"),
        one(4, "Barista", 4, 0, ACCESS_REGISTER, "1111"),
    ]


def _group(number: int, name: str, *, loyalty_type: int, percent: int) -> dict[str, Any]:
    return {
        "id": number,
        "name": name,
        "percent": percent,
        "loyalty_type": loyalty_type,
        "birthday_bonus_minor": 0,
        "use_ewallet": 0,
    }


def _client(number: int, phone_digits: str, *, group_id: int, bonus_minor: int) -> dict[str, Any]:
    return {
        "id": number,
        "lastname": str(number),
        "firstname": "Guest",
        "patronymic": "",
        "phone_digits": phone_digits,
        "email": f"guest{number}@example.org",
        "card_number": f"20000000000{number:02}",
        "sex": 0,
        "birthday": "",
        "city": "",
        "country": "",
        "address": "",
        "comment": "",
        "group_id": group_id,
        "discount_percent": 0,
        "bonus_minor": bonus_minor,
        "total_payed_minor": 0,
        "created": "2024-01-15 10:00:00",
    }
