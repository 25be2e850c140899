"""The register's page and the document inside each app's frame. Their templates live in `register/templates`."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt

from poster_sandbox.accounts import by_id
from poster_sandbox.running import apps, configuration, store
from poster_sandbox.webapi.bundle_upload import bundle_address


def register_page(request: HttpRequest, account: str, tablet_id: int) -> HttpResponse:
    """`register/page.html` with `account`, `tablet_id`, `bootstrap_url`, `data_url`, `register_origin`,
    `frame_origin`."""
    with store().read() as state:
        held = state["accounts"].get(account)
        if held is None or by_id(held["tablets"], tablet_id) is None:
            raise Http404
    data_url = f"/{account}/register/{tablet_id}/data/"
    context = {
        "account": account,
        "tablet_id": tablet_id,
        "data_url": data_url,
        "bootstrap_url": f"{data_url}bootstrap",
        "register_origin": configuration().public_url,
        "frame_origin": configuration().frame_url,
    }
    response = render(request, "register/page.html", context)
    response["Origin-Agent-Cluster"] = "?1"
    return response


@xframe_options_exempt
def app_frame(request: HttpRequest, account: str, tablet_id: int, application_id: int) -> HttpResponse:
    """`register/app_frame.html` with `account`, `tablet_id`, `application_id`, `application_name`, `bundle_address`,
    `register_origin`; only for apps that are connected, and only inside the register."""
    key = str(application_id)
    with store().read() as state:
        held = state["accounts"].get(account)
        if held is None or by_id(held["tablets"], tablet_id) is None:
            raise Http404
        if key not in held["installations"] or key not in apps():
            raise Http404
        address = bundle_address(state, key)
    app = apps()[key]
    context = {
        "account": account,
        "tablet_id": tablet_id,
        "application_id": key,
        "application_name": app.application_name,
        "bundle_address": address,
        "register_origin": configuration().public_url,
    }
    response = render(request, "register/app_frame.html", context)
    response["Origin-Agent-Cluster"] = "?1"
    response["Content-Security-Policy"] = f"frame-ancestors {configuration().public_url}"
    response["Cache-Control"] = "no-store"
    return response
