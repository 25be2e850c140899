"""From the rooms that cause them to the guest's inbox: the payloads that are written are the ones that are read."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings
from tests.integration.checks.factories import Cafe, a_cafe, a_check
from tests.phone_process import Phone

from incust.businesses.tenancy import in_business
from incust.customers.confirmation import request_confirmation
from incust.customers.models import Customer
from incust.messaging import outbox

pytestmark = pytest.mark.django_db

EMAIL = "olena@example.org"


@pytest.fixture(scope="module")
def shared_phone() -> Iterator[Phone]:
    with Phone() as phone:
        yield phone


@pytest.fixture
def phone(shared_phone: Phone, settings: Settings) -> Phone:
    httpx.delete(f"{shared_phone.url}/messages")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", shared_phone.smtp_port
    return shared_phone


def handle_all(cafe: Cafe) -> None:
    with in_business(cafe.business_id), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM messaging.outbox ORDER BY id")
        waiting = [row[0] for row in cursor.fetchall()]
    for number in waiting:
        outbox.handle(cafe.business_id, number)


def test_a_confirmation_code_reaches_the_address_on_file_in_the_guests_language(phone: Phone) -> None:
    cafe = a_cafe()
    guest = cafe.guest(8000, email=EMAIL)
    with in_business(cafe.business_id):
        Customer.objects.update(language="pl")
    request_confirmation(cafe.business_id, guest.id, "1506511064579", 4000, "UAH", terminal_id=None, now=timezone.now())
    handle_all(cafe)
    (message,) = phone.messages(EMAIL)
    assert message["text"].startswith(f"kava: Twój kod to {message['code']}, aby zapłacić punktami 40,00.")


def test_a_closed_receipt_is_told_with_what_it_moved(phone: Phone) -> None:
    cafe = a_cafe()
    cafe.guest(8000, email=EMAIL).finalize(a_check(9000), redeemed_minor=4000, now=timezone.now())
    handle_all(cafe)
    assert [message["text"] for message in phone.messages(EMAIL)] == ["kava: −40.00, +2.50. Balance: 42.50."]


def test_a_new_link_that_was_asked_for_opens_the_card(phone: Phone) -> None:
    cafe = a_cafe()
    cafe.guest(8000, email=EMAIL)
    Client().post("/w/kava/link", {"to": EMAIL})
    handle_all(cafe)
    ((link,),) = [message["links"] for message in phone.messages(EMAIL)]
    guests_phone = Client()
    assert guests_phone.get(link).status_code == 200
    assert guests_phone.post("/w/kava/bind", {"token": link.rpartition("/")[2]}).status_code == 200
