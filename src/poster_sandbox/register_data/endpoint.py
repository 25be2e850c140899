"""What all endpoints of the register page share: which register, JSON in, JSON out, refusals as sentences."""

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from poster_sandbox.accounts import by_id
from poster_sandbox.orders.refusal import OrderRefused
from poster_sandbox.running import store
from poster_sandbox.store import State

STATUS_OF_REFUSAL = {"order-closed": 409, "order-removed": 409, "receipt-not-closed": 409}


@dataclass(frozen=True)
class RegisterCall:
    """One request of a register; `body` is {} where none was sent."""

    state: State
    account: dict[str, Any]
    tablet: dict[str, Any]
    body: dict[str, Any]
    query: dict[str, str]


Handler = Callable[..., Any]


def failure(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"error": {"code": code, "message": message}}, status=status)


def register_endpoint(**handlers: Handler) -> Callable[..., HttpResponse]:
    """A view out of one handler per HTTP method: `register_endpoint(GET=…, POST=…)`.

    A handler gets a RegisterCall and the address's numbers, and returns JSON or a response. GET handlers see the
    state, the others change it; OrderRefused becomes `{"error": {"code", "message"}}`.
    """

    @csrf_exempt  # the middleware lets no foreign origin in
    @functools.wraps(register_endpoint)
    def view(request: HttpRequest, account: str, tablet_id: int, **address: Any) -> HttpResponse:
        handler = handlers.get(request.method or "")
        if handler is None:
            return HttpResponseNotAllowed(list(handlers))
        body = json_body(request)
        if body is None:
            return failure(400, "malformed", "The body must be a JSON object")
        try:
            with store().read() if request.method == "GET" else store().change() as state:
                held = state["accounts"].get(account)
                tablet = by_id(held["tablets"], tablet_id) if held else None
                if held is None or tablet is None:
                    return failure(404, "register-unknown", f"{account} has no register {tablet_id}")
                answer = handler(RegisterCall(state, held, tablet, body, request.GET.dict()), **address)
                return answer if isinstance(answer, HttpResponse) else JsonResponse(answer)
        except OrderRefused as refusal:
            return failure(STATUS_OF_REFUSAL.get(refusal.code, 422), refusal.code, str(refusal))

    return view


def json_body(request: HttpRequest) -> dict[str, Any] | None:
    """The body as an object, {} for an empty one, None for anything else."""
    if not request.body:
        return {}
    try:
        value = json.loads(request.body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
