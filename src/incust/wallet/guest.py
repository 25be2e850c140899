"""Whose phone is asking: a signed cookie names the device, and the device must not have been revoked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core import signing
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import translation

from incust.businesses.models import Business
from incust.businesses.tenancy import in_business
from incust.customers.models import Customer, Device

COOKIE = "incust_wallet"
COOKIE_AGE_S = 400 * 24 * 3600
SALT = "incust.wallet.device"

P = ParamSpec("P")


@dataclass(frozen=True, kw_only=True)
class Guest:
    """The guest behind a request, inside the transaction of his business."""

    business: Business
    customer: Customer
    device: Device

    @property
    def language(self) -> str:
        return self.customer.language


def business_of(slug: str) -> int:
    """The business's number; 404 for an unknown address."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM businesses.business_by_slug(%s)", [slug])
        row = cursor.fetchone()
    if row is None:
        raise Http404
    return int(row[0])


def find_guest(request: HttpRequest, business_id: int) -> Guest | None:
    """The guest whose phone asks, or ``None``. Call it inside ``in_business(business_id)``."""
    try:
        named = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_AGE_S)
        named_business, device_id = int(named["b"]), int(named["d"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
    if named_business != business_id:
        return None
    device = (
        Device.objects.select_related("customer")
        .filter(business_id=business_id, pk=device_id, revoked_at=None, customer__business_id=business_id)
        .first()
    )
    if device is None:
        return None
    return Guest(business=Business.objects.get(pk=business_id), customer=device.customer, device=device)


def remember_device(response: HttpResponse, *, business_id: int, slug: str, device_id: int) -> None:
    """Let the phone be recognised from now on, in this business's wallet only."""
    response.set_cookie(
        COOKIE, signing.dumps({"b": business_id, "d": device_id}, salt=SALT), max_age=COOKIE_AGE_S, path=f"/w/{slug}/",
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip


def forget_device(response: HttpResponse, *, slug: str) -> None:
    response.delete_cookie(COOKIE, path=f"/w/{slug}/", samesite="Lax")


def for_guest(
    view: Callable[Concatenate[HttpRequest, Guest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]:
    """Decorator of the wallet's JSON views: runs them in the transaction of the business, in the guest's language.
    A phone that is not known gets 401 with the code ``device-unknown``."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        business_id = business_of(slug)
        with in_business(business_id):
            guest = find_guest(request, business_id)
            if guest is None:
                return JsonResponse({"code": "device-unknown"}, status=401)
            with translation.override(language_for(request, guest)):
                return view(request, guest, *args, **kwargs)

    return guarded


def language_for(request: HttpRequest, guest: Guest | None) -> str:
    """The guest's own language, else what his browser asks for."""
    known = {code for code, _name in settings.LANGUAGES}
    if guest is not None and guest.language in known:
        return guest.language
    return translation.get_language_from_request(request)
