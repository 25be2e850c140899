"""The guest's page and what its scripts ask for, all below ``/w/<slug>/``."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from incust.businesses.models import Business
from incust.businesses.tenancy import in_business
from incust.customers.devices import revoke_device
from incust.customers.models import Customer
from incust.customers.temporary_codes import issue_temporary_code
from incust.customers.update_profile import ProfileChange, change_profile
from incust.programs.current_program import current_program

from .card_state import balance_of, card_state, history
from .content_security import guarded_page
from .guest import Guest, business_of, find_guest, for_guest, forget_device, language_for, remember_device
from .open_link import closed_page
from .page_texts import page_texts
from .tickets import make_ticket

AGE_MAX_YEARS = 120


@require_GET
@guarded_page
@ensure_csrf_cookie
def page(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The wallet, with the guest's state in it, so that it shows at once and opens without a connection later."""
    business_id = business_of(slug)
    with in_business(business_id):
        guest = find_guest(request, business_id)
        if guest is None:
            return closed_page(request, Business.objects.get(pk=business_id), reason="device")
        with translation.override(language_for(request, guest)):
            start = {
                "state": card_state(guest, now=timezone.now()),
                "device_number": guest.device.number,
                "live": bool(settings.LIVE_URL),
                "language": translation.get_language(),
                "texts": page_texts(),
            }
            context = {"business": guest.business, "guest": guest, "start": start, "languages": settings.LANGUAGES}
            response = render(request, "wallet/card.html", context)
    remember_device(response, business_id=business_id, slug=slug, device_id=guest.device.pk)
    return response


@require_GET
@for_guest
def state(request: HttpRequest, guest: Guest) -> HttpResponse:
    return _json(card_state(guest, now=timezone.now()))


@require_GET
@for_guest
def balance(request: HttpRequest, guest: Guest) -> HttpResponse:
    """For pages that cannot listen: cheap to ask every two seconds, 304 while nothing has changed."""
    now_balance = balance_of(guest, now=timezone.now())
    if request.headers.get("If-None-Match") == now_balance.etag:
        return HttpResponseNotModified(headers={"ETag": now_balance.etag})
    response = _json(now_balance.as_json())
    response.headers["ETag"] = now_balance.etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_GET
@for_guest
def older_history(request: HttpRequest, guest: Guest) -> HttpResponse:
    before = request.GET.get("before", "")
    if not (before.isascii() and before.isdigit() and len(before) < 19):
        return JsonResponse({"code": "invalid-input"}, status=422)
    return _json(history(guest, balance_of(guest, now=timezone.now()), before=int(before)))


@require_GET
@for_guest
def live_ticket(request: HttpRequest, guest: Guest) -> HttpResponse:
    """The address to listen at, good for a minute. 404 where no live process runs: the page polls then."""
    if not settings.LIVE_URL:
        return JsonResponse({"code": "no-live-updates"}, status=404)
    ticket = make_ticket(guest.business.pk, guest.customer.pk)
    return _json({"url": f"{settings.LIVE_URL}/live?ticket={ticket}"})


@require_POST
@for_guest
def temporary_code(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Six digits for three minutes; ``lives_s`` lets a phone whose clock is wrong count down as well."""
    now = timezone.now()
    issued = issue_temporary_code(guest.business.pk, guest.customer.pk, now=now)
    return _json({"code": issued.code, "lives_s": int((issued.expires_at - now).total_seconds())})


class ProfileForm(forms.Form):
    name = forms.CharField(max_length=100, required=False, strip=True)
    birthday = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    gender = forms.ChoiceField(choices=[("", ""), *Customer.Gender.choices], required=False)
    consent = forms.BooleanField(required=False)

    def clean_birthday(self) -> date | None:
        birthday: date | None = self.cleaned_data["birthday"]
        today = timezone.localdate()
        if birthday is not None and not today.year - AGE_MAX_YEARS <= birthday.year <= today.year:
            raise forms.ValidationError(_("Check the year."))
        if birthday is not None and birthday > today:
            raise forms.ValidationError(_("This day is still to come."))
        return birthday


@require_POST
@for_guest
def profile(request: HttpRequest, guest: Guest) -> HttpResponse:
    """The profile as a whole. Answers with the new state, or 422 with ``errors`` by field."""
    form = ProfileForm(request.POST)
    if not form.is_valid():
        errors = {field: " ".join(map(str, sentences)) for field, sentences in form.errors.items()}
        return JsonResponse({"code": "invalid-input", "errors": errors}, status=422)
    filled: dict[str, Any] = form.cleaned_data
    program = current_program(guest.business.pk)
    change = ProfileChange(
        name=filled["name"],
        birthday=filled["birthday"],
        gender=filled["gender"] or None,
        clear=frozenset(field for field in ("birthday", "gender") if not filled[field]),
        consent=True if filled["consent"] else None,
        status_with_consent=program.rules.new_customer_status.value if program else Customer.Status.FULL,
    )
    change_profile(guest.business.pk, guest.customer.pk, change, source="wallet", now=timezone.now())
    guest.customer.refresh_from_db()
    return _json(card_state(guest, now=timezone.now()))


@require_POST
@for_guest
def language(request: HttpRequest, guest: Guest) -> HttpResponse:
    """The language of this page and of messages to the guest."""
    wished = request.POST.get("language", "")
    if wished not in dict(settings.LANGUAGES):
        return JsonResponse({"code": "invalid-input"}, status=422)
    Customer.objects.filter(business=guest.business, pk=guest.customer.pk).update(language=wished)
    return _json({"language": wished})


@require_POST
@for_guest
def forget(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Take the card off this phone: its codes are unusable from now on."""
    revoke_device(guest.business.pk, guest.device.pk, now=timezone.now())
    response = _json({})
    forget_device(response, slug=guest.business.slug)
    return response


def _json(content: dict[str, Any]) -> JsonResponse:
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = "no-store"
    return response
