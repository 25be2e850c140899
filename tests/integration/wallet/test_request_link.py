"""Asking for a new link: it goes to the address on file, and nobody learns whether there is one."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from tests.integration.checks.factories import Cafe, a_cafe

from incust.businesses.tenancy import in_business
from incust.customers.models import WalletLink
from incust.messaging.outbox import unsealed
from incust.wallet.request_link import OF_CUSTOMER_PER_DAY_MAX

pytestmark = pytest.mark.django_db

EMAIL = "olena@example.org"


def ask(to: str, slug: str = "kava") -> tuple[int, bytes]:
    answer = Client().post(f"/w/{slug}/link", {"to": to})
    return answer.status_code, answer.content


def sent(cafe: Cafe) -> list[tuple[str, str]]:
    return cafe.rows(
        "SELECT topic, payload->>'channel' FROM messaging.outbox WHERE topic = 'wallet-link' ORDER BY id"
    )  # fmt: skip


def let_time_pass(cafe: Cafe, time: timedelta) -> None:
    with in_business(cafe.business_id):
        for link in WalletLink.objects.all():
            WalletLink.objects.filter(pk=link.pk).update(created_at=link.created_at - time)


def test_a_known_guest_gets_one_and_the_answer_is_the_same_for_everybody() -> None:
    cafe = a_cafe()
    cafe.guest(email=EMAIL)
    answers = {ask(f" {EMAIL.upper()} "), ask("nobody@example.org"), ask("+380501112233"), ask("nonsense"), ask("")}
    assert answers == {(202, b"{}")}
    assert sent(cafe) == [("wallet-link", "email")]


def test_it_is_sent_in_the_guests_business_only() -> None:
    ours, other = a_cafe("kava"), a_cafe("piekarnia")
    ours.guest(email=EMAIL)
    ask(EMAIL, "piekarnia")
    assert (sent(ours), sent(other)) == ([], [])


def test_nobodys_inbox_is_flooded() -> None:
    cafe = a_cafe()
    cafe.guest(email=EMAIL)
    for _ in range(3):
        ask(EMAIL)
    assert len(sent(cafe)) == 1
    for _ in range(OF_CUSTOMER_PER_DAY_MAX + 2):
        let_time_pass(cafe, timedelta(minutes=3))
        ask(EMAIL)
    assert len(sent(cafe)) == OF_CUSTOMER_PER_DAY_MAX
    let_time_pass(cafe, timedelta(days=1))
    ask(EMAIL)
    assert len(sent(cafe)) == OF_CUSTOMER_PER_DAY_MAX + 1


def test_the_link_that_is_sent_opens_the_guests_card() -> None:
    cafe = a_cafe()
    cafe.guest(4200, email=EMAIL)
    ask(EMAIL)
    ((member,),) = cafe.rows("SELECT payload->>'url' FROM messaging.outbox WHERE topic = 'wallet-link'")
    url = unsealed(json.loads(member))
    phone = Client()
    assert phone.post("/w/kava/bind", {"token": url.rpartition("/")[2]}).status_code == 200
    assert phone.get("/w/kava/state").json()["bonus"]["balance_minor"] == 4200
