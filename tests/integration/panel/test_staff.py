"""Settings → Staff: invitations go to the mailbox of the invited, and nowhere else."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from tests.integration.panel.people import Person, owner_of

from incust.businesses.models import AuditEntry, Membership, User
from incust.businesses.tenancy import in_business
from incust.messaging.outbox import handle

pytestmark = pytest.mark.django_db


def invite(owner: Person, email: str, role: str = "manager"):
    return owner.post("settings/staff/", {"email": email, "name": "New colleague", "role": role})


def deliver(owner: Person) -> None:
    with in_business(owner.business.id), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM messaging.outbox WHERE topic = 'staff-invitation'")
        waiting = [row[0] for row in cursor.fetchall()]
    for event_id in waiting:
        handle(owner.business.id, event_id)


def test_the_invited_chooses_a_password_by_the_link_in_his_letter_and_comes_in(settings: object) -> None:
    settings.PUBLIC_URL = "http://testserver"  # type: ignore[attr-defined]
    owner = owner_of()
    page = owner.client.post("/b/kava/settings/staff/", {"email": "new@kava.example", "role": "manager"}, follow=True)
    assert "An invitation is on its way to new@kava.example." in page.content.decode()
    assert "/account/password/reset/key/" not in page.content.decode()
    deliver(owner)
    (letter,) = mail.outbox
    assert letter.to == ["new@kava.example"]
    address = re.search(r"http://testserver(/account/password/reset/key/\S+)", letter.body)
    assert address
    browser = Client()
    form_at = browser.get(address[1])["Location"]
    browser.post(form_at, {"password1": "a-long-enough-password", "password2": "a-long-enough-password"})
    browser.post("/sign-in/", {"login": "new@kava.example", "password": "a-long-enough-password"})
    assert browser.get("/")["Location"] == "/b/kava/"


def test_somebody_who_is_known_keeps_his_password_and_gets_no_link_to_change_it() -> None:
    owner, other = owner_of(), owner_of("Piekarnia", email="owner@piekarnia.example")
    other.user.set_password("his-own-long-password")
    other.user.save()
    invite(owner, "Owner@Piekarnia.example")
    deliver(owner)
    assert "/password/" not in mail.outbox[0].body
    assert User.objects.filter(email__iexact="owner@piekarnia.example").count() == 1
    assert Person(other.user, other.business).get(business=owner.business).status_code == 200


def test_nobody_is_invited_twice() -> None:
    owner = owner_of()
    invite(owner, "new@kava.example")
    answer = invite(owner, "new@kava.example")
    assert "This person belongs to the business already." in answer.content.decode()
    with in_business(owner.business.id):
        assert Membership.objects.count() == 2


def test_every_change_of_access_is_recorded() -> None:
    owner = owner_of()
    invite(owner, "new@kava.example")
    with in_business(owner.business.id):
        member = Membership.objects.exclude(user=owner.user).get()
    owner.post(f"settings/staff/{member.id}/role/", {"role": "salesperson"})
    owner.post(f"settings/staff/{member.id}/remove/")
    with in_business(owner.business.id):
        entries = list(AuditEntry.objects.order_by("id").values_list("action", "subject", "changes"))
    assert entries == [
        ("staff.invited", "new@kava.example", {"role": [None, "manager"]}),
        ("staff.role_changed", "new@kava.example", {"role": ["manager", "salesperson"]}),
        ("staff.removed", "new@kava.example", {"role": ["salesperson", None]}),
    ]
