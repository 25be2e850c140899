"""The sandbox about itself, for scripts: `/sandbox/…` in JSON, and the start page."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from poster_sandbox.accounts import by_id
from poster_sandbox.clients import ClientRefused, add_clients, many_clients
from poster_sandbox.goods import ProductRefused, change_product, recover_product, remove_product
from poster_sandbox.register_data.endpoint import failure, json_body
from poster_sandbox.running import apps, store
from poster_sandbox.weather import WeatherRefused, change_weather


def start_page(request: HttpRequest) -> HttpResponse:
    """All accounts, with the ways into console and registers."""
    with store().read() as state:
        accounts = [
            {
                "name": held["account"],
                "company": held["company_name"],
                "number": held["account_number"],
                "tablets": [dict(tablet) for tablet in held["tablets"]],
            }
            for held in state["accounts"].values()
        ]
    return render(request, "start.html", {"accounts": accounts, "apps": list(apps().values())})


@csrf_exempt
def weather(request: HttpRequest) -> HttpResponse:
    """GET tells the weather, POST changes the given members of it."""
    if request.method == "POST":
        wanted = json_body(request)
        if wanted is None:
            return failure(400, "malformed", "The body must be a JSON object")
        try:
            with store().change() as state:
                change_weather(state, wanted)
        except WeatherRefused as refusal:
            return failure(422, "weather-unknown", str(refusal))
    with store().read() as state:
        return JsonResponse(state["weather"])


@csrf_exempt
@require_POST
def clients(request: HttpRequest) -> HttpResponse:
    """Add guests of long ago to an account: `{account, clients: [...]}` (see `add_clients`) or `{account, count}`."""
    wanted = json_body(request)
    if wanted is None:
        return failure(400, "malformed", "The body must be a JSON object")
    with store().change() as state:
        account = state["accounts"].get(wanted.get("account"))
        if account is None:
            return failure(404, "account-unknown", "There is no such account")
        rows = wanted.get("clients") or many_clients(account, int(wanted.get("count", 0)))
        try:
            return JsonResponse({"first": add_clients(account, rows), "count": len(rows)})
        except ClientRefused as refusal:
            return failure(422, "client-malformed", str(refusal))


@csrf_exempt
@require_POST
def products(request: HttpRequest) -> HttpResponse:
    """Change a product: `{account, product_id, …}` with what shall change (see `change_product`), or with `removed`."""
    wanted = json_body(request)
    if wanted is None:
        return failure(400, "malformed", "The body must be a JSON object")
    with store().change() as state:
        account = state["accounts"].get(wanted.pop("account", None))
        product = by_id(account["products"], wanted.pop("product_id", 0)) if account else None
        if account is None or product is None:
            return failure(404, "product-unknown", "There is no such product")
        if "removed" in wanted:
            (remove_product if wanted["removed"] else recover_product)(state, account, product)
            return JsonResponse({"ok": True})
        try:
            change_product(state, account, product, wanted)
        except ProductRefused as refusal:
            return failure(422, "product-malformed", str(refusal))
    return JsonResponse({"ok": True})


@csrf_exempt
@require_POST
def reset(request: HttpRequest) -> JsonResponse:
    """Everything is the seed's again."""
    store().reset()
    return JsonResponse({"ok": True})
