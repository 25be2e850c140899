"""Who calls: through Poster's proxy with its signature, or with an API key. See docs/terminal-api.md, "Two doors"."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.http import HttpRequest
from dmr.openapi.objects import SecurityRequirement, SecurityScheme
from dmr.security import SyncAuth

from incust.businesses.terminal_access import Caller, KeyUnknown
from incust.poster.applications import secret_of
from incust.poster.signatures import request_is_signed

from .problems import MalformedRequest, SignatureStale, SignatureWrong
from .query import query_of

if TYPE_CHECKING:
    from dmr import Controller
    from dmr.endpoint import Endpoint

CLOCK_SKEW_S_MAX = 300
KEY_LENGTH_MAX = 200
REQUEST_ID = re.compile("[0-9a-f]{32}")
IDEMPOTENCY_KEY = re.compile("[!-~]{1,64}")
PARAMETER = re.compile(r"[A-Za-z0-9._-]{1,100}")


class Doors(SyncAuth):
    """Puts the `Caller` on the request as ``caller``. ``writes``: the API key's door needs an ``Idempotency-Key``."""

    __slots__ = ("writes",)

    def __init__(self, *, writes: bool = True) -> None:
        self.writes = writes

    def __call__(self, endpoint: Endpoint, controller: Controller[Any]) -> Self:
        request = controller.request
        request.caller = caller_of(request, now=request.received_at, writes=self.writes)  # type: ignore[attr-defined]
        return self

    @property
    def www_authenticate_challenge(self) -> str | None:
        return 'Bearer realm="terminal"'

    def security_schemes(self, metadata: Any, controller_cls: Any) -> dict[str, Any]:
        return {
            "api_key": SecurityScheme(type="http", scheme="bearer", description="An API key of one terminal."),
            "poster_signature": SecurityScheme(
                type="apiKey", name="X-Poster-Signature", security_scheme_in="header",
                description="Set by Poster's proxy (`Poster.makeRequest`); covers URL, body and time.",
            ),
        }  # fmt: skip

    def security_requirements(self, metadata: Any, controller_cls: Any) -> list[SecurityRequirement]:
        return [{"api_key": []}, {"poster_signature": []}]


def caller_of(request: HttpRequest, *, now: datetime, writes: bool) -> Caller:
    """The authenticated caller. The terminal itself is looked up by the call that does the work.

    Raises `KeyUnknown`, `SignatureWrong`, `SignatureStale`, `MalformedRequest`.
    """
    if "HTTP_AUTHORIZATION" in request.META:
        return _by_key(request, writes=writes)
    if "HTTP_X_POSTER_SIGNATURE" in request.META:
        return _by_poster(request, now=now)
    raise KeyUnknown


def _by_key(request: HttpRequest, *, writes: bool) -> Caller:
    scheme, _space, key = request.META["HTTP_AUTHORIZATION"].partition(" ")
    if scheme.lower() != "bearer" or not 0 < len(key) <= KEY_LENGTH_MAX:
        raise KeyUnknown
    request_id = request.META.get("HTTP_IDEMPOTENCY_KEY", "")
    if (writes or request_id) and not IDEMPOTENCY_KEY.fullmatch(request_id):
        raise MalformedRequest(reason="header Idempotency-Key: 1 to 64 printable ASCII characters")
    return Caller(
        door="key", key_hash=hashlib.sha256(key.strip().encode()).digest(), request_id=request_id,
        till_version=_version(query_of(request)),
    )  # fmt: skip


def _by_poster(request: HttpRequest, *, now: datetime) -> Caller:
    signed = query_of(request)
    caller = Caller(
        door="poster", account=_parameter(signed, "account").lower(), spot=_parameter(signed, "spot"),
        tablet=_parameter(signed, "tablet"), application=_parameter(signed, "application"),
        account_number=_account_number(request.META),
        request_id=_request_id(signed), till_version=_version(signed),
    )  # fmt: skip
    _require_signature(request, caller.application)
    _require_agreement(request.META, caller)
    _require_fresh(request.META["HTTP_X_POSTER_TIME"], now)
    return caller


def _require_signature(request: HttpRequest, application: str) -> None:
    secret = secret_of(application)
    # Built from our own address: a forged Host header must not choose what the signature is compared with.
    url = f"{settings.PUBLIC_URL}{request.path}?{request.META['QUERY_STRING']}"
    if secret is None or not request_is_signed(
        url=url, body=request.body, time=request.META.get("HTTP_X_POSTER_TIME", ""),
        signature=request.META["HTTP_X_POSTER_SIGNATURE"], secret=secret,
    ):  # fmt: skip
        raise SignatureWrong


def _require_agreement(headers: Mapping[str, Any], caller: Caller) -> None:
    """Headers are not signed; where they say something else than the signed URL, somebody changed one of them."""
    said = (
        str(headers.get("HTTP_X_POSTER_URL", "")).lower(),
        headers.get("HTTP_X_POSTER_SPOT_ID"),
        headers.get("HTTP_X_POSTER_TABLET_ID"),
    )
    if said != (caller.account, caller.spot, caller.tablet):
        raise SignatureWrong


def _require_fresh(time: str, now: datetime) -> None:
    # The time is part of what was signed, so it is a number if Poster signed it; anything else is a stale request.
    if not re.fullmatch("[0-9]{1,12}", time) or abs(int(time) - now.timestamp()) > CLOCK_SKEW_S_MAX:
        raise SignatureStale


def _parameter(query: Mapping[str, str], name: str) -> str:
    value = query.get(name, "")
    if not PARAMETER.fullmatch(value):
        raise MalformedRequest(reason=f"parameter {name}")
    return value


def _request_id(query: Mapping[str, str]) -> str:
    value = query.get("rid", "")
    if not REQUEST_ID.fullmatch(value):
        raise MalformedRequest(reason="parameter rid: 32 hex characters, lower case")
    return value


def _account_number(headers: Mapping[str, Any]) -> str:
    number = str(headers.get("HTTP_X_POSTER_ACCOUNT_NUMBER", ""))
    return number if PARAMETER.fullmatch(number) and len(number) <= 40 else ""


def _version(query: Mapping[str, str]) -> str:
    value = query.get("v", "")
    return value if PARAMETER.fullmatch(value) and len(value) <= 40 else ""
