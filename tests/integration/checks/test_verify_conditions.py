"""Rare but sound things that no comparison may report, and the same a little beside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from incust.checks.verify import COMPARISONS, verify_ledger
from incust.config import database
from incust.engine.program import Confirmation, CreditPercent, Program, RedeemPercent

from . import test_verify
from .factories import Cafe, a_check

cafe = test_verify.cafe
OCTOBER = datetime(2026, 10, 11, 12, 0, tzinfo=UTC)
LAST_MINUTES = datetime(2026, 11, 10, 21, 50, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def full_cafe(cafe: Cafe) -> Cafe:
    """After the day of test_verify, checks 10 to 15."""
    rare_things_happen(cafe)
    return cafe


def rare_things_happen(cafe: Cafe) -> None:
    # Points expire in the breath in which a hold that kept them is captured in part (10, 11).
    guest = cafe.guest()
    guest.finalize(a_check(20_000, external_id="20"), now=OCTOBER)
    guest.reserve(a_check(9000, external_id="21"), 900, now=LAST_MINUTES)
    guest.finalize(a_check(9000, external_id="21"), 100, now=LAST_MINUTES + timedelta(minutes=20))
    # A receipt earns twice, for a month and for ten days (12); one is reserved again after its hold has lapsed (13).
    cafe.publish(
        Program(
            rules=(
                CreditPercent(rule_id="earn", percent=Decimal(5), lifetime_days=30),
                CreditPercent(rule_id="more", percent=Decimal(2), lifetime_days=10),
                RedeemPercent(rule_id="redeem", percent=Decimal(50)),
            ),
            confirmation=Confirmation.NEVER,
        )
    )
    guest = cafe.guest()
    guest.finalize(a_check(10_000, external_id="22"), now=DECEMBER)
    guest.reserve(a_check(9000, external_id="23"), 100, now=DECEMBER)
    guest.reserve(a_check(9000, external_id="23"), 200, now=DECEMBER + timedelta(hours=1))
    # More was redeemed than the hold and the balance covered (14, 15).
    guest = cafe.guest()
    guest.finalize(a_check(10_000, external_id="24"), now=DECEMBER)
    guest.reserve(a_check(9000, external_id="25"), 700, now=DECEMBER)
    guest.finalize(a_check(9000, external_id="25"), 1700, now=DECEMBER)


def test_what_is_rare_is_sound(full_cafe: Cafe) -> None:
    assert full_cafe.rows(
        "SELECT redeem_minor, unbacked_minor, earned_minor, (answer->>'balance_minor')::int FROM checks.check"
        " WHERE id IN (11, 12, 15) ORDER BY id"
    ) == [(100, 0, 445, 445), (0, 0, 700, 700), (1700, 1000, 511, 511)]  # fmt: skip
    assert full_cafe.rows("SELECT amount_minor, resolution FROM ledger.hold WHERE cause_id = 13 ORDER BY id") == [
        (100, "expired"), (200, None),
    ]  # fmt: skip
    assert verify_ledger() == []


AN_EXPIRY_THAT_GIVES = """
  INSERT INTO ledger.posting (id, business_id, unit, kind, actor, happened_at, recorded_at)
    VALUES (100, 1, 'bonus:UAH', 'expiry', 'job', '2026-12-01', '2026-12-01');
  INSERT INTO ledger.entry (business_id, posting_id, unit, account_id, system_account, amount_minor, account_version,
      balance_after_minor)
    VALUES (1, 100, 'bonus:UAH', 1, NULL, 10, 8, 460), (1, 100, 'bonus:UAH', NULL, 'expired', -10, NULL, NULL);
  INSERT INTO ledger.lot_spend (business_id, lot_id, account_id, account_version, amount_minor)
    VALUES (1, 1, 1, 8, -10);
  UPDATE ledger.account SET version = 8, balance_minor = 460 WHERE id = 1"""


def told(check: int, balance_minor: int) -> str:
    return f"UPDATE checks.check SET answer = answer || '{{\"balance_minor\": {balance_minor}}}' WHERE id = {check}"


# What is tampered with, and all that is found: (fault, subject, expected, found).
BESIDE: list[tuple[str, set[tuple[Any, ...]]]] = [
    (
        "UPDATE ledger.lot SET remaining_minor = 1 WHERE id = 1",
        {("lot-remaining", 1, 0, 1), ("lots-above-balance", 1, 450, 451)},
    ),
    # An expiry without entries, and one that gives.
    (
        "DELETE FROM ledger.entry WHERE posting_id = 6",
        {
            ("expiry", 6, 0, 0), ("no-entries", 6, None, None), ("missing-entries", 1, 7, 6),
            ("balance", 1, 10450, 450), ("running-balance", 22, 10450, 450), ("spend-without-entry", 1, 6, 10000),
        },
    ),
    (
        f"{AN_EXPIRY_THAT_GIVES}; UPDATE ledger.lot SET remaining_minor = 10 WHERE id = 1",
        {("expiry", 100, -10, -10)},
    ),
    ("UPDATE checks.check SET returned_whole = true WHERE id = 8", {("returned-earned", 8, 450, 0)}),
    (
        "UPDATE checks.check SET returned_minor = 1 WHERE id = 15",
        {("refunds-returned", 15, 0, 1), ("returned-redeemed", 15, 0, 1)},
    ),
    (
        "UPDATE ledger.hold SET amount_minor = 701, captured_minor = 701 WHERE cause_id = 15",
        {("captured", 15, 700, 701)},
    ),
    # What another expiry of the account left counts for no check but the one in whose breath it was.
    (told(10, 445), {("answer-balance", 10, 1000, 445)}),
    (told(11, 444), {("answer-balance", 11, 1245, 444)}),
]  # fmt: skip


def test_what_is_a_little_beside_is_found(full_cafe: Cafe) -> None:
    with psycopg.connect(**database.connection_parameters(role="")) as tamperer:
        tamperer.execute("SET session_replication_role = replica")
        found = []
        for tampering, _ in BESIDE:
            with tamperer.transaction(force_rollback=True):
                tamperer.execute(tampering.encode())
                found.append(differences(tamperer))
    assert found == [expected for _, expected in BESIDE]


def differences(connection: psycopg.Connection[Any]) -> set[tuple[Any, ...]]:
    return {
        tuple(difference)
        for comparison in COMPARISONS
        for difference in connection.execute(f"SELECT * FROM {comparison}(1)").fetchall()
    }
