"""Access: locations, tablets, employees."""

from django.http import HttpResponse

from poster_sandbox.accounts import by_id, next_id
from poster_sandbox.console.page import Console, console_page
from poster_sandbox.webhooks.raising import raise_webhook

NAME_MAX = 100


@console_page
def locations(console: Console) -> HttpResponse:
    """The list with the # that integrations ask for; a POST adds one."""
    if console.request.method != "POST":
        return _locations(console)
    name = console.request.POST.get("name", "").strip()[:NAME_MAX]
    if not name:
        return _locations(console, fault="Give the location a name.", status=422)
    number = next_id(console.account, "spot")
    address = console.request.POST.get("address", "").strip()[:NAME_MAX]
    console.account["spots"].append({"id": number, "name": name, "address": address})
    raise_webhook(console.state, console.account, "spot", number, "added")
    return console.back_to("locations", "location-added")


def _locations(console: Console, fault: str = "", status: int = 200) -> HttpResponse:
    rows = [
        {**spot, "tablets": sum(tablet["spot_id"] == spot["id"] for tablet in console.account["tablets"])}
        for spot in console.account["spots"]
    ]
    return console.render("locations", "Locations", status, rows=rows, fault=fault)


@console_page
def tablets(console: Console) -> HttpResponse:
    """The registers with their # and a way to each; a POST adds one."""
    if console.request.method != "POST":
        return _tablets(console)
    name = console.request.POST.get("name", "").strip()[:NAME_MAX]
    spot = by_id(console.account["spots"], console.request.POST.get("spot"))
    if not name or spot is None:
        return _tablets(console, fault="Give the tablet a name and choose its location.", status=422)
    number = next_id(console.account, "tablet")
    console.account["tablets"].append({"id": number, "name": name, "spot_id": spot["id"]})
    raise_webhook(console.state, console.account, "register", number, "added")
    return console.back_to("tablets", "tablet-added")


def _tablets(console: Console, fault: str = "", status: int = 200) -> HttpResponse:
    rows = [
        {**tablet, "spot": by_id(console.account["spots"], tablet["spot_id"])} for tablet in console.account["tablets"]
    ]
    return console.render("tablets", "Tablets", status, rows=rows, fault=fault)


@console_page
def employees(console: Console) -> HttpResponse:
    return console.render("employees", "Employees")
