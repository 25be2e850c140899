"""`Poster.makeRequest`: Poster's servers sign the request and forward it to the app's server."""

import json
import time
from dataclasses import dataclass
from typing import Any

import httpx
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from poster_sandbox.accounts import by_id
from poster_sandbox.clock import now_s
from poster_sandbox.marketplace import MarketplaceApp
from poster_sandbox.register_data.endpoint import failure, json_body
from poster_sandbox.running import apps, store
from poster_sandbox.signatures import js_json, php_json, request_signature
from poster_sandbox.webapi.call import ApiError
from poster_sandbox.webapi.dispatch import call_method
from poster_sandbox.webapi.parameters import nested

NO_ANSWER = {"code": 0, "result": False}
NOT_JSON = {"code": 1, "result": False}
TIMEOUT_MAX_MS = 30_000  # the documents set no bound; a thread of ours waits as long
METHODS = ("get", "post", "put", "delete")
WITH_BODY = ("post", "put")
RESERVED = ("x-poster-", "host:", "content-length:", "connection:", "transfer-encoding:")


@dataclass(frozen=True)
class ProxiedRequest:
    """What leaves for the app's server."""

    method: str
    url: str
    headers: dict[str, str]
    body: str
    timeout_s: float


@csrf_exempt
@require_POST
def proxy(request: HttpRequest, account: str, tablet_id: int) -> HttpResponse:
    """`{url, headers, method, data, timeout, applicationId}` → `{code, result}`, always with status 200.

    `code` is the HTTP status; 0 when nothing answered in time (`timeout` in ms), 1 when the answer is not JSON.
    `result` is the answer's JSON text, false with 0 and 1.
    """
    sent = json_body(request)
    if sent is None or not isinstance(sent.get("url"), str):
        return failure(400, "malformed", "url is missing")
    with store().read() as state:
        held = state["accounts"].get(account)
        tablet = by_id(held["tablets"], tablet_id) if held else None
        application_id = str(sent.get("applicationId", ""))
        app = apps().get(application_id) if held and application_id in held["installations"] else None
        weather = dict(state["weather"])
        number = held["account_number"] if held else ""
    if tablet is None:
        return failure(404, "register-unknown", f"{account} has no register {tablet_id}")
    if app is None:
        return failure(403, "app-not-connected", "The application is not connected to this account")
    time.sleep(weather["proxy_delay_s"])
    if weather["proxy"] == "down":
        return JsonResponse(NO_ANSWER)
    prepared = sign(sent, app, account=account, number=number, tablet=tablet, weather=weather)
    return JsonResponse(forward(prepared))


def sign(
    sent: dict[str, Any],
    app: MarketplaceApp,
    *,
    account: str,
    number: str,
    tablet: dict[str, Any],
    weather: dict[str, Any],
) -> ProxiedRequest:
    """Build the request as Poster's servers send it; a GET and a DELETE carry no body."""
    method = str(sent.get("method") or "get").lower()
    method = method if method in METHODS else "get"
    data = sent.get("data")
    has_body = method in WITH_BODY and data not in (None, "")
    body = (data if isinstance(data, str) else js_json(data)) if has_body else ""
    signed_body = php_json(data) if has_body and weather["proxy_signs_json_as"] == "php" else body
    time_s = int(now_s() + weather["proxy_clock_ahead_s"])
    headers = _app_headers(sent.get("headers"))
    if has_body and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = "application/json"
    headers |= {
        "X-Poster-Signature": request_signature(url=sent["url"], body=signed_body, time_s=time_s, secret=app.secret),
        "X-Poster-Time": str(time_s),
        "X-Poster-Url": account,
        "X-Poster-Spot-Id": str(tablet["spot_id"]),
        "X-Poster-Tablet-Id": str(tablet["id"]),
        "X-Poster-Account-Number": number,
    }
    return ProxiedRequest(method, sent["url"], headers, body, _timeout_s(sent.get("timeout")))


def _app_headers(sent: Any) -> dict[str, str]:
    """`["K: v", …]` without what the proxy itself sets."""
    lines = [line for line in sent if isinstance(line, str) and ":" in line] if isinstance(sent, list) else []
    pairs = (line.split(":", 1) for line in lines if not line.lower().startswith(RESERVED))
    return {name.strip(): value.strip() for name, value in pairs if "\n" not in value and "\r" not in value}


def _timeout_s(sent: Any) -> float:
    asked = sent if isinstance(sent, int | float) and not isinstance(sent, bool) and sent > 0 else TIMEOUT_MAX_MS
    return min(asked, TIMEOUT_MAX_MS) / 1000


def forward(prepared: ProxiedRequest) -> dict[str, Any]:
    """Send it and wait at most the time-out for the whole answer."""
    give_up_at = time.monotonic() + prepared.timeout_s
    try:
        with (
            httpx.Client(timeout=prepared.timeout_s, trust_env=False) as client,
            client.stream(
                prepared.method.upper(), prepared.url, headers=prepared.headers, content=prepared.body.encode() or None
            ) as answer,
        ):
            received = bytearray()
            for chunk in answer.iter_bytes():
                received += chunk
                if time.monotonic() > give_up_at:
                    return NO_ANSWER
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeEncodeError, ValueError):
        return NO_ANSWER
    try:
        text = received.decode()
        json.loads(text)
    except ValueError:
        return NOT_JSON
    return {"code": answer.status_code, "result": text}


@csrf_exempt
@require_POST
def api(request: HttpRequest, account: str, tablet_id: int) -> HttpResponse:
    """`Poster.makeApiRequest`: `{method, data, applicationId}` → `{response}`, false when it failed or the web API
    is down; the token is the app's own."""
    sent = json_body(request) or {}
    with store().read() as state:
        held = state["accounts"].get(account)
        installation = held["installations"].get(str(sent.get("applicationId", ""))) if held else None
        token = installation["token"] if installation else ""
        weather = dict(state["weather"])
    time.sleep(weather["web_api_delay_s"])
    if weather["web_api"] == "down":
        return JsonResponse({"response": False})
    data = sent.get("data")
    try:
        answer = call_method(
            str(sent.get("method", "")), token, nested(data if isinstance(data, dict) else {}), account
        )
    except ApiError as error:
        return JsonResponse({"response": False, "error": {"code": error.code, "message": str(error)}})
    return JsonResponse({"response": answer})
