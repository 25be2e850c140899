"""Customers in the panel: found by what one knows of them, masked to whom it does not concern."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone
from tests.integration.panel.people import Person, colleague, owner_of

from incust.businesses.models import AuditEntry
from incust.businesses.tenancy import in_business
from incust.customers.models import Customer, CustomerIdentifier, WalletLink

pytestmark = pytest.mark.django_db


def make_customer(owner: Person, name: str, **identifiers: str) -> Customer:
    now = timezone.now()
    with in_business(owner.business.id):
        customer = Customer.objects.create(business=owner.business, name=name, created_at=now, status="full")
        for kind, value in identifiers.items():
            CustomerIdentifier.objects.create(
                business=owner.business, customer=customer, kind=kind, value=value, added_at=now
            )
    return customer


@pytest.fixture
def owner() -> Person:
    person = owner_of()
    make_customer(person, "Olena", phone="+380501112233", email="olena@example.org")
    make_customer(person, "Taras", phone="+380679998877", card="12345678")
    return person


@pytest.mark.parametrize(
    ("typed", "found"),
    [("olen", "Olena"), ("050 111 22 33", "Olena"), ("+38 (050) 111-22-33", "Olena"), ("Olena@Example.org", "Olena"),
     ("12345678", "Taras"), ("998877", "Taras")],
)  # fmt: skip
def test_search_finds_by_name_phone_email_and_card(owner: Person, typed: str, found: str) -> None:
    page = owner.client.get("/b/kava/customers/customer/", {"q": typed}).content.decode()
    assert {name for name in ("Olena", "Taras") if name in page} == {found}


def test_a_search_that_finds_nothing_says_so(owner: Person) -> None:
    page = owner.client.get("/b/kava/customers/customer/", {"q": "nobody"}).content.decode()
    assert "Nothing fits" in page


def test_a_salesperson_sees_names_but_masked_phones_and_emails(owner: Person) -> None:
    reader = colleague(owner, "salesperson")
    with in_business(owner.business.id):
        olena = Customer.objects.get(name="Olena")
    for path in ("customers/customer/", f"customers/customer/{olena.id}/change/"):
        page = reader.get(path).content.decode()
        assert "Olena" in page
        assert "+380501112233" not in page
        assert "olena@example.org" not in page
        assert "+38•••33" in page


def test_the_wallet_link_is_sent_by_the_outbox_and_recorded_without_personal_data(owner: Person) -> None:
    with in_business(owner.business.id):
        olena = Customer.objects.get(name="Olena")
    assert owner.post(f"customers/{olena.id}/wallet-link/").status_code == 302
    with in_business(owner.business.id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT payload->>'customer_id', payload->>'url' FROM messaging.outbox WHERE topic = 'wallet-link'"
        )
        ((customer_id, url),) = cursor.fetchall()
        assert WalletLink.objects.filter(customer=olena, revoked_at=None).count() == 1
        entry = AuditEntry.objects.get()
    assert customer_id == str(olena.id)
    assert url.startswith("/w/l/")
    assert (entry.action, entry.subject) == ("customer.wallet_link_sent", f"#{olena.id}")
