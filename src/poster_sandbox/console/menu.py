"""The menu at the left. Each entry: page name, address below `/manage/`, label."""

from typing import NamedTuple


class Entry(NamedTuple):
    page: str
    address: str
    label: str


MENU: list[tuple[str, str, list[Entry]]] = [
    ("Statistics", "chart", [Entry("dashboard", "", "Dashboard"), Entry("receipts", "receipts", "Receipts")]),
    ("Menu", "cup", [Entry("products", "products", "Products")]),
    ("Marketing", "people", [Entry("clients", "clients", "Clients"), Entry("sms", "sms", "SMS messages")]),
    (
        "Access",
        "key",
        [
            Entry("locations", "locations", "Locations"),
            Entry("tablets", "tablets", "Tablets"),
            Entry("employees", "employees", "Employees"),
        ],
    ),
    (
        "Applications",
        "apps",
        [
            Entry("marketplace", "marketplace", "App Marketplace"),
            Entry("installed", "installed", "Installed apps"),
            Entry("webhooks", "webhooks", "Webhook log"),
        ],
    ),
    ("Settings", "gear", [Entry("general", "settings", "General"), Entry("weather", "weather", "Sandbox weather")]),
]
