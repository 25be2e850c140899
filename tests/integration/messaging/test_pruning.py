"""Old rows go in every business, however many there are; younger ones stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.integration.checks.factories import NOON, a_cafe

from incust.businesses import prune
from incust.businesses.tenancy import in_business
from incust.customers.models import Identification
from incust.customers.tasks import IDENTIFICATIONS_KEPT, prune_identifications
from incust.messaging.models import Message
from incust.messaging.tasks import MESSAGES_KEPT_FOR, prune_messages

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_messages_are_forgotten_after_half_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prune, "ROWS_AT_ONCE", 2)
    cafes = [a_cafe("kava"), a_cafe("chai")]
    ages = [MESSAGES_KEPT_FOR + DAY] * 5 + [MESSAGES_KEPT_FOR - DAY] * 2
    for cafe in cafes:
        with in_business(cafe.business_id):
            for number, age in enumerate(ages):
                Message.objects.create(
                    business_id=cafe.business_id, dedup_key=str(number), topic="check-finalized", state="sent",
                    created_at=NOON - age, changed_at=NOON - age,
                )  # fmt: skip
    assert [prune_messages(now=NOON), prune_messages(now=NOON)] == [10, 0]
    assert [cafe.rows("SELECT dedup_key FROM messaging.message ORDER BY id") for cafe in cafes] == [
        [("5",), ("6",)]
    ] * 2


def test_identifications_are_forgotten_after_a_month(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prune, "ROWS_AT_ONCE", 2)
    cafes = [a_cafe("kava"), a_cafe("chai")]
    for cafe in cafes:
        guest = cafe.guest(strength=None)
        with in_business(cafe.business_id):
            for age in [IDENTIFICATIONS_KEPT - DAY, *[IDENTIFICATIONS_KEPT + DAY] * 4]:
                Identification.objects.create(
                    business_id=cafe.business_id, customer_id=guest.id, terminal_id=cafe.terminal_id, kind="qr",
                    strength="strong", happened_at=NOON - age,
                )  # fmt: skip
    assert [prune_identifications(now=NOON), prune_identifications(now=NOON)] == [8, 0]
    kept = "SELECT happened_at FROM customers.identification"
    assert [cafe.rows(kept) for cafe in cafes] == [[(NOON - IDENTIFICATIONS_KEPT + DAY,)]] * 2
