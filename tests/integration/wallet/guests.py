"""A guest of the checks' café with a link, and a phone that opens it."""

from __future__ import annotations

from django.test import Client
from django.utils import timezone
from tests.integration.checks.factories import Cafe, Guest

from incust.businesses.models import Business
from incust.businesses.tenancy import in_business
from incust.customers.models import Customer
from incust.customers.wallet_links import create_wallet_link


def link_of(guest: Guest) -> str:
    """A fresh link: ``/w/l/<token>``."""
    with in_business(guest.cafe.business_id):
        return create_wallet_link(Customer.objects.get(pk=guest.id), timezone.now())


def slug_of(cafe: Cafe) -> str:
    with in_business(cafe.business_id):
        return Business.objects.get(pk=cafe.business_id).slug


def open_on(phone: Client, cafe: Cafe, link: str) -> int:
    """Press the link's button on this phone; gives the answer's status."""
    return phone.post(f"/w/{slug_of(cafe)}/bind", {"token": link.rpartition("/")[2]}).status_code


def a_phone_with_card(guest: Guest) -> Client:
    phone = Client()
    assert open_on(phone, guest.cafe, link_of(guest)) == 200
    return phone
