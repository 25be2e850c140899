"""``/w/l/<token>``: the guest's own link. It binds one phone, once; on that phone it goes on leading into the wallet.

Opening the address only shows a page with a button: messengers and mail filters open links as well, to look at them,
and must not use the guest's link up.
"""

from __future__ import annotations

import base64
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from incust.businesses.models import Business
from incust.businesses.tenancy import in_business
from incust.customers.devices import BoundDevice, bind_device, revoke_device
from incust.customers.models import Device, WalletLink
from incust.customers.wallet_links import find_wallet_link, open_wallet_link

from .content_security import guarded_page
from .guest import business_of, find_guest, language_for, remember_device

DEVICES_MAX = 5
"""A guest's phones at one time; binding another lets go of the one bound longest ago."""


@require_GET
@guarded_page
@ensure_csrf_cookie
def link_page(request: HttpRequest, token: str) -> HttpResponseBase:
    """The page with the button. A link that was opened leads on to the wallet, which knows its phones itself."""
    found = find_wallet_link(token)
    if found is None:
        return closed_page(request, None, reason="link")
    business_id, link_id = found
    with in_business(business_id):
        business = Business.objects.get(pk=business_id)
        link = WalletLink.objects.select_related("customer").get(business_id=business_id, pk=link_id)
        if link.used_at is not None:
            return HttpResponseRedirect(f"/w/{business.slug}/")
        if open_wallet_link(business_id, link_id, now=timezone.now()) is None:
            return closed_page(request, business, reason="link")
        with translation.override(link.customer.language or language_for(request, None)):
            return render(request, "wallet/link.html", {"business": business, "token": token})


@require_POST
def bind(request: HttpRequest, slug: str) -> HttpResponse:
    """Bind this phone by the link's ``token``, and set its cookie. Answers once with what the phone keeps:
    ``{"wallet", "device": {"number", "secret"}}``, the secret in base64. 410 for a link that binds no more."""
    business_id = business_of(slug)
    found = find_wallet_link(request.POST.get("token", ""))
    if found is None or found[0] != business_id:
        return JsonResponse({"code": "link-unusable"}, status=410)
    with in_business(business_id):
        device = _bind(request, business_id, found[1], timezone.now())
    if device is None:
        return JsonResponse({"code": "link-unusable"}, status=410)
    response = JsonResponse(
        {
            "wallet": f"/w/{slug}/",
            "device": {"number": device.number, "secret": base64.b64encode(device.secret).decode()},
        }
    )
    response.headers["Cache-Control"] = "no-store"
    remember_device(response, business_id=business_id, slug=slug, device_id=device.device_id)
    return response


def _bind(request: HttpRequest, business_id: int, link_id: int, now: datetime) -> BoundDevice | None:
    link = open_wallet_link(business_id, link_id, now=now)
    if link is None:
        return None
    before = find_guest(request, business_id)
    if before is not None and before.customer.pk == link.customer_id:
        revoke_device(business_id, before.device.pk, now=now)  # this very phone, bound anew
    live = Device.objects.filter(business_id=business_id, customer_id=link.customer_id, revoked_at=None)
    for device_id in live.order_by("-id").values_list("id", flat=True)[DEVICES_MAX - 1 :]:
        revoke_device(business_id, device_id, now=now)
    device = bind_device(business_id, link.customer_id, now=now)
    link.used_at, link.used_by_device_id = now, device.device_id
    link.save(update_fields=["used_at", "used_by_device"])
    return device


def closed_page(request: HttpRequest, business: Business | None, *, reason: str) -> HttpResponse:
    """Where the wallet stays shut. ``reason``: ``link`` (unknown, used, revoked or too old: one answer for all) or
    ``device`` (this phone is not known)."""
    with translation.override(language_for(request, None)):
        return render(
            request, "wallet/closed.html", {"business": business, "reason": reason},
            status=410 if reason == "link" else 401,
        )  # fmt: skip
