"""Given a request that was answered before the server was updated, when it is repeated, then it is known again.

Answers are kept for a week, the fingerprints of receipts for ever, and what a cashier saw for as long as he looks at
it. So these hashes are part of what is stored. A change of them needs a time in which both old and new are known.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from incust.checks.cancel import CancelCheck, cancel_check
from incust.checks.finalize import Payment, SalespersonAtTill
from incust.customers.problems import IdempotencyMismatch
from incust.engine.check import Line

from .factories import NOON, Cafe, Guest, a_cafe, a_check
from .refunding import LATER, refund

LINES = (
    Line(line_id="a", product_id="12", modification_id="3", quantity=Decimal(2), amount_minor=6000),
    Line(line_id="b", product_id="13", quantity=Decimal("0.25"), amount_minor=3000, discountable=False, promotion=True),
)
CHECK = a_check(9500, lines=LINES, transaction_id="16776", service_minor=500)

AS_EVER = {
    "seen": "d68ab7c93036aabb5a017bf79ff79c6203ad418b0cf35020f2ed75caa2a9293d",
    "content": "9146d2e994dda3009d27e72c7730575f174ec28e322a145766227c16b4791ce6",
    "fingerprint": "c1a721d108ea931b6504a3b9352584bb3c0a5202bda6ae9708754f1634a433fd",
    "reserve": "e46975efcba7cae136a8e8873eef838e5d9223759166581d2805ae600d17c773",
    "finalize": "926274ee690516acca4f1dd2e62d3d38dfbd83a0a8ea3534b399cfc07c59fe34",
    "refund": "ba5f5665c7df1e56ee11c3bfddf5aa42bbe214c7ae3af82cbddc68fb899bc466",
    "cancel": "e9700654c30798a74f29734abfbf812df31fb3b71d1e04ad070768127f9f28b1",
}


@pytest.fixture
def guest(committed_database: str) -> Guest:
    """All numbers begin anew in a database of the test's own."""
    return a_cafe().guest(12_000)


def stored(cafe: Cafe) -> dict[str, str]:
    return dict(cafe.rows("SELECT key, encode(input_hash, 'hex') FROM customers.stored_answer"))


def test_every_operation_knows_its_requests_again(guest: Guest) -> None:
    cafe = guest.cafe
    seen = guest.quote(CHECK, 1000).quote_hash
    check_id = guest.reserve(CHECK, 1000, seen_hash=seen, caller=cafe.caller("reserve")).check_id
    guest.finalize(
        CHECK, 1000, check_id=check_id, caller=cafe.caller("finalize"), closed_at=LATER,
        payment=Payment(cash_minor=4000, card_minor=3000, other_minor=1000, poster_bonus_minor=500),
        salesperson=SalespersonAtTill(external_id="7", name="Іра"),
    )  # fmt: skip
    refund(
        cafe, check_id, {"a": 1}, external_id=CHECK.external_id, transaction_id="16776", accomplished=True,
        salesperson=SalespersonAtTill(external_id="7", name="Іра"), caller=cafe.caller("refund"),
    )  # fmt: skip
    cancel_check(CancelCheck(caller=cafe.caller("cancel"), external_id="another"), now=NOON)
    [(content_hash, fingerprint)] = cafe.rows("SELECT content_hash, fingerprint FROM checks.check")
    assert {"seen": seen, "content": content_hash, "fingerprint": fingerprint, **stored(cafe)} == AS_EVER


def test_a_cancellation_under_the_key_of_another_is_refused(guest: Guest) -> None:
    cafe = guest.cafe
    guest.reserve(CHECK, 1000)
    cancel_check(CancelCheck(caller=cafe.caller("one"), external_id="another"), now=NOON)
    with pytest.raises(IdempotencyMismatch):
        cancel_check(CancelCheck(caller=cafe.caller("one"), external_id=CHECK.external_id), now=NOON)
    assert guest.balance == (12_000, 11_000)


def test_what_the_cashier_saw_is_of_this_receipt(guest: Guest) -> None:
    assert guest.quote(CHECK).quote_hash != guest.quote(replace(CHECK, external_id="another")).quote_hash
