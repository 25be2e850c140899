"""Two registers, the till's own key and a report from outside name one order at the same instant: it is posted once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from incust.businesses.models import Terminal, TerminalKey
from incust.businesses.tenancy import in_business
from incust.businesses.terminal_access import Caller
from incust.checks.finalize import FinalizeCheck, SalespersonAtTill, finalize_check
from tests.integration.checks.factories import NOON, Cafe, Guest, a_check

from .at_once import CLIENTS, at_once

Source = Callable[[str], Caller]


@pytest.fixture
def sources(cafe: Cafe) -> list[Source]:
    """Four ways to report the receipts of one spot: two registers, and a key of each."""
    with in_business(cafe.business_id):
        first = Terminal.objects.get(poster_register_id="3")
        second = Terminal.objects.get(pk=first.pk)
        second.pk, second.poster_register_id = None, "4"
        second.save()
        for name, terminal in (("webhook", first), ("reconciliation", second)):
            TerminalKey.objects.create(
                business_id=cafe.business_id, terminal=terminal, key_hash=hashed(name), hint=name[:8]
            )
    return [
        lambda rid: cafe.register(rid),
        lambda rid: replace(cafe.register(rid), tablet="4"),
        lambda rid: Caller(door="key", key_hash=hashed("webhook"), request_id=rid),
        lambda rid: Caller(door="key", key_hash=hashed("reconciliation"), request_id=rid),
    ]


def hashed(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def reports(guest: Guest, sources: list[Source]) -> list[FinalizeCheck]:
    """Eight from each. They agree about money, and about nothing else."""
    return [
        guest.finalize_request(
            a_check(9000, transaction_id="" if n % 2 else "4711"), 4000, caller=sources[n % len(sources)](f"rid {n}"),
            closed_at=NOON - timedelta(seconds=n), salesperson=SalespersonAtTill(external_id=str(n), name="Petro"),
        )
        for n in range(CLIENTS)
    ]  # fmt: skip


@pytest.mark.parametrize("reserved", [True, False])
def test_whoever_reports_an_order_it_is_posted_once(cafe: Cafe, sources: list[Source], reserved: bool) -> None:
    guest = cafe.guest(12_000)
    if reserved:
        guest.reserve(a_check(9000), 4000, caller=sources[0]("reserve"))

    together = at_once([partial(finalize_check, report, now=NOON) for report in reports(guest, sources)])

    assert (len(together.answers), together.errors) == (CLIENTS, [])
    assert len({replace(answer, replayed=False) for answer in together.answers}) == 1
    assert [answer.replayed for answer in together.answers].count(False) == 1
    assert guest.balance == (8250, 8250)
    assert cafe.rows("SELECT count(*), sum(earned_minor), sum(redeem_minor) FROM checks.check") == [(1, 250, 4000)]
    assert cafe.rows("SELECT count(*) FROM ledger.posting WHERE kind = 'check' AND cause_id > 0") == [(1,)]
    assert cafe.rows("SELECT count(*) FROM messaging.outbox") == [(1,)]


def test_two_orders_that_claim_one_transaction_are_told_apart(cafe: Cafe, sources: list[Source]) -> None:
    """Reports of another order under the transaction id of this one do not double it."""
    guest = cafe.guest()
    requests = [
        guest.finalize_request(
            a_check(9000, external_id=str(n % 2), transaction_id="4711"), caller=sources[n % len(sources)](f"rid {n}")
        )
        for n in range(CLIENTS)
    ]

    together = at_once([partial(finalize_check, request, now=NOON) for request in requests])

    assert (len(together.answers), together.errors) == (CLIENTS, [])
    assert len({answer.check_id for answer in together.answers}) == 1
    assert guest.balance == (450, 450)
