"""From a request to a method and back into Poster's envelope."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from poster_sandbox.accounts import account_of_token, token_expired
from poster_sandbox.running import store
from poster_sandbox.webapi import (
    application_methods,
    bundle_upload,
    clients_methods,
    dash_methods,
    menu_methods,
    settings_methods,
    transactions_methods,
)
from poster_sandbox.webapi.call import ApiCall, ApiError
from poster_sandbox.webapi.parameters import read_parameters


@dataclass(frozen=True)
class Method:
    answer: Callable[[ApiCall], Any]
    changes: bool = False


METHODS = {
    "settings.getAllSettings": Method(settings_methods.get_all_settings),
    "access.getSpots": Method(settings_methods.get_spots),
    "access.getTablets": Method(settings_methods.get_tablets),
    "access.getEmployees": Method(settings_methods.get_employees),
    "spots.getSpots": Method(settings_methods.get_spots_numbered),
    "clients.getGroups": Method(clients_methods.get_groups),
    "clients.createGroup": Method(clients_methods.create_group, changes=True),
    "clients.getClients": Method(clients_methods.get_clients),
    "clients.getClient": Method(clients_methods.get_client),
    "clients.createClient": Method(clients_methods.create, changes=True),
    "clients.updateClient": Method(clients_methods.update, changes=True),
    "clients.removeClient": Method(clients_methods.remove, changes=True),
    "clients.sendSms": Method(clients_methods.send_sms, changes=True),
    "menu.getCategories": Method(menu_methods.get_categories),
    "menu.getProducts": Method(menu_methods.get_products),
    "menu.getWorkshops": Method(menu_methods.get_workshops),
    "dash.getTransaction": Method(dash_methods.get_transaction),
    "dash.getTransactions": Method(dash_methods.get_transactions),
    "dash.getTransactionProducts": Method(dash_methods.get_transaction_products),
    "transactions.getTransactions": Method(transactions_methods.get_transactions),
    "application.getInfo": Method(application_methods.get_info),
    "application.setEntityExtras": Method(application_methods.set_entity_extras, changes=True),
}


@csrf_exempt
def web_api(request: HttpRequest, method: str, account: str = "") -> HttpResponse:
    """`/{account}/api/{method}` (or `/api/{method}`): HTTP 200 whatever happens, but 503 while the API is down."""
    with store().read() as state:
        weather = dict(state["weather"])
    time.sleep(weather["web_api_delay_s"])
    if weather["web_api"] == "down":
        return HttpResponse("Service Unavailable", status=503, content_type="text/plain")
    if method == bundle_upload.METHOD:
        return JsonResponse(bundle_upload.upload_bundle(request))
    try:
        answer = call_method(method, request.GET.get("token", ""), read_parameters(request), account)
    except ApiError as error:
        return JsonResponse({"error": {"code": error.code, "message": str(error)}})
    return JsonResponse({"response": answer}, json_dumps_params={"ensure_ascii": False})


def call_method(name: str, token: str, parameters: dict[str, Any], account_name: str = "") -> Any:
    """Run one method for a token. Raises ApiError: 10, 11, 12 for the token, 20 for the method, 503 for an archived
    account, and what the method itself refuses."""
    method = METHODS.get(name)
    with store().read() as state:
        check_token(state, token, account_name)
    if method is None:
        raise ApiError(20, "The application has no rights for this method")
    with store().change() if method.changes else store().read() as state:
        account, application_id = check_token(state, token, account_name)
        return method.answer(ApiCall(state, account, application_id, parameters))


def check_token(state: dict[str, Any], token: str, account_name: str) -> tuple[dict[str, Any], str]:
    """(account, application id) of a good token. Raises ApiError 10, 11, 12 or 503."""
    if not token:
        raise ApiError(10, "Access token is not specified")
    found = account_of_token(state, token)
    if found is None or account_name not in ("", found[0]["account"]):
        raise ApiError(11, "Bad access token")
    if token_expired(*found):
        raise ApiError(12, "Access token expired")
    if found[0]["archived"]:
        raise ApiError(503, "The account is archived")
    return found
