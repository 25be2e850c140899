"""Given a ledger, when it is compared, then its owner finds the result, with the first differences, for a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from incust.businesses.tenancy import in_business
from incust.checks.models import Verification
from incust.checks.record_verification import businesses_to_verify, examples_of, verify_and_record
from incust.checks.verify import COMPARISONS, Progress
from incust.checks.verify_faults import Difference
from incust.config import database

from .factories import NOON, Cafe, a_cafe, a_check

DAY = timedelta(days=1)


@pytest.fixture
def cafe(committed_database: str) -> Cafe:
    cafe = a_cafe()
    cafe.guest().finalize(a_check(80_000))
    return cafe


@pytest.fixture
def tamperer(committed_database: str) -> Iterator[psycopg.Connection[Any]]:
    """No trigger, foreign key or policy stops it."""
    with psycopg.connect(**database.connection_parameters(role=""), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


def verified(cafe: Cafe, at: datetime) -> None:
    with in_business(cafe.business_id):
        Verification.objects.create(
            business_id=cafe.business_id, started_at=at, finished_at=at, differences=0, examples=[]
        )


def kept(cafe: Cafe) -> list[Verification]:
    with in_business(cafe.business_id):
        return list(Verification.objects.order_by("id"))


def test_a_sound_ledger_is_kept_as_such_with_the_time_it_took(cafe: Cafe) -> None:
    before = timezone.now()
    assert verify_and_record(cafe.business_id) == []
    [verification] = kept(cafe)
    assert before <= verification.started_at < verification.finished_at <= timezone.now()
    assert (verification.differences, verification.examples) == (0, [])


def test_differences_are_counted_and_the_first_twenty_kept(cafe: Cafe, tamperer: psycopg.Connection[Any]) -> None:
    for order in range(20):
        cafe.guest().finalize(a_check(80_000, external_id=str(order)))
    tamperer.execute("UPDATE ledger.account SET balance_minor = 4001")
    differences = verify_and_record(cafe.business_id)
    assert differences == [
        Difference(
            business_id=cafe.business_id, currency="UAH", fault="balance", subject=number, expected=4000, found=4001
        )
        for number in range(1, 22)
    ]  # fmt: skip
    [verification] = kept(cafe)
    assert verification.differences == 21
    assert verification.examples[0] == {"fault": "balance", "subject": 1, "expected": 4000, "found": 4001}
    assert examples_of(verification, "UAH") == differences[:20]


def test_tells_how_far_it_is(cafe: Cafe) -> None:
    heard: list[Progress] = []
    verify_and_record(cafe.business_id, tell=heard.append)
    assert [(each.done, each.comparison) for each in heard] == [
        *enumerate(COMPARISONS),
        (len(COMPARISONS), ""),
    ]
    assert {(each.business_id, each.count) for each in heard} == {(cafe.business_id, len(COMPARISONS))}


def test_results_are_kept_for_ninety_days(cafe: Cafe) -> None:
    other = a_cafe("other")
    now = timezone.now()
    for one in (cafe, other):
        verified(one, now - 91 * DAY)
        verified(one, now - 89 * DAY)
    verify_and_record(cafe.business_id)
    assert [round((now - each.finished_at) / DAY) for each in kept(cafe)] == [89, 0]
    assert [round((now - each.finished_at) / DAY) for each in kept(other)] == [91, 89]


def test_those_are_due_that_were_compared_long_ago_or_never(cafe: Cafe) -> None:
    recently, never = a_cafe("recently"), a_cafe("never")
    verified(cafe, timezone.now() - timedelta(hours=26))
    verified(recently, timezone.now() - timedelta(hours=24))
    assert sorted(businesses_to_verify(older_than=timedelta(hours=25))) == [cafe.business_id, never.business_id]


def test_one_that_was_compared_at_that_very_instant_is_not_due(cafe: Cafe) -> None:
    verified(cafe, NOON)
    due = "SELECT checks.businesses_to_verify(%s)"
    assert cafe.rows(due, NOON) == []
    assert cafe.rows(due, NOON + timedelta(microseconds=1)) == [(cafe.business_id,)]
