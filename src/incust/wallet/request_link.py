"""A guest without his link asks for a new one: it is sent to the phone or email on file, and nowhere else."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from incust.businesses.models import Business
from incust.businesses.tenancy import in_business
from incust.customers.identifiers import email_of, phone_of
from incust.customers.models import CustomerIdentifier, WalletLink
from incust.customers.problems import EmailInvalid, PhoneInvalid
from incust.customers.wallet_links import create_wallet_link
from incust.messaging.outbox import enqueue, sealed

from .guest import business_of

PAUSE = timedelta(minutes=2)
OF_CUSTOMER_PER_DAY_MAX = 5
OF_BUSINESS_MAX, OF_BUSINESS_WITHIN = 60, timedelta(minutes=10)


@require_POST
def request_link(request: HttpRequest, slug: str) -> HttpResponse:
    """Form field ``to``. The answer is the same whether a guest with this address is known or not."""
    business_id = business_of(slug)
    with in_business(business_id):
        _send_link(Business.objects.get(pk=business_id), request.POST.get("to", ""), timezone.now())
    return JsonResponse({}, status=202)


def _send_link(business: Business, address: str, now: datetime) -> None:
    try:
        if "@" in address:
            kind, value = CustomerIdentifier.Kind.EMAIL, email_of(address)
        else:
            kind, value = CustomerIdentifier.Kind.PHONE, phone_of(address, country=business.country)
    except (EmailInvalid, PhoneInvalid):
        return
    known = (
        CustomerIdentifier.objects.select_related("customer")
        .filter(business=business, kind=kind, value=value, customer__business=business)
        .first()
    )
    if known is None or _too_many(business, known.customer_id, now):
        return
    url = create_wallet_link(known.customer, now)
    channel = "email" if kind == CustomerIdentifier.Kind.EMAIL else "sms"
    enqueue(business.pk, "wallet-link", {"customer_id": known.customer_id, "url": sealed(url), "channel": channel})


def _too_many(business: Business, customer_id: int, now: datetime) -> bool:
    """Links are messages, and messages cost: somebody else's phone is not to be flooded."""
    links = WalletLink.objects.filter(business=business)
    of_customer = links.filter(customer_id=customer_id)
    return (
        of_customer.filter(created_at__gt=now - PAUSE).exists()
        or of_customer.filter(created_at__gt=now - timedelta(days=1)).count() >= OF_CUSTOMER_PER_DAY_MAX
        or links.filter(created_at__gt=now - OF_BUSINESS_WITHIN).count() >= OF_BUSINESS_MAX
    )
