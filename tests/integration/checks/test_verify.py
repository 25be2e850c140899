"""`incust ledger verify` finds nothing in a sound ledger, and every difference in a tampered one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from incust.checks.cancel import CancelCheck, cancel_check
from incust.checks.expire import expire_reservations
from incust.checks.refund import RefundCheck, refund_check
from incust.checks.verify import COMPARISONS, verify_ledger
from incust.checks.verify_faults import AMOUNTS, NUMBERS, Difference
from incust.config import database
from incust.engine.program import Confirmation
from incust.ledger.expire_lots import expire_lots

from .factories import NOON, Cafe, a_cafe, a_check, rules


@pytest.fixture
def cafe(committed_database: str) -> Cafe:
    """A day: earned, redeemed, reserved, cancelled, unbacked, closed without payment, lapsed, expired, refunded."""
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
    # A till that took more than the receipt came to: the rest lies on no line.
    cafe.guest().finalize(a_check(1000, external_id="7"), 1300)
    assert expire_reservations(now=NOON + timedelta(hours=1)) == 1
    refund_check(
        RefundCheck(
            caller=cafe.caller(), check_id=None, external_id="2", transaction_id="", lines=None, accomplished=False,
            refunded_at=NOON + timedelta(days=1), salesperson=None,
        ),
        now=NOON + timedelta(days=1),
    )  # fmt: skip
    assert expire_lots(now=NOON + timedelta(days=32)) == 2
    guest.finalize(a_check(9000, external_id="8"), now=NOON + timedelta(days=33))
    guest.reserve(a_check(9000, external_id="9"), 100, now=NOON + timedelta(days=33))
    return cafe


def test_a_sound_ledger_has_no_differences(cafe: Cafe) -> None:
    assert verify_ledger() == []


def _posted(
    kind: str, reason: str, account: int, amount_minor: int, version: int, balance_minor: int, cause: int = 100
) -> str:
    """One more posting, number 100, that is itself in order."""
    other = {"check": "issued", "import": "imported"}.get(kind, "correction")
    return f"""
      INSERT INTO ledger.posting (id, business_id, unit, kind, cause_id, actor, reason, happened_at, recorded_at)
        VALUES (100, 1, 'bonus:UAH', '{kind}', {cause}, 'user:1', '{reason}', '2026-10-05', '2026-10-05');
      INSERT INTO ledger.entry (business_id, posting_id, unit, account_id, system_account, amount_minor,
          account_version, balance_after_minor)
        VALUES (1, 100, 'bonus:UAH', {account}, NULL, {amount_minor}, {version}, {balance_minor}),
          (1, 100, 'bonus:UAH', NULL, '{other}', {-amount_minor}, NULL, NULL);
      UPDATE ledger.account SET version = {version}, balance_minor = {balance_minor} WHERE id = {account}"""


def _brought(*, customer: int, amount_minor: int) -> str:
    columns = "(id, business_id, source, customer_id, unit, amount_minor, imported_at)"
    values = f"(7, 1, 'poster:1/7', {customer}, 'bonus:UAH', {amount_minor}, '2026-10-05')"
    return f"INSERT INTO checks.balance_import {columns} VALUES {values}"


def _spends(*rows: str) -> str:
    columns = "(business_id, lot_id, account_id, account_version, amount_minor)"
    return f"INSERT INTO ledger.lot_spend {columns} VALUES {', '.join(rows)}"


def _told(check: int, member: str, value: int) -> str:
    """Another answer than the one that the till got."""
    return f"UPDATE checks.check SET answer = answer || '{{\"{member}\": {value}}}' WHERE id = {check}"


# Of each fault: what is tampered with, what a person then reads, and what follows from the same. Nothing else is found.
PLANTED: dict[str, Any] = {
    "balance": (
        "UPDATE ledger.account SET balance_minor = 451 WHERE id = 1",
        "Account 1: the balance is 4.51, but its entries add up to 4.50.",
    ),
    "version": (
        "UPDATE ledger.account SET version = 3 WHERE id = 2",
        "Account 2: it counts 3 entries, but its last one is number 2.",
    ),
    "missing-entries": (
        "UPDATE ledger.entry SET account_version = 8 WHERE account_version = 7;"
        " UPDATE ledger.account SET version = 8 WHERE id = 1; UPDATE ledger.lot SET account_version = 8 WHERE id = 4",
        "Account 1: its last entry is number 8, but it has 7 entries.",
    ),
    "running-balance": (
        "UPDATE ledger.entry SET balance_after_minor = 5999 WHERE id = 3",
        "Entry 3: the balance after it is 59.99, but the entries make it 60.00.",
    ),
    "held": (
        "UPDATE ledger.account SET held_minor = 99 WHERE id = 1",
        "Account 1: 0.99 is marked as held, but its open holds add up to 1.00.",
    ),
    "unbalanced": (
        "UPDATE ledger.entry SET amount_minor = 416 WHERE id = 20",
        "Posting 7 does not balance: its entries add up to 0.01 instead of 0.00.",
    ),
    "no-entries": (
        _posted("gift", "birthday", 3, 5, 1, 5) + "; DELETE FROM ledger.entry WHERE posting_id = 100;"
        " UPDATE ledger.account SET version = 0, balance_minor = 0 WHERE id = 3",
        "Posting 100 has no entries.",
    ),
    "no-posting": (
        "DELETE FROM ledger.posting WHERE id = 7",
        "There are entries of a posting 7 that does not exist.",
    ),
    "no-reason": (_posted("correction", "", 3, 5, 1, 5), "Posting 100 is a correction without a reason."),
    "expiry": (
        "UPDATE ledger.posting SET happened_at = '2026-09-30' WHERE id = 6",
        "Expiry 6 took 100.00, but only 0.00 of it came from bonuses that had expired.",
    ),
    "lot-remaining": (
        "UPDATE ledger.lot SET remaining_minor = 449 WHERE id = 4",
        "Lot 4: 4.49 is left, but what was spent of it leaves 4.50.",
    ),
    "lots-above-balance": (
        _posted("correction", "a mistake", 1, -10, 8, 440),
        "Account 1: its lots hold 4.50, more than its balance of 4.40.",
    ),
    "lot-without-credit": (
        "UPDATE ledger.lot SET account_version = 70 WHERE id = 4",
        "Lot 4 is of 4.50, but 0.00 was credited for it.",
        ("lot-of-check", "Check 8 credited 4.50 that expires, but 0.00 of it is kept with a last day."),
    ),
    "spend-without-entry": (
        "UPDATE ledger.lot_spend SET account_version = 50 WHERE id = 3",
        "Account 1: something was spent from lots by an entry 50 that is missing.",
    ),
    "spend-above-entry": (
        _spends("(1, 4, 1, 2, 10)", "(1, 4, 1, 5, -10)"),
        "Entry 3 took 40.10 from lots, but 40.00 from the balance.",
    ),
    "spend-of-another": (
        _spends("(1, 3, 1, 4, 10)", "(1, 3, 1, 5, -10)"),
        "Lot 3 belongs to account 2, but account 1 spent of it.",
    ),
    "lot-of-check": (
        "DELETE FROM ledger.lot WHERE id = 4",
        "Check 8 credited 4.50 that expires, but 0.00 of it is kept with a last day.",
    ),
    "lot-lifetime": (
        "UPDATE ledger.lot SET expires_on = expires_on + 2, expires_at = expires_at + interval '2 days' WHERE id = 4",
        "Lot 4 ends 32 days after its receipt, but its bonuses were to live for 30.",
    ),
    "lot-end": (
        "UPDATE ledger.lot SET expires_at = expires_at + interval '1 day' WHERE id = 4",
        "Lot 4 does not expire with the end of its last day.",
    ),
    "redeemed": (
        "UPDATE checks.check SET redeem_minor = 1301 WHERE id = 7",
        "Check 7 redeemed 13.01, but 13.00 was posted.",
        ("answer-redeemed", "Check 7 redeemed 13.01, but the till was told 13.00."),
    ),
    "earned": (
        "UPDATE checks.check SET earned_minor = 451 WHERE id = 8;"
        " UPDATE checks.check_line SET earned_minor = 451 WHERE check_id = 8",
        "Check 8 earned 4.51, but 4.50 was posted.",
        ("answer-earned", "Check 8 earned 4.51, but the till was told 4.50."),
    ),
    "unbacked": (
        "UPDATE checks.check SET unbacked_minor = 699 WHERE id = 5",
        "Check 5: 6.99 was not covered by a balance, but 7.00 was posted as such.",
        ("answer-unbacked", "Check 5: 6.99 was not covered by a balance, but the till was told 7.00."),
    ),
    "another-customer": (
        "UPDATE checks.check SET customer_id = 2 WHERE id = 8",
        "Check 8 of customer 2 was posted to customer 1.",
    ),
    "no-check": (_posted("check", "", 3, 5, 1, 5), "Posting 100 is of a check that was never paid."),
    "lines-redeemed": (
        "UPDATE checks.check_line SET redeemed_minor = 3999 WHERE check_id = 2",
        "Check 2: its lines share 39.99 of the redemption instead of 40.00.",
    ),
    "lines-earned": (
        "UPDATE checks.check_line SET earned_minor = 449 WHERE check_id = 8",
        "Check 8: its lines share 4.49 of the earnings instead of 4.50.",
    ),
    "reservation-without-hold": (
        "UPDATE checks.check SET redeem_minor = 101 WHERE id = 9",
        "Check 9 reserved 1.01, but 1.00 is held for it.",
    ),
    "hold-without-reservation": (
        "UPDATE checks.check SET status = 'cancelled' WHERE id = 9",
        "Hold 4 keeps 1.00 for a check that is not reserved.",
    ),
    "captured": (
        "UPDATE ledger.hold SET amount_minor = 5000, captured_minor = 5000 WHERE id = 1",
        "Check 2 captured 50.00 of its hold, more than the 40.00 paid with bonuses.",
    ),
    "refunds-returned": (
        "UPDATE checks.check SET returned_minor = 3999 WHERE id = 2",
        "Check 2: 39.99 is noted as given back, its refunds add up to 40.00.",
        ("returned-redeemed", "Check 2: 39.99 of its redemption went back, by its lines it is 40.00."),
    ),
    "refunds-unbacked": (
        "UPDATE checks.check_line SET returned_quantity = 1 WHERE check_id = 7;"
        " UPDATE checks.check SET returned_unbacked_minor = 500 WHERE id = 7",
        "Check 7: 5.00 is noted as returned uncovered, its refunds add up to 0.00.",
    ),
    **{
        f"refunds-{name}": (
            "UPDATE checks.check_line SET returned_quantity = 1 WHERE check_id = 8;"
            f" UPDATE checks.check SET {column} = 225 WHERE id = 8",
            f"Check 8: 2.25 is noted as {words}, its refunds add up to 0.00.",
        )
        for name, column, words in (
            ("taken-back", "taken_back_minor", "taken back"), ("absorbed", "absorbed_minor", "absorbed"),
            ("expired", "expired_minor", "expired"),
        )
    },
    "returned-redeemed": (
        "UPDATE checks.check_line SET returned_quantity = 1 WHERE check_id = 7",
        "Check 7: 0.00 of its redemption went back, by its lines it is 5.00.",
    ),
    "returned-earned": (
        "UPDATE checks.check_line SET returned_quantity = 1 WHERE check_id = 8",
        "Check 8: 0.00 of its earnings is settled, by its lines it is 2.25.",
    ),
    "refund-redeemed": (
        "UPDATE checks.refund SET returned_minor = 3999",
        "A refund of check 2 returned 39.99, but 40.00 was posted.",
        ("refunds-returned", "Check 2: 40.00 is noted as given back, its refunds add up to 39.99."),
    ),
    "refund-unbacked": (
        "UPDATE checks.refund SET returned_minor = 3999, returned_unbacked_minor = 1",
        "A refund of check 2 returned 0.01 uncovered, but 0.00 was posted so.",
        ("refunds-returned", "Check 2: 40.00 is noted as given back, its refunds add up to 39.99."),
        ("refunds-unbacked", "Check 2: 0.00 is noted as returned uncovered, its refunds add up to 0.01."),
    ),
    "refund-taken-back": (
        "UPDATE checks.refund SET taken_back_minor = 249",
        "A refund of check 2 took back 2.49, but 2.50 was posted.",
        ("refunds-taken-back", "Check 2: 2.50 is noted as taken back, its refunds add up to 2.49."),
    ),
    "refund-of-another-customer": (
        "UPDATE checks.check SET customer_id = 2 WHERE id = 2",
        "A refund of check 2 of customer 2 was posted to customer 1.",
        ("another-customer", "Check 2 of customer 2 was posted to customer 1."),
    ),
    "answer-redeemed": (
        _told(2, "redeemed_minor", 4001),
        "Check 2 redeemed 40.00, but the till was told 40.01.",
    ),
    "answer-earned": (
        _told(8, "earned_minor", 451),
        "Check 8 earned 4.50, but the till was told 4.51.",
    ),
    "answer-unbacked": (
        _told(5, "unbacked_minor", 0),
        "Check 5: 7.00 was not covered by a balance, but the till was told 0.00.",
    ),
    "answer-balance": (
        _told(8, "balance_minor", 1),
        "Check 8 left a balance of 4.50, but the till was told 0.01.",
    ),
    "answer-number": (
        _told(8, "check_id", 9),
        "The till was told that check 8 is number 9.",
    ),
    "no-refund": (_posted("refund", "", 3, 5, 1, 5), "Posting 100 is of a refund that does not exist."),
    "imported": (
        _brought(customer=3, amount_minor=9) + ";" + _posted("import", "from Poster", 3, 5, 1, 5, cause=7),
        "Import 7 brought 0.09 along, but 0.05 was posted.",
    ),
    "import-of-another-customer": (
        _brought(customer=2, amount_minor=5) + ";" + _posted("import", "from Poster", 3, 5, 1, 5, cause=7),
        "Import 7 of customer 2 was posted to customer 3.",
    ),
    "no-import": (_posted("import", "from Poster", 3, 5, 1, 5), "Posting 100 is of an import that does not exist."),
}  # fmt: skip


def test_each_fault_is_found_by_itself_and_said_in_words(cafe: Cafe) -> None:
    # The strongest hand of all: no trigger, foreign key or policy stops it.
    with psycopg.connect(**database.connection_parameters(role="")) as tamperer:
        tamperer.execute("SET session_replication_role = replica")
        found = {}
        for fault, (tampering, *_told) in PLANTED.items():
            with tamperer.transaction(force_rollback=True):
                tamperer.execute(tampering)
                found[fault] = _differences(tamperer, cafe)
    assert found == {
        fault: {(fault, sentence), *following} for fault, (_tampering, sentence, *following) in PLANTED.items()
    }


def test_every_fault_that_has_words_is_planted_here() -> None:
    assert set(PLANTED) == set(AMOUNTS) | set(NUMBERS)


def _differences(connection: psycopg.Connection[Any], cafe: Cafe) -> set[tuple[str, str]]:
    return {
        (fault, Difference(
            business_id=cafe.business_id, currency="UAH", fault=fault, subject=subject, expected=expected, found=found
        ).sentence)
        for comparison in COMPARISONS
        for fault, subject, expected, found in connection.execute(f"SELECT * FROM {comparison}(1)").fetchall()
    }  # fmt: skip
