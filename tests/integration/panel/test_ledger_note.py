"""The owner's first page says when the ledger was compared, and what was found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from tests.integration.panel.people import Person, colleague, owner_of

from incust.businesses.models import User
from incust.businesses.tenancy import in_business
from incust.checks.models import Verification
from incust.checks.record_verification import KEPT_FOR, verify_and_record

pytestmark = pytest.mark.django_db

BALANCE = {"fault": "balance", "subject": 12, "expected": 4500, "found": 4510}


@pytest.fixture
def owner() -> Person:
    return owner_of()


def found(owner: Person, *examples: dict[str, object], at: datetime | None = None, count: int | None = None) -> None:
    at = at or timezone.now()
    with in_business(owner.business.id):
        Verification.objects.create(
            business=owner.business, started_at=at, finished_at=at, differences=count or len(examples),
            examples=list(examples),
        )  # fmt: skip


def page(person: Person, language: str = "en") -> str:
    return person.client.get(f"/b/{person.business.slug}/", headers={"accept-language": language}).content.decode()


def test_before_the_first_comparison_nothing_is_said(owner: Person) -> None:
    assert "ledger" not in page(owner).lower()


def test_all_is_well_is_said_quietly_with_the_time_of_the_business(owner: Person) -> None:
    now = timezone.now()
    found(owner, at=now)
    local = now.astimezone(zone_of(owner)).strftime("%H:%M")
    shown = page(owner)
    assert f"The ledger was checked at {local}: all is well." in shown
    assert "ledger-differs" not in shown


def test_an_older_comparison_is_shown_with_its_date(owner: Person) -> None:
    found(owner, at=datetime(2026, 3, 4, 4, 11, tzinfo=UTC))
    assert "The ledger was checked on 4 Mar 2026, 06:11: all is well." in page(owner)


def test_differences_are_said_in_words(owner: Person) -> None:
    found(owner, BALANCE, {"fault": "no-entries", "subject": 7, "expected": None, "found": None})
    shown = page(owner)
    assert "Differences found in the ledger: 2" in shown
    assert "Account 12: the balance is 45.10, but its entries add up to 45.00." in shown
    assert "Posting 7 has no entries." in shown
    assert "all is well" not in shown


def test_many_differences_are_counted_and_only_the_first_ones_told(owner: Person) -> None:
    found(owner, *[{**BALANCE, "subject": number} for number in range(1, 21)], count=1234)
    shown = page(owner)
    assert shown.count("the balance is") == 5
    assert "Differences found in the ledger: 1234" in shown
    assert "and 1229 more" in shown


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("uk", "Рахунок 12: баланс 45,10, але сума його записів 45,00."),
        ("pl", "Konto 12: saldo wynosi 45,10, ale suma jego zapisów to 45,00."),
        ("ru", "Счёт 12: баланс 45,10, но сумма его записей 45,00."),
    ],
)
def test_differences_are_told_in_the_owners_language(owner: Person, language: str, sentence: str) -> None:
    found(owner, BALANCE)
    User.objects.filter(pk=owner.user.pk).update(language=language)
    assert sentence in page(owner, language)


def test_once_all_agrees_again_the_alert_is_gone(owner: Person) -> None:
    found(owner, BALANCE, at=timezone.now() - timedelta(hours=2))
    assert verify_and_record(owner.business.id) == []
    assert "all is well" in page(owner)
    assert "ledger-differs" not in page(owner)


def test_only_owners_of_that_business_are_told(owner: Person) -> None:
    found(owner, BALANCE)
    other = owner_of("Other", email="owner@other.example")
    manager = colleague(owner, "manager")
    assert "ledger-differs" in page(owner)
    assert "ledger" not in page(other).lower()
    assert "ledger" not in page(manager).lower()


def test_results_are_forgotten_after_a_while(owner: Person) -> None:
    found(owner, at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    found(owner, at=timezone.now() - KEPT_FOR + timedelta(minutes=1))
    verify_and_record(owner.business.id)
    with in_business(owner.business.id):
        assert Verification.objects.count() == 2


def zone_of(owner: Person):
    from zoneinfo import ZoneInfo

    return ZoneInfo(owner.business.time_zone)
