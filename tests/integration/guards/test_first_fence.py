"""The first fence stands alone: with row security switched off, a number of another business is an unknown one.

Each function is called for our business with numbers of the other, then with numbers that nobody has. Both times it
answers the same, and nothing of the other business changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from .catalogue import Administrator, tables
from .trial import undone

LATE = "'2027-01-01'::timestamptz"


@dataclass(frozen=True)
class Call:
    """``{0}`` is where the numbers of the other business, or of nobody, begin: 1 or 7."""

    function: str
    arguments: str

    def spelt(self, business: int) -> str:
        return f"SELECT to_jsonb(a) FROM (SELECT * FROM {self.function}({self.arguments.format(business)})) a"


CALLS = [
    Call("ledger.settle_account", f"2, {{0}}101, {LATE}"),
    Call("ledger.record_lapsed", f"2, {{0}}101, {LATE}"),
    Call("ledger.open_account", "2, {0}001, 'bonus:UAH', now()"),
    Call("ledger.open_account", "2, {0}002, 'bonus:UAH', now()"),
    Call("ledger.hold_points", f"2, {{0}}101, 'check', 1503, 10, now(), {LATE}"),
    Call("ledger.hold_points", f"2, 2101, 'check', {{0}}503, 3500, '2026-09-01 12:10+00', {LATE}"),
    Call("ledger.release_holds", "2, 'check', {0}503, now()"),
    Call("ledger.post_check", "2, {0}101, 9, NULL, 10, '{{5}}', '{{NULL}}', '{{NULL}}', 'test', now(), now(), NULL"),
    Call(
        "ledger.post_check", "2, 2101, 9, {0}601, 10, '{{}}', '{{}}', '{{}}', 'test', '2026-09-01', '2026-09-01', NULL"
    ),
    Call("ledger.refund_check", "2, {0}101, 9, {0}502, 0, 10, 0, 0, 0, 0, 'test', '2026-09-01', '2026-09-01'"),
    Call("ledger.refund_check", "2, 2101, 9, {0}502, 0, 10, 0, 10, 0, 0, 'test', '2026-09-01', '2026-09-01'"),
    Call("ledger.restore_lots", "2, {0}101, 2, 3, 0, 10"),
    Call("ledger.post_correction", f"2, {{0}}101, 'gift', 9, 5, 'birthday', 'user:1', {LATE}"),
    Call(
        "checks.correct_balance",
        '\'{{"business_id": 2, "customer_id": {0}001, "currency": "UAH", "kind": "gift", "amount_minor": 5,'
        ' "reason": "birthday", "actor": "user:1", "number": 9, "now": "2027-01-01"}}\'',
    ),
    Call(
        "ledger.post_imports", f"2, 'bonus:UAH', '{{{{{{0}}001}}}}', '{{{{9}}}}', '{{{{5}}}}', 'brought', 'job', {LATE}"
    ),
    Call(
        "checks.import_balances",
        f"2, 'UAH', '{{{{poster:1/9}}}}', '{{{{{{0}}001}}}}', '{{{{5}}}}', 'brought', 'job', {LATE}",
    ),
    Call("ledger.expired_of", "2, {0}104, '{{1}}'"),
    Call("ledger.balance", "2, {0}001, 'bonus:UAH', '2026-09-01'"),
    Call("ledger.expiring", "2, {0}101, '2026-09-01'"),
    Call("checks.lock_check", "2, NULL, NULL, {0}031, '3', '', NULL"),
    Call("checks.lock_check", "2, {0}041, '1', {0}032, '2', '', NULL"),
    Call("checks.lock_check", "2, {0}041, '1', {0}032, 'none', 'T2', NULL"),
    Call("checks.lock_check", "2, NULL, NULL, {0}031, '3', '', {0}503"),
    Call("checks.lock_check", "2, NULL, NULL, 9, '3', '', {0}503"),
    Call("checks.transaction_is_taken", "2, {0}041, 'T2', 9"),
    Call("checks.lock_to_refund", "2, NULL, NULL, 9, '{{\"check_id\": {0}501}}'"),
    Call("checks.stored_answer", "2, {0}031, 'request', '00'"),
    Call("checks.expire", f"2, {{0}}503, {LATE}"),
    Call("checks.evaluation_context", "2, 2031, NULL, NULL, 'UAH', {0}001, NULL, '3', '2026-09-01'"),
    Call("checks.evaluation_context", "2, {0}031, NULL, NULL, 'UAH', 2001, {0}051, '3', '2026-09-01'"),
    Call("checks.evaluation_context", "2, 2031, {0}041, '1', 'UAH', 2001, {0}051, '2', '2026-09-01'"),
    Call("customers.strength_of", "2, {0}001, {0}031, {0}051, NULL, '2026-09-01 12:00+00'"),
    Call("customers.use_identification", "2, {0}051, 9"),
    Call("customers.use_identification", "2, {0}052, 1501"),
    Call(
        "checks.account_to_post",
        "2, (SELECT c FROM checks.check c WHERE c.id = 2503), {0}001, 'UAH', '2026-09-01 12:10+00'",
    ),
    Call(
        "checks.assumed_rightly",
        "2, {0}001, 'UAH', '{{\"customer_status\": \"full\", \"available_min_minor\": 0}}', '2026-09-01 12:10+00'",
    ),
    Call(
        "checks.cancel",
        "jsonb_build_object('door', 'key', 'key_hash', '0' || 2, 'for', ''),"
        ' \'{{"key": "cancel", "input_hash": "00", "check_id": {0}503, "now": "2026-09-01T12:00:00Z"}}\'',
    ),
    Call("customers.refuse_replay", f"2, {{0}}031, 'read', {LATE}"),
    Call("customers.refuse_replay", f"2, {{0}}031, 'to forget 0', {LATE}"),
    Call("customers.may_try_confirmation", "2, {0}001, '2026-09-01 12:00+00'"),
    Call("customers.note_confirmation", "2, 2001, {0}031, 'wrong', '2027-01-01'"),
    Call("customers.consume_confirmation", "2, {0}001, '1', 100, '\\x00', '2026-09-01 12:00+00'"),
]


@pytest.fixture(scope="module")
def unfenced(administrator: Administrator) -> Iterator[Administrator]:
    """Row security is off, whoever asks."""
    fenced = administrator.execute(
        "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relrowsecurity AND c.relkind = 'r'"
    ).fetchall()
    for (table,) in fenced:
        administrator.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    yield administrator
    for (table,) in fenced:
        administrator.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


def outcome(unfenced: Administrator, call: Call, business: int) -> tuple[Any, dict[str, Any]]:
    """What it answers or refuses with, without numbers of the other business; and all that the other has afterwards."""
    with undone(unfenced):
        try:
            with unfenced.transaction():
                answer = unfenced.execute(call.spelt(business)).fetchall()
        except psycopg.Error as error:
            answer = [(error.sqlstate, without_numbers(str(error), business))]
        return without_numbers(str(answer), business), belongings(unfenced)


def without_numbers(text: str, business: int) -> str:
    text = re.sub(r"'posting_id': \d+", "", text)
    for end in ("101", "104", "501", "502", "503", "001", "002", "031", "041", "051"):
        text = text.replace(f"{business}{end}", "N")
    return text


def belongings(unfenced: Administrator) -> dict[str, Any]:
    seen = [
        *tables(unfenced), "customers.identification", "customers.read_request", "customers.confirmation_code",
        "customers.confirmation_event",
    ]  # fmt: skip
    return {
        table: unfenced.execute(
            f"SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)), '[]') FROM {table} t WHERE business_id = 1"
        ).fetchone()
        for table in seen
    }


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.function)
def test_a_number_of_another_business_is_an_unknown_one(unfenced: Administrator, call: Call) -> None:
    untouched = belongings(unfenced)
    foreign, belongings_after = outcome(unfenced, call, 1)
    unknown, _ = outcome(unfenced, call, 7)
    assert foreign == unknown
    assert belongings_after == untouched


def test_a_check_of_one_business_differs_from_nobodys(unfenced: Administrator) -> None:
    """So that the comparison above compares something: called for its own business, each answer is another."""
    same = []
    for call in CALLS:
        own = Call(
            call.function, call.arguments.replace("2, ", "1, ", 1).replace("2101", "1101").replace("2001", "1001")
        )
        with undone(unfenced):
            before = belongings(unfenced)
        found, after = outcome(unfenced, own, 1)
        if (found, after) == (outcome(unfenced, own, 7)[0], before):
            same.append(call)
    assert [call.function for call in same] == []
