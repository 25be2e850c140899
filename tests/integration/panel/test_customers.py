"""Customers in the panel: found by what one knows of them, masked to whom it does not concern."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.integration.panel.people import Person, colleague, owner_of

from incust.businesses.models import AuditEntry
from incust.businesses.tenancy import in_business
from incust.customers.models import Customer, CustomerIdentifier, WalletLink
from incust.ledger.models import Entry
from incust.messaging.outbox import unsealed

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


@pytest.mark.parametrize("typed", ["0501112233", "olena@example.org", "12345678"])
def test_a_whole_phone_email_or_card_is_found_without_reading_every_customer(owner: Person, typed: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        owner.client.get("/b/kava/customers/customer/", {"q": typed})
    assert [query["sql"] for query in asked if "LIKE UPPER('%" in query["sql"]] == []


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
    assert "/w/l/" not in url
    assert unsealed(json.loads(url)).startswith("/w/l/")
    assert (entry.action, entry.subject) == ("customer.wallet_link_sent", f"#{olena.id}")


class TestCorrection:
    """By hand, on the customer's page."""

    @staticmethod
    def form(page: str, **changes: str) -> dict[str, object]:
        number = re.search(r'name="number" value="([0-9]+)"', page)
        assert number
        typed = {"what": "gift", "amount": "25.50", "reason": "birthday", "currency": "UAH", "number": number[1]}
        return {**typed, **changes}

    def test_it_moves_the_balance_once_and_the_audit_log_says_why(self, owner: Person) -> None:
        olena = customer_named(owner, "Olena")
        address = olena.replace("customer/", "", 1).replace("change", "correction")
        sent = self.form(owner.get(olena).content.decode())
        assert owner.post(address, sent).status_code == 302
        assert owner.post(address, sent).status_code == 302
        page = owner.get(olena).content.decode()
        assert '<strong class="ic-balance" data-test="balance">25.50</strong>' in page
        assert "<br><small>birthday</small>" in page
        with in_business(owner.business.id):
            logged = AuditEntry.objects.get(action="customer.balance_corrected")
        assert (logged.user_id, logged.changes) == (
            owner.user.id, {"bonuses": [None, "25.50"], "reason": [None, "birthday"]},
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("changes", "fault"),
        [({"what": "take"}, "does not have so many free bonuses"), ({"amount": "0"}, "greater than or equal to 0.01"),
         ({"amount": "-5"}, "greater than or equal to 0.01"), ({"reason": " "}, "This field is required")],
    )  # fmt: skip
    def test_a_fault_moves_nothing_and_keeps_what_was_typed(
        self, owner: Person, changes: dict[str, str], fault: str
    ) -> None:
        olena = customer_named(owner, "Olena")
        address = olena.replace("customer/", "", 1).replace("change", "correction")
        answer = owner.post(address, self.form(owner.get(olena).content.decode(), **changes))
        assert answer.status_code == 200
        page = answer.content.decode()
        assert fault in page
        assert "<details open>" in page
        with in_business(owner.business.id):
            assert not AuditEntry.objects.filter(action="customer.balance_corrected").exists()
            assert not Entry.objects.exists()

    def test_only_owners_and_managers_correct(self, owner: Person) -> None:
        olena = customer_named(owner, "Olena")
        address = olena.replace("customer/", "", 1).replace("change", "correction")
        sent = self.form(owner.get(olena).content.decode())
        reader = colleague(owner, "salesperson")
        assert 'data-test="correct-balance"' not in reader.get(olena).content.decode()
        assert reader.post(address, sent).status_code == 403
        with in_business(owner.business.id):
            assert not Entry.objects.exists()


def customer_named(owner: Person, name: str) -> str:
    """The address of his page."""
    with in_business(owner.business.id):
        return f"customers/customer/{Customer.objects.get(name=name).id}/change/"
