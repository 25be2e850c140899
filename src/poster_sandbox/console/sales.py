"""Statistics and marketing: receipts, clients, messages."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from poster_sandbox.accounts import by_id
from poster_sandbox.clients import ClientRefused, client_name, create_client, phone_text, search_clients, update_client
from poster_sandbox.clock import now_ms
from poster_sandbox.console.page import Console, console_page
from poster_sandbox.money import to_units
from poster_sandbox.orders.closing import payed_money_minor
from poster_sandbox.orders.keeping import CLOSED, OPEN
from poster_sandbox.orders.refunding import delete_receipt, refund_receipt
from poster_sandbox.orders.refusal import OrderRefused
from poster_sandbox.running import apps

SHOWN = 200
STATUS_WORDS = {1: "Open", 2: "Closed", 3: "Deleted"}
PAY_WORDS = {0: "Closed without payment", 1: "Cash", 2: "Card", 3: "Cash and card"}


@console_page
def dashboard(console: Console) -> HttpResponse:
    """Today in numbers, and what to try first."""
    zone = ZoneInfo(console.account["timezone"])
    midnight = datetime.fromtimestamp(now_ms() / 1000, UTC).astimezone(zone).replace(hour=0, minute=0, second=0)
    today = [
        one
        for one in console.account["transactions"]
        if one["status"] == CLOSED and one["date_close"] >= midnight.timestamp() * 1000
    ]
    waiting = [
        hook
        for hook in console.state["webhooks"]
        if hook["account"] == console.account["account"] and hook["state"] == "waiting"
    ]
    return console.render(
        "dashboard",
        "Dashboard",
        receipts=len(today),
        revenue=sum(payed_money_minor(one) for one in today),
        app_discounts=sum(one["platform_discount_minor"] for one in today),
        open_orders=sum(one["status"] == OPEN for one in console.account["transactions"]),
        waiting=len(waiting),
        latest=[_row(console, one) for one in console.account["transactions"][:-6:-1]],
    )


def _row(console: Console, transaction: dict[str, Any]) -> dict[str, Any]:
    account = console.account
    client = by_id(account["clients"], transaction["client_id"])
    app = apps().get(str(transaction["loyalty_app_id"]))
    discount = transaction["sum_minor"] - transaction["total_minor"] if transaction["status"] != OPEN else 0
    return {
        "receipt": transaction,
        "spot": by_id(account["spots"], transaction["spot_id"]),
        "waiter": by_id(account["employees"], transaction["user_id"]),
        "client": client,
        "client_name": client_name(client) if client else "",
        "status_word": STATUS_WORDS[transaction["status"]],
        "pay_word": PAY_WORDS[transaction["pay_type"]] if transaction["status"] != OPEN else "",
        "payed_minor": payed_money_minor(transaction),
        "app_name": app.name if app else "an app",
        "order_discount_minor": max(0, discount),
    }


@console_page
def receipts(console: Console) -> HttpResponse:
    rows = [_row(console, one) for one in console.account["transactions"][: -SHOWN - 1 : -1]]
    return console.render("receipts", "Receipts", rows=rows)


@console_page
def receipt(console: Console, receipt_id: int) -> HttpResponse:
    return _receipt(console, receipt_id)


def _receipt(console: Console, receipt_id: int, fault: str = "", status: int = 200) -> HttpResponse:
    row = _row(console, _known_receipt(console, receipt_id))
    lines = [{**line, "left": line["count"] - line["refunded"]} for line in row["receipt"]["lines"]]
    employees = {one["id"]: one["name"] for one in console.account["employees"]}
    history = [{**entry, "user": employees.get(entry["user_id"], "")} for entry in row["receipt"]["history"]]
    return console.render(
        "receipt",
        f"Receipt {receipt_id}",
        status,
        section="receipts",
        row=row,
        lines=lines,
        history=history,
        fault=fault,
    )


def _known_receipt(console: Console, receipt_id: int) -> dict[str, Any]:
    transaction = by_id(console.account["transactions"], receipt_id)
    if transaction is None:
        raise Http404
    return transaction


@require_POST
@console_page
def delete(console: Console, receipt_id: int) -> HttpResponse:
    transaction = _known_receipt(console, receipt_id)
    try:
        delete_receipt(console.state, console.account, transaction, **_by_console(console, transaction))
    except OrderRefused as refusal:
        return _receipt(console, receipt_id, fault=str(refusal), status=409)
    return console.back_to(f"receipts/{receipt_id}", "receipt-deleted")


@require_POST
@console_page
def refund(console: Console, receipt_id: int) -> HttpResponse:
    """Give back the counts that the form names (`count-<key of the line>`)."""
    transaction = _known_receipt(console, receipt_id)
    counts = {
        line["key"]: console.request.POST.get(f"count-{line['key']}", "").strip() for line in transaction["lines"]
    }
    products = [{"key": key, "count": count} for key, count in counts.items() if count not in ("", "0")]
    try:
        refund_receipt(console.state, console.account, transaction, products, **_by_console(console, transaction))
    except OrderRefused as refusal:
        fault = str(refusal) if products else "Say how many of which product come back."
        return _receipt(console, receipt_id, fault=fault, status=422)
    return console.back_to(f"receipts/{receipt_id}", "receipt-refunded")


def _by_console(console: Console, transaction: dict[str, Any]) -> dict[str, int]:
    return {"user_id": console.user["id"], "tablet_id": transaction["tablet_id"]}


@console_page
def clients(console: Console) -> HttpResponse:
    text = console.request.GET.get("search", "")
    groups = {group["id"]: group for group in console.account["groups"]}
    rows = [
        {
            **client,
            "name": client_name(client),
            "phone": phone_text(client["phone_digits"]),
            "group": groups.get(client["group_id"]),
        }
        for client in reversed(search_clients(console.account, text, limit=SHOWN))
    ]
    members = [
        {**group, "members": sum(client["group_id"] == group["id"] for client in console.account["clients"])}
        for group in console.account["groups"]
    ]
    return console.render("clients", "Clients", rows=rows, groups=members, search=text)


@console_page
def client_form(console: Console, client_id: int = 0) -> HttpResponse:
    """Add (0) or change a client."""
    client = by_id(console.account["clients"], client_id)
    if client_id and client is None:
        raise Http404
    form = _client_fields(client) if client else {"client_groups_id_client": "1"}
    if console.request.method != "POST":
        return _client_form(console, client_id, form)
    form = {name: console.request.POST.get(name, "") for name in (*_client_fields_names(), "bonus")}
    try:
        if client is None:
            create_client(console.state, console.account, form)
            return console.back_to("clients", "client-added")
        update_client(console.state, console.account, client, form)
    except ClientRefused as refusal:
        return _client_form(console, client_id, form, fault=f"{refusal}.", status=422)
    return console.back_to("clients", "client-saved")


def _client_form(
    console: Console, client_id: int, form: dict[str, str], fault: str = "", status: int = 200
) -> HttpResponse:
    return console.render(
        "client",
        f"Client {client_id}" if client_id else "New client",
        status,
        section="clients",
        form=form,
        client_id=client_id,
        fault=fault,
    )


def _client_fields_names() -> tuple[str, ...]:
    return ("client_name", "phone", "email", "card_number", "birthday", "client_groups_id_client", "comment")


def _client_fields(client: dict[str, Any]) -> dict[str, str]:
    return {
        "client_name": " ".join(filter(None, (client["lastname"], client["firstname"], client["patronymic"]))),
        "phone": f"+{client['phone_digits']}" if client["phone_digits"] else "",
        "email": client["email"],
        "card_number": client["card_number"],
        "birthday": client["birthday"],
        "client_groups_id_client": str(client["group_id"]),
        "comment": client["comment"],
        "bonus": str(to_units(client["bonus_minor"])),
    }


@console_page
def sms(console: Console) -> HttpResponse:
    rows = [
        {**one, "app": apps().get(one["application_id"]), "phone": phone_text(one["phone"])}
        for one in reversed(console.account["sms"])
    ]
    return console.render("sms", "SMS messages", rows=rows)
