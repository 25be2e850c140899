"""Given a paid check, when goods go back, then what was redeemed returns and what was earned is taken, once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from incust.checks.cancel import CancelCheck, cancel_check
from incust.checks.expire import expire_reservations
from incust.checks.finalize import SalespersonAtTill
from incust.checks.problems import CheckNotFinal, CheckUnknown, LineUnknown, ReturnedAboveBought
from incust.customers.problems import IdempotencyMismatch
from incust.engine.program import Confirmation

from .factories import NOON, a_cafe, a_check, leave_business, rules
from .refunding import LATER, all_is_well, amounts, paid, refund, two_lines

pytestmark = pytest.mark.django_db


class TestWhole:
    def test_gives_back_what_was_redeemed_and_takes_what_was_earned(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000)
        assert guest.balance == (8250, 8250)
        done = refund(guest.cafe, check_id)
        assert amounts(done) == ("refunded", 4000, 250, 0, 0, 12_000)
        assert (done.check_id, done.replayed, guest.balance) == (check_id, False, (12_000, 12_000))
        assert all_is_well(guest.cafe.business_id)

    def test_repeats_change_nothing_and_answer_alike(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000)
        first = refund(guest.cafe, check_id)
        guest.finalize(a_check(2000, "another"))
        again = refund(guest.cafe, check_id)
        assert (amounts(again), again.replayed) == (amounts(first), True)
        assert guest.cafe.rows("SELECT count(*) FROM checks.refund") == [(1,)]
        assert guest.balance == (12_100, 12_100)

    def test_gives_back_what_lies_on_no_line_too(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 10_000)
        assert guest.cafe.rows("SELECT sum(redeemed_minor) FROM checks.check_line") == [(9000,)]
        assert amounts(refund(guest.cafe, check_id, {"coffee": 3, "cake": 1})) == ("refunded", 9000, 0, 0, 0, 12_000)

    def test_what_no_balance_covered_goes_back_to_nobody(self) -> None:
        guest = a_cafe().guest(1000)
        check_id = paid(guest, 4000)
        assert guest.balance == (250, 250)
        assert amounts(refund(guest.cafe, check_id, {"cake": 1})) == ("partly_refunded", 334, 83, 0, 0, 501)
        assert amounts(refund(guest.cafe, check_id)) == ("refunded", 1000, 250, 0, 0, 1000)
        assert guest.cafe.rows("SELECT returned_unbacked_minor FROM checks.check") == [(3000,)]
        assert all_is_well(guest.cafe.business_id)

    def test_a_receipt_without_bonuses_is_refunded_too(self) -> None:
        guest = a_cafe(published=False).guest()
        check_id = paid(guest)
        assert amounts(refund(guest.cafe, check_id)) == ("refunded", 0, 0, 0, 0, 0)
        assert guest.cafe.rows("SELECT count(*) FROM ledger.posting") == [(0,)]

    def test_closed_without_payment_answers_zeros_and_may_be_paid_after_all(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000, closed_without_payment=True)
        assert amounts(refund(guest.cafe, check_id)) == ("refunded", 0, 0, 0, 0, 12_000)
        assert amounts(refund(guest.cafe, check_id, {"coffee": 1})) == ("refunded", 0, 0, 0, 0, 12_000)
        assert paid(guest, 4000) == check_id
        assert amounts(refund(guest.cafe, check_id)) == ("refunded", 4000, 250, 0, 0, 12_000)


class TestByLines:
    def test_in_proportion_and_in_all_exactly_the_whole(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000)
        assert guest.cafe.rows("SELECT line_id, redeemed_minor, earned_minor FROM checks.check_line ORDER BY id") == [
            ("coffee", 2667, 167), ("cake", 1333, 83),
        ]  # fmt: skip
        assert amounts(refund(guest.cafe, check_id, {"coffee": 1})) == ("partly_refunded", 889, 55, 0, 0, 9084)
        assert amounts(refund(guest.cafe, check_id, {"coffee": 2})) == ("partly_refunded", 1778, 111, 0, 0, 9917)
        assert amounts(refund(guest.cafe, check_id, {"coffee": 3})) == ("partly_refunded", 2667, 167, 0, 0, 10_750)
        assert amounts(refund(guest.cafe, check_id, {"cake": 1})) == ("refunded", 4000, 250, 0, 0, 12_000)
        assert guest.cafe.rows("SELECT number, returned_minor, taken_back_minor FROM checks.refund ORDER BY id") == [
            (1, 889, 55), (2, 889, 56), (3, 889, 56), (4, 1333, 83),
        ]  # fmt: skip
        assert amounts(refund(guest.cafe, check_id)) == ("refunded", 4000, 250, 0, 0, 12_000)
        assert all_is_well(guest.cafe.business_id)

    def test_two_equal_refunds_are_one_state(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000)
        first = refund(guest.cafe, check_id, {"coffee": 1})
        second = refund(guest.cafe, check_id, {"coffee": "1.000"})
        assert (amounts(second), second.replayed) == (amounts(first), True)
        assert guest.balance == (9084, 9084)

    def test_what_is_told_late_changes_nothing(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000)
        latest = refund(guest.cafe, check_id, {"coffee": 2})
        for late in ({"coffee": 1}, {"coffee": 0}, {}):
            assert amounts(refund(guest.cafe, check_id, late)) == amounts(latest)
        assert guest.cafe.rows("SELECT line_id, returned_quantity FROM checks.check_line ORDER BY id") == [
            ("coffee", Decimal(2)), ("cake", Decimal(0)),
        ]  # fmt: skip

    def test_of_a_mixed_state_what_is_more_counts(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000)
        refund(guest.cafe, check_id, {"coffee": 2})
        assert amounts(refund(guest.cafe, check_id, {"coffee": 1, "cake": 1})) == (
            "partly_refunded", 1778 + 1333, 111 + 83, 0, 0, 8250 + 1778 + 1333 - 111 - 83,
        )  # fmt: skip

    def test_nothing_returned_of_nothing_is_no_refund(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000)
        assert amounts(refund(guest.cafe, check_id, {"coffee": 0})) == ("partly_refunded", 0, 0, 0, 0, 8250)
        assert guest.cafe.rows("SELECT count(*) FROM checks.refund") == [(0,)]

    def test_an_unknown_line_is_refused_and_nothing_is_written(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000)
        with pytest.raises(LineUnknown) as refused:
            refund(guest.cafe, check_id, {"coffee": 1, "tea": 1})
        assert refused.value.members == {"line_id": "tea"}
        assert guest.cafe.rows("SELECT sum(returned_quantity) FROM checks.check_line") == [(0,)]
        assert guest.balance == (8250, 8250)

    def test_more_than_was_bought_is_refused_and_nothing_is_written(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000)
        with pytest.raises(ReturnedAboveBought) as refused:
            refund(guest.cafe, check_id, {"cake": 1, "coffee": "3.001"})
        assert refused.value.members == {"line_id": "coffee", "quantity": "3.000"}
        assert guest.cafe.rows("SELECT sum(returned_quantity) FROM checks.check_line") == [(0,)]


class TestWhichCheck:
    def test_any_terminal_of_the_business_by_our_number(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000)
        refund(guest.cafe, check_id, caller=guest.cafe.register())
        assert guest.balance == (12_000, 12_000)
        assert guest.cafe.rows(
            "SELECT r.terminal_id <> c.terminal_id, r.actor = 'terminal:' || r.terminal_id, p.actor = r.actor"
            " FROM checks.refund r, checks.check c, ledger.posting p WHERE p.kind = 'refund' AND p.cause_id = r.id"
        ) == [(True, True, True)]

    def test_by_the_receipts_own_keys(self) -> None:
        guest = a_cafe(program=rules(confirmation=Confirmation.NEVER)).guest(12_000)
        check = two_lines(transaction_id="16776")
        guest.finalize(check, 4000, caller=guest.cafe.register())
        register = guest.cafe.register
        assert refund(guest.cafe, external_id=check.external_id, lines={"cake": 1}, caller=register()).replayed is False
        assert refund(guest.cafe, transaction_id="16776", lines={"coffee": 3}, caller=register()).replayed is False
        assert guest.balance == (12_000, 12_000)

    def test_an_external_id_counts_at_its_own_terminal_only(self) -> None:
        guest = a_cafe().guest(12_000)
        paid(guest, 4000)
        with pytest.raises(CheckUnknown):
            refund(guest.cafe, external_id="1506511064579", caller=guest.cafe.register())
        assert refund(guest.cafe, external_id="1506511064579").status == "refunded"

    def test_number_and_external_id_have_to_agree(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000)
        with pytest.raises(CheckUnknown):
            refund(guest.cafe, check_id, external_id="of another receipt")
        assert guest.balance == (8250, 8250)

    def test_a_check_of_another_business_is_unknown(self) -> None:
        guest, stranger = a_cafe("kava").guest(12_000), a_cafe("tea")
        check_id = paid(guest, 4000)
        leave_business()
        with pytest.raises(CheckUnknown):
            refund(stranger, check_id)
        leave_business()
        assert guest.balance == (8250, 8250)

    def test_one_that_nobody_reported(self) -> None:
        with pytest.raises(CheckUnknown):
            refund(a_cafe(), 77)

    def test_one_that_is_not_closed(self) -> None:
        guest = a_cafe().guest(12_000)
        reserved = guest.reserve(two_lines(), 4000)
        with pytest.raises(CheckNotFinal):
            refund(guest.cafe, reserved.check_id)
        leave_business()
        expire_reservations(now=LATER)
        with pytest.raises(CheckNotFinal):
            refund(guest.cafe, reserved.check_id)
        cancel_check(CancelCheck(caller=guest.cafe.caller(), check_id=reserved.check_id), now=NOON)
        with pytest.raises(CheckNotFinal):
            refund(guest.cafe, reserved.check_id)
        assert guest.cafe.rows("SELECT count(*) FROM checks.refund") == [(0,)]


class TestRequest:
    def test_a_key_gives_its_answer_whatever_happened_since(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id, caller = paid(guest, 4000), guest.cafe.caller("one")
        first = refund(guest.cafe, check_id, {"coffee": 1}, caller=caller)
        refund(guest.cafe, check_id)
        again = refund(guest.cafe, check_id, {"coffee": 1}, caller=caller)
        assert (amounts(again), again.replayed) == (amounts(first), True)

    def test_a_key_serves_for_one_input(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id, caller = paid(guest, 4000), guest.cafe.caller("one")
        refund(guest.cafe, check_id, {"coffee": 1}, caller=caller)
        with pytest.raises(IdempotencyMismatch):
            refund(guest.cafe, check_id, {"coffee": 2}, caller=caller)
        assert guest.balance == (9084, 9084)

    def test_keeps_who_and_when(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000)
        told = LATER - timedelta(days=400)
        refund(
            guest.cafe, check_id, {"cake": 1}, accomplished=True, refunded_at=told,
            salesperson=SalespersonAtTill(external_id="4", name="Ira"),
        )  # fmt: skip
        assert guest.cafe.rows(
            "SELECT salesperson_external_id, salesperson_name, accomplished, refunded_at, recorded_at, lines, whole"
            " FROM checks.refund"
        ) == [("4", "Ira", True, told, LATER, '[{"line_id": "cake", "returned_quantity": "1.000"}]', False)]
        # A till's clock may be years off; the ledger counts from the report then.
        assert guest.cafe.rows("SELECT happened_at FROM ledger.posting WHERE kind = 'refund'") == [(LATER,)]

    def test_tells_the_guest_by_the_outbox_what_this_refund_moved(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000)
        refund(guest.cafe, check_id, {"coffee": 3})
        refund(guest.cafe, check_id, {"cake": 1})
        refund(guest.cafe, check_id)
        assert guest.cafe.rows(
            "SELECT payload->>'customer_id', payload->>'currency', payload->>'returned_minor',"
            " payload->>'taken_back_minor', payload->>'balance_minor'"
            " FROM messaging.outbox WHERE topic = 'check-refunded' ORDER BY id"
        ) == [(str(guest.id), "UAH", "2667", "167", "10750"), (str(guest.id), "UAH", "1333", "83", "12000")]
