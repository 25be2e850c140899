"""Given a till that takes more than it may, when it reports the receipt, then it is posted and the owner can see it."""

from __future__ import annotations

import json

import pytest

from incust.checks.cancel import CancelCheck, cancel_check
from incust.checks.models import Check
from incust.customers.problems import ConfirmationRequired
from incust.engine.program import Confirmation
from incust.messaging.outbox import unsealed

from .factories import NOON, Guest, a_cafe, a_check, rules

pytestmark = pytest.mark.django_db


def concerns(guest: Guest) -> list[str]:
    return guest.cafe.rows("SELECT concerns FROM checks.check ORDER BY id DESC LIMIT 1")[0][0]  # type: ignore[no-any-return]


class TestAboveTotal:
    def test_the_guest_pays_at_most_the_total(self) -> None:
        guest = a_cafe().guest(12_000)
        done = guest.finalize(a_check(1000), 10_000)
        assert (done.redeemed_minor, done.unbacked_minor, done.balance_minor) == (10_000, 9000, 11_000)
        assert concerns(guest) == ["unreserved", "above-limit", "unbacked", "above-total"]

    def test_a_reservation_does_not_open_the_account(self) -> None:
        guest = a_cafe().guest(12_000)
        reserved = guest.reserve(a_check(9000), 4000)
        done = guest.finalize(a_check(9000), 400_000, check_id=reserved.check_id)
        assert (done.unbacked_minor, done.balance_minor) == (391_000, 3000)
        assert guest.balance == (3000, 3000)

    def test_a_total_that_shrank_below_the_hold_frees_the_rest(self) -> None:
        guest = a_cafe().guest(12_000)
        guest.reserve(a_check(9000), 4000)
        done = guest.finalize(a_check(1000), 4000)
        assert (done.unbacked_minor, guest.balance) == (3000, (11_000, 11_000))


class TestConcerns:
    def test_a_receipt_as_it_was_reserved_is_of_none(self) -> None:
        guest = a_cafe().guest(12_000)
        guest.reserve(a_check(9000), 4000)
        guest.finalize(a_check(9000), 4000)
        assert concerns(guest) == []

    def test_a_receipt_without_redemption_is_of_none(self) -> None:
        guest = a_cafe().guest(12_000, strength="weak", status="limited")
        guest.finalize(a_check(9000))
        assert concerns(guest) == []

    def test_less_than_was_reserved_is_of_none(self) -> None:
        guest = a_cafe().guest(12_000)
        guest.reserve(a_check(9000), 4000)
        guest.finalize(a_check(9000), 1000)
        assert concerns(guest) == []

    def test_a_redemption_within_the_limit_that_nobody_reserved(self) -> None:
        guest = a_cafe().guest(12_000)
        guest.finalize(a_check(9000), 4500)
        assert concerns(guest) == ["unreserved"]

    def test_more_than_was_reserved(self) -> None:
        guest = a_cafe().guest(12_000)
        guest.reserve(a_check(9000), 4000)
        guest.finalize(a_check(9000), 4200)
        assert concerns(guest) == ["unreserved"]

    def test_a_reservation_of_somebody_else_is_none(self) -> None:
        cafe = a_cafe()
        first, second = cafe.guest(12_000), cafe.guest(12_000)
        first.reserve(a_check(9000), 4000)
        second.finalize(a_check(9000), 4000)
        assert concerns(second) == ["unreserved"]

    def test_a_cancelled_reservation_is_none(self) -> None:
        guest = a_cafe().guest(12_000)
        reserved = guest.reserve(a_check(9000), 4000)
        cancel_check(CancelCheck(caller=guest.cafe.caller(), check_id=reserved.check_id), now=NOON)
        guest.finalize(a_check(9000), 4000)
        assert concerns(guest) == ["unreserved"]

    def test_more_than_the_program_allows(self) -> None:
        guest = a_cafe().guest(12_000)
        guest.finalize(a_check(9000), 9000)
        assert concerns(guest) == ["unreserved", "above-limit"]

    def test_a_check_that_shrank_below_what_was_reserved(self) -> None:
        guest = a_cafe().guest(12_000)
        guest.reserve(a_check(9000), 4000)
        guest.finalize(a_check(6000), 4000)
        assert concerns(guest) == ["above-limit"]

    def test_a_weak_identification_that_nobody_confirmed(self) -> None:
        guest = a_cafe(program=rules(confirmation=Confirmation.BY_STRENGTH)).guest(12_000, strength="weak")
        guest.finalize(a_check(9000), 4000)
        assert concerns(guest) == ["unreserved", "unconfirmed"]

    def test_what_the_guest_once_confirmed_for_the_receipt_is_confirmed_though_less_was_reserved_then(self) -> None:
        guest = a_cafe().guest(12_000, strength="weak", email="olena@example.org")
        with pytest.raises(ConfirmationRequired):
            guest.reserve(a_check(9000), 4000)
        [(sealed,)] = guest.cafe.rows("SELECT payload->>'code' FROM messaging.outbox")
        guest.reserve(a_check(9000), 4000, confirmation_code=unsealed(json.loads(sealed)))
        guest.reserve(a_check(9000), 3000)
        guest.finalize(a_check(9000), 4000)
        assert concerns(guest) == ["unreserved"]

    def test_a_status_that_only_collects(self) -> None:
        guest = a_cafe().guest(12_000, status="limited")
        guest.finalize(a_check(9000), 4000)
        assert concerns(guest) == ["unreserved", "status"]

    def test_more_than_the_balance(self) -> None:
        guest = a_cafe().guest(1000)
        guest.finalize(a_check(9000), 4000)
        assert concerns(guest) == ["unreserved", "unbacked"]

    def test_closed_without_payment_is_of_none(self) -> None:
        guest = a_cafe().guest(12_000)
        guest.finalize(a_check(9000), 9000, closed_without_payment=True)
        assert concerns(guest) == []

    def test_the_table_knows_the_same_concerns_as_the_panel(self) -> None:
        cafe = a_cafe()
        [(definition,)] = cafe.rows(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'check_concerns_known'"
        )
        listed = definition[definition.index("{") + 1 : definition.index("}")].split(",")
        assert sorted(listed) == sorted(Check.Concern.values)
