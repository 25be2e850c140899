"""`incust ledger verify` finds nothing in a sound ledger, and every difference in a tampered one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from incust.checks.cancel import CancelCheck, cancel_check
from incust.checks.expire import expire_reservations
from incust.checks.verify import verify_ledger
from incust.engine.program import Confirmation
from incust.ledger.expire_lots import expire_lots

from .factories import NOON, Cafe, a_cafe, a_check, rules


@pytest.fixture
def cafe(committed_database: str) -> Cafe:
    """A day's work: earned, redeemed, reserved, cancelled, unbacked, closed without payment, lapsed, expired."""
    cafe = a_cafe(program=rules(credit={"lifetime_days": 30}, confirmation=Confirmation.NEVER))
    guest = cafe.guest()
    guest.finalize(a_check(200_000, external_id="1"))
    guest.reserve(a_check(9000, external_id="2"), 4000)
    guest.finalize(a_check(9000, external_id="2"), 4000)
    guest.reserve(a_check(9000, external_id="3"), 1000)
    cancelled = guest.reserve(a_check(9000, external_id="4"), 1000)
    cancel_check(CancelCheck(caller=cafe.caller(), check_id=cancelled.check_id), now=NOON)
    cafe.guest().finalize(a_check(9000, external_id="5"), 700)
    guest.finalize(a_check(9000, external_id="6"), closed_without_payment=True)
    assert expire_reservations(now=NOON + timedelta(hours=1)) == 1
    assert expire_lots(now=NOON + timedelta(days=32)) == 2
    guest.finalize(a_check(9000, external_id="7"), now=NOON + timedelta(days=33))
    guest.reserve(a_check(9000, external_id="8"), 100, now=NOON + timedelta(days=33))
    return cafe


def test_a_sound_ledger_has_no_differences(cafe: Cafe) -> None:
    assert verify_ledger() == []


def test_every_tampering_is_found(cafe: Cafe, as_owner: psycopg.Connection[Any]) -> None:
    as_owner.execute("SELECT set_config('incust.business_id', %s, false)", [str(cafe.business_id)])
    tampering = [
        ("balance", "UPDATE ledger.account SET balance_minor = balance_minor + 1"),
        ("version", "UPDATE ledger.account SET version = version + 1"),
        ("held", "UPDATE ledger.account SET held_minor = held_minor - 1 WHERE held_minor > 0"),
        ("lot", "UPDATE ledger.lot SET remaining_minor = 0 WHERE remaining_minor > 0"),
        ("running balance", "UPDATE ledger.entry SET balance_after_minor = 1 WHERE account_version = 1"),
        ("posting", "DELETE FROM ledger.entry WHERE system_account = 'redeemed'"),
        ("redeemed by the check", "UPDATE checks.check SET redeem_minor = redeem_minor + 1 WHERE status = 'finalized'"),
        ("earned by the check", "UPDATE checks.check SET earned_minor = 1 WHERE status = 'finalized'"),
        ("unbacked of the check", "UPDATE checks.check SET unbacked_minor = 0 WHERE unbacked_minor > 0"),
        ("posting without a check", "UPDATE ledger.posting SET cause_id = 0 WHERE kind = 'check' AND cause_id = 2"),
        (
            "more in lots than on the account",
            "UPDATE ledger.lot SET amount_minor = 10000000, remaining_minor = 10000000 WHERE remaining_minor > 0",
        ),
    ]
    as_owner.execute("ALTER TABLE ledger.entry DISABLE TRIGGER append_only")
    as_owner.execute("ALTER TABLE ledger.posting DISABLE TRIGGER append_only")
    for fault, statement in tampering:
        with as_owner.transaction(force_rollback=True):
            assert as_owner.execute(statement).rowcount > 0, fault
            found = as_owner.execute(
                "SELECT fault FROM ledger.verify(%(business)s) UNION SELECT fault FROM checks.verify(%(business)s)",
                {"business": cafe.business_id},
            ).fetchall()
            assert (fault,) in found
    as_owner.rollback()
