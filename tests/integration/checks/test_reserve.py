"""Given a quote, when the cashier continues, then points are held for this check."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from incust.checks.problems import CheckFinalized, QuoteChanged, RedeemAboveLimit
from incust.customers.problems import (
    ConfirmationExhausted,
    ConfirmationExpired,
    ConfirmationRequired,
    ConfirmationWrong,
    IdempotencyMismatch,
)
from incust.messaging.outbox import unsealed

from .factories import NOON, Guest, a_cafe, a_check, rules

pytestmark = pytest.mark.django_db


class TestReserveCheck:
    def test_holds_the_points_for_thirty_minutes(self) -> None:
        guest = a_cafe().guest(12_000)
        reserved = guest.reserve(a_check(9000), 4000)
        assert (reserved.redeem_minor, reserved.due_minor, reserved.earn_minor) == (4000, 5000, 250)
        assert (reserved.program_version, reserved.balance_after_minor, reserved.replayed) == (1, 8250, False)
        assert reserved.hold_expires_at == NOON + timedelta(minutes=30)
        assert guest.balance == (12_000, 8000)
        assert guest.balance_at(NOON + timedelta(minutes=30)) == (12_000, 12_000)

    def test_the_same_request_gets_the_stored_answer(self) -> None:
        guest = a_cafe().guest(4000)
        seen, caller = guest.quote(a_check()).quote_hash, guest.cafe.caller("key-1")
        first = guest.reserve(a_check(), 3000, seen_hash=seen, caller=caller)
        guest.finalize(a_check(1000, external_id="2"))  # the balance moves on, the answer does not
        again = guest.reserve(a_check(), 3000, seen_hash=seen, caller=caller, now=NOON + timedelta(minutes=1))
        assert again.replayed is True
        assert (again.check_id, again.hold_expires_at) == (first.check_id, first.hold_expires_at)
        assert guest.cafe.rows("SELECT count(*) FROM ledger.hold") == [(1,)]

    def test_the_same_key_with_another_amount_is_refused(self) -> None:
        guest = a_cafe().guest(4000)
        caller = guest.cafe.caller("key-1")
        guest.reserve(a_check(), 3000, caller=caller)
        with pytest.raises(IdempotencyMismatch):
            guest.reserve(a_check(), 2000, caller=caller)

    def test_a_later_reserve_replaces_the_hold(self) -> None:
        guest = a_cafe().guest(4000)
        first = guest.reserve(a_check(), 3000)
        second = guest.reserve(a_check(), 500, now=NOON + timedelta(minutes=5))
        assert second.check_id == first.check_id
        assert guest.balance == (4000, 3500)

    def test_a_reserve_for_another_guest_frees_the_first(self) -> None:
        cafe = a_cafe()
        first, second = cafe.guest(4000), cafe.guest(2000)
        one, other = first.reserve(a_check(), 3000), second.reserve(a_check(), 2000)
        assert one.check_id == other.check_id
        assert (first.balance, second.balance) == ((4000, 4000), (2000, 0))

    def test_reserving_nothing_stores_the_check_without_a_hold(self) -> None:
        guest = a_cafe().guest(4000)
        reserved = guest.reserve(a_check(), 0)
        assert (reserved.redeem_minor, reserved.due_minor, reserved.earn_minor) == (0, 9000, 450)
        assert guest.cafe.rows("SELECT status, hold_id FROM checks.check") == [("reserved", None)]

    def test_a_changed_check_is_refused(self) -> None:
        guest = a_cafe().guest(4000)
        seen = guest.quote(a_check(9000)).quote_hash
        with pytest.raises(QuoteChanged):
            guest.reserve(a_check(9100), 4000, seen_hash=seen)

    def test_a_changed_program_is_refused(self) -> None:
        guest = a_cafe().guest(4000)
        seen = guest.quote(a_check()).quote_hash
        guest.cafe.publish(rules(earn="6"))
        with pytest.raises(QuoteChanged):
            guest.reserve(a_check(), 4000, seen_hash=seen)

    def test_a_balance_spent_elsewhere_is_refused(self) -> None:
        guest = a_cafe().guest(4000)
        seen = guest.quote(a_check()).quote_hash
        guest.reserve(a_check(external_id="2"), 1000)
        with pytest.raises(QuoteChanged):
            guest.reserve(a_check(), 4000, seen_hash=seen)

    def test_more_than_the_limit_is_refused(self) -> None:
        guest = a_cafe().guest(4000)
        with pytest.raises(RedeemAboveLimit):
            guest.reserve(a_check(), 4001)
        assert guest.balance == (4000, 4000)

    def test_a_paid_check_is_refused(self) -> None:
        guest = a_cafe().guest(4000)
        guest.finalize(a_check())
        with pytest.raises(CheckFinalized):
            guest.reserve(a_check(), 100)

    def test_one_order_number_at_two_tills_is_two_checks(self) -> None:
        guest = a_cafe().guest(4000)
        at_key, at_register = guest.reserve(a_check(), 0), guest.reserve(a_check(), 0, caller=guest.cafe.register())
        assert at_key.check_id != at_register.check_id


class TestConfirmation:
    @pytest.fixture
    def guest(self) -> Guest:
        return a_cafe().guest(4000, strength="weak", email="olena@example.org")

    def sent_codes(self, guest: Guest) -> list[str]:
        rows = guest.cafe.rows(
            "SELECT payload::text FROM messaging.outbox WHERE topic = 'confirmation-code' ORDER BY id"
        )
        return [unsealed(json.loads(payload)["code"]) for (payload,) in rows]

    def test_a_code_is_sent_and_asked_for(self, guest: Guest) -> None:
        with pytest.raises(ConfirmationRequired) as asked:
            guest.reserve(a_check(), 4000)
        assert asked.value.members["confirmation"] == {
            "channel": "email", "masked": "o•••@example.org", "resend_after_s": 30,
            "expires_at": (NOON + timedelta(minutes=5)).isoformat(),
        }  # fmt: skip
        assert len(self.sent_codes(guest)) == 1
        assert guest.balance == (4000, 4000)

    def test_the_right_code_holds_the_points(self, guest: Guest) -> None:
        with pytest.raises(ConfirmationRequired):
            guest.reserve(a_check(), 4000)
        [code] = self.sent_codes(guest)
        assert guest.reserve(a_check(), 4000, confirmation_code=code).redeem_minor == 4000
        assert guest.balance == (4000, 0)

    def test_a_wrong_code_costs_a_try_and_five_cost_all(self, guest: Guest) -> None:
        with pytest.raises(ConfirmationRequired):
            guest.reserve(a_check(), 4000)
        [code] = self.sent_codes(guest)
        wrong = "000000" if code != "000000" else "000001"
        for tries_left in (4, 3, 2, 1):
            with pytest.raises(ConfirmationWrong) as refused:
                guest.reserve(a_check(), 4000, confirmation_code=wrong)
            assert refused.value.members == {"tries_left": tries_left}
        with pytest.raises(ConfirmationExhausted):
            guest.reserve(a_check(), 4000, confirmation_code=wrong)
        with pytest.raises(ConfirmationExhausted):
            guest.reserve(a_check(), 4000, confirmation_code=code)
        assert guest.balance == (4000, 4000)

    def test_a_code_expires_after_five_minutes(self, guest: Guest) -> None:
        with pytest.raises(ConfirmationRequired):
            guest.reserve(a_check(), 4000)
        [code] = self.sent_codes(guest)
        with pytest.raises(ConfirmationExpired):
            guest.reserve(a_check(), 4000, confirmation_code=code, now=NOON + timedelta(minutes=5))

    def test_a_code_for_one_amount_does_not_confirm_a_larger_one(self, guest: Guest) -> None:
        with pytest.raises(ConfirmationRequired):
            guest.reserve(a_check(), 1000)
        [code] = self.sent_codes(guest)
        with pytest.raises(ConfirmationRequired):
            guest.reserve(a_check(), 4000, confirmation_code=code)

    def test_going_back_and_paying_again_asks_for_no_second_code(self, guest: Guest) -> None:
        with pytest.raises(ConfirmationRequired):
            guest.reserve(a_check(), 4000)
        [code] = self.sent_codes(guest)
        guest.reserve(a_check(), 4000, confirmation_code=code)
        later = NOON + timedelta(minutes=10)
        assert guest.quote(a_check(), now=later).confirmation_required is False
        renewed = guest.reserve(a_check(9200), 3000, now=later)
        assert renewed.hold_expires_at == later + timedelta(minutes=30)
