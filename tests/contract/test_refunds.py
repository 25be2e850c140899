"""Refunds through both doors, as docs/terminal-api.md promises them. The conformance suite has the rest."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import pytest

from incust.engine.program import BelowZero

from .till import Answer, Cafe, KeyTill, PosterTill, closed_now


@dataclass(kw_only=True)
class Receipts:
    """A guest without bonuses; receipts of two coffees for 90.00 that earn him 4.50 each."""

    cafe: Cafe
    till: KeyTill | PosterTill
    customer_id: str

    def pay(self, external_id: str, redeemed_minor: int = 0, total_minor: int = 9000) -> str:
        """The check's number."""
        line = {"line_id": "0", "product_id": "12", "quantity": "2", "amount_minor": total_minor}
        answer = self.till.post("checks/finalize", {
            "customer_id": self.customer_id, "redeemed_minor": redeemed_minor, "closed_at": closed_now(),
            "payment": {"cash_minor": total_minor - redeemed_minor},
            "check": {"external_id": external_id, "currency": "UAH", "lines": [line], "total_minor": total_minor},
        })  # fmt: skip
        assert answer.status == 200, answer.body
        return str(answer.body["check_id"])

    def refund(self, repeated: dict[str, str] | None = None, **members: Any) -> Answer:
        return self.till.post("checks/refund", {"refunded_at": closed_now(), **members}, **(repeated or {}))


@pytest.fixture(params=["key", "poster"])
def receipts(request: pytest.FixtureRequest, cafe: Cafe, key_till: KeyTill, poster_till: PosterTill) -> Receipts:
    cafe.publish_five_percent(below_zero=BelowZero.BLOCK)
    till = key_till if request.param == "key" else poster_till
    return Receipts(cafe=cafe, till=till, customer_id=str(cafe.customer().pk))


class TestRefund:
    def test_by_lines_then_whole(self, receipts: Receipts) -> None:
        check_id = receipts.pay("1")
        part = receipts.refund(check_id=check_id, lines=[{"line_id": "0", "returned_quantity": "1"}])
        assert (part.status, part.body) == (200, {
            "check_id": check_id, "status": "partly_refunded", "returned_minor": 0, "taken_back_minor": 225,
            "absorbed_minor": 0, "expired_minor": 0, "balance_minor": 225,
        })  # fmt: skip
        whole = receipts.refund(external_id="1")
        assert (whole.body["status"], whole.body["taken_back_minor"], whole.body["balance_minor"]) == (
            "refunded", 450, 0,
        )  # fmt: skip
        late = receipts.refund(check_id=check_id, lines=[{"line_id": "0", "returned_quantity": "1"}])
        assert (late.body, late.headers.get("Idempotent-Replay")) == (whole.body, "true")

    def test_a_key_gives_its_answer_again_and_serves_for_one_input(self, receipts: Receipts) -> None:
        check_id, key = receipts.pay("1"), secrets.token_hex(16)
        name = "key" if isinstance(receipts.till, KeyTill) else "rid"
        asked = {"check_id": check_id, "refunded_at": closed_now()}
        first = receipts.refund({name: key}, **asked)
        again = receipts.refund({name: key}, **asked)
        assert (again.body, again.headers.get("Idempotent-Replay")) == (first.body, "true")
        other = receipts.refund({name: key}, **asked, accomplished=True)
        assert (other.status, other.code) == (409, "idempotency-mismatch")

    def test_blocked_until_told_afterwards(self, receipts: Receipts) -> None:
        check_id = receipts.pay("1")
        receipts.pay("2", 400, total_minor=400)
        blocked = receipts.refund(check_id=check_id)
        assert (blocked.status, blocked.code, blocked.body["short_minor"]) == (409, "refund-blocked", 400)
        told = receipts.refund(check_id=check_id, accomplished=True)
        assert (told.status, told.body["taken_back_minor"], told.body["absorbed_minor"]) == (200, 50, 400)

    @pytest.mark.parametrize(
        ("members", "status", "code"),
        [
            ({"check_id": "999999999"}, 404, "check-unknown"),
            ({"check_id": "no number"}, 404, "check-unknown"),
            ({"external_id": "never seen"}, 404, "check-unknown"),
            ({}, 422, "invalid-input"),
            ({"external_id": "1", "lines": [{"line_id": "x", "returned_quantity": "1"}]}, 422, "line-unknown"),
            ({"external_id": "1", "lines": [{"line_id": "0", "returned_quantity": "3"}]}, 422, "returned-above-bought"),
            ({"external_id": "1", "lines": [{"line_id": "0", "returned_quantity": "-1"}]}, 422, "invalid-input"),
            ({"external_id": "1", "lines": [{"line_id": "0", "returned_quantity": "1"}] * 2}, 422, "invalid-input"),
        ],
    )
    def test_what_is_refused_changes_nothing(
        self, receipts: Receipts, members: dict[str, Any], status: int, code: str
    ) -> None:
        receipts.pay("1")
        refused = receipts.refund(**members)
        assert (refused.status, refused.code) == (status, code)
        assert receipts.refund(external_id="1", lines=[]).body["taken_back_minor"] == 0
