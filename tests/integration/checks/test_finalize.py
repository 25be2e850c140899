"""Given a paid receipt, when it is reported, then it is posted once, as the till says it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from incust.checks.cancel import CancelCheck, cancel_check
from incust.checks.expire import expire_reservations, prune_idempotency_keys
from incust.checks.finalize import FinalizedCheck, Payment, SalespersonAtTill, finalize_check
from incust.checks.problems import CheckFinalized, CheckMismatch, CurrencyMismatch
from incust.customers.problems import CustomerUnknown, IdempotencyMismatch
from incust.engine.check import Line
from incust.engine.program import Confirmation

from .factories import NOON, a_cafe, a_check, leave_business, rules

pytestmark = pytest.mark.django_db


def amounts(done: FinalizedCheck) -> tuple[str, int, int, int, int]:
    return done.status, done.redeemed_minor, done.earned_minor, done.unbacked_minor, done.balance_minor


class TestAsReserved:
    def test_captures_the_hold_and_credits_what_was_promised(self) -> None:
        guest = a_cafe().guest(12_000)
        reserved = guest.reserve(a_check(9000), 4000)
        done = guest.finalize(a_check(9000), 4000, check_id=reserved.check_id)
        assert amounts(done) == ("finalized", 4000, 250, 0, reserved.balance_after_minor)
        assert (done.check_id, done.replayed) == (reserved.check_id, False)
        assert guest.balance == (8250, 8250)

    def test_posts_the_stored_outcome_though_the_program_has_changed_since(self) -> None:
        guest = a_cafe().guest(12_000)
        reserved = guest.reserve(a_check(9000), 4000)
        guest.cafe.publish(rules(earn="10"))
        assert guest.finalize(a_check(9000), 4000, check_id=reserved.check_id).earned_minor == 250

    def test_learns_the_transaction_id(self) -> None:
        guest = a_cafe(program=rules(confirmation=Confirmation.NEVER)).guest(12_000)
        guest.reserve(a_check(9000), 4000, caller=guest.cafe.register())
        paid = a_check(9000, transaction_id="16776")
        guest.finalize(paid, 4000, caller=guest.cafe.register())
        # Whoever knows the receipt by its transaction only finds the same check.
        other_source = replace(paid, external_id="unknown")
        again = guest.finalize(other_source, 4000, caller=guest.cafe.register())
        assert again.replayed is True
        assert guest.cafe.rows("SELECT external_id, transaction_id FROM checks.check") == [("1506511064579", "16776")]

    def test_keeps_lines_with_their_shares(self) -> None:
        lines = (
            Line(line_id="a", product_id="12", quantity=Decimal(2), amount_minor=6000),
            Line(line_id="b", product_id="13", quantity=Decimal("0.250"), amount_minor=3000, discountable=False),
        )
        guest = a_cafe().guest(12_000)
        check = a_check(9000, lines=lines)
        guest.reserve(check, 3000)
        guest.finalize(check, 3000)
        assert guest.cafe.rows(
            "SELECT line_id, quantity, redeemed_minor, earned_minor, returned_quantity"
            " FROM checks.check_line ORDER BY id"
        ) == [("a", Decimal(2), 3000, 150, 0), ("b", Decimal("0.250"), 0, 0, 0)]

    def test_tells_the_guest_by_the_outbox(self) -> None:
        guest = a_cafe().guest(12_000)
        guest.reserve(a_check(9000), 4000)
        done = guest.finalize(a_check(9000), 4000)
        assert guest.cafe.rows(
            "SELECT topic, (payload->>'customer_id')::bigint, (payload->>'check_id')::bigint, payload->>'currency',"
            " (payload->>'balance_minor')::bigint FROM messaging.outbox"
        ) == [("check-finalized", guest.id, done.check_id, "UAH", 8250)]


class TestTillsTruth:
    def test_a_receipt_that_was_never_reserved_earns(self) -> None:
        guest = a_cafe().guest()
        assert amounts(guest.finalize(a_check(9000))) == ("finalized", 0, 450, 0, 450)

    def test_a_smaller_redemption_captures_that_and_frees_the_rest(self) -> None:
        guest = a_cafe().guest(12_000)
        guest.reserve(a_check(9000), 4000)
        assert amounts(guest.finalize(a_check(9000), 1000)) == ("finalized", 1000, 400, 0, 11_400)
        assert guest.balance == (11_400, 11_400)

    def test_a_changed_check_is_evaluated_anew(self) -> None:
        guest = a_cafe().guest(12_000)
        guest.reserve(a_check(9000), 4000)
        assert amounts(guest.finalize(a_check(10_000), 4000)) == ("finalized", 4000, 300, 0, 8300)

    def test_a_lapsed_hold_takes_what_is_available_and_books_the_rest_as_unbacked(self) -> None:
        guest = a_cafe().guest(4000)
        guest.reserve(a_check(9000), 4000)
        late = NOON + timedelta(minutes=31)
        guest.scanned_again(late).reserve(a_check(9000, external_id="2"), 3000, now=late)
        assert amounts(guest.finalize(a_check(9000), 4000, now=late)) == ("finalized", 4000, 250, 3000, 3250)
        assert guest.balance_at(late) == (3250, 250)

    def test_a_redemption_without_any_balance_is_unbacked_and_no_debt(self) -> None:
        guest = a_cafe().guest()
        assert amounts(guest.finalize(a_check(9000), 4000)) == ("finalized", 4000, 250, 4000, 250)

    def test_a_receipt_after_cancel_is_posted_all_the_same(self) -> None:
        guest = a_cafe().guest(12_000)
        reserved = guest.reserve(a_check(9000), 4000)
        cancel_check(CancelCheck(caller=guest.cafe.caller(), check_id=reserved.check_id), now=NOON)
        assert amounts(guest.finalize(a_check(9000), 4000, check_id=reserved.check_id)) == (
            "finalized", 4000, 250, 0, 8250,
        )  # fmt: skip

    def test_another_guest_than_reserved_pays_and_the_first_is_freed(self) -> None:
        cafe = a_cafe()
        first, second = cafe.guest(4000), cafe.guest(2000)
        first.reserve(a_check(9000), 4000)
        assert amounts(second.finalize(a_check(9000), 4000)) == ("finalized", 4000, 250, 2000, 250)
        assert first.balance == (4000, 4000)

    def test_closed_without_payment_releases_and_earns_nothing(self) -> None:
        guest = a_cafe().guest(4000)
        guest.reserve(a_check(9000), 4000)
        done = guest.finalize(a_check(9000), 4000, closed_without_payment=True)
        assert amounts(done) == ("released", 0, 0, 0, 4000)
        assert guest.balance == (4000, 4000)
        assert guest.cafe.rows("SELECT count(*) FROM messaging.outbox") == [(0,)]

    def test_what_the_tills_own_bonus_paid_earns_nothing(self) -> None:
        guest = a_cafe().guest(12_000)
        guest.reserve(a_check(9000), 0)
        paid = Payment(cash_minor=6000, poster_bonus_minor=3000)
        assert guest.finalize(a_check(9000), 0, payment=paid).earned_minor == 300

    def test_without_a_published_program_nothing_is_earned_but_the_redemption_counts(self) -> None:
        guest = a_cafe(published=False).guest(4000)
        assert amounts(guest.finalize(a_check(9000), 1000)) == ("finalized", 1000, 0, 0, 3000)

    def test_a_limited_guest_earns(self) -> None:
        guest = a_cafe().guest(status="limited")
        assert guest.finalize(a_check(9000)).earned_minor == 450

    def test_a_check_number_nobody_knows_does_not_stop_a_paid_receipt(self) -> None:
        guest = a_cafe().guest()
        assert guest.finalize(a_check(9000), check_id=10**9).earned_minor == 450

    def test_promotional_bonuses_are_good_to_the_end_of_their_last_day_in_the_cafes_zone(self) -> None:
        guest = a_cafe(program=rules(credit={"lifetime_days": 30})).guest()
        closed_at = datetime(2026, 9, 1, 22, 30, tzinfo=UTC)  # in Kyiv it is the 2nd already
        guest.finalize(a_check(9000), now=closed_at)
        assert guest.cafe.rows("SELECT amount_minor, expires_on, expires_at FROM ledger.lot") == [
            (450, date(2026, 10, 2), datetime(2026, 10, 2, 21, 0, tzinfo=UTC))
        ]

    def test_the_salesperson_is_kept(self) -> None:
        guest = a_cafe().guest()
        guest.finalize(a_check(), salesperson=SalespersonAtTill(external_id="7", name="Ivan"))
        assert guest.cafe.rows("SELECT salesperson_external_id, salesperson_name FROM checks.check") == [("7", "Ivan")]


class TestRepeats:
    def test_the_same_request_gets_the_same_answer(self) -> None:
        guest = a_cafe().guest(12_000)
        guest.reserve(a_check(9000), 4000)
        request = guest.finalize_request(a_check(9000), 4000)
        first = finalize_check(request, now=NOON)
        again = finalize_check(request, now=NOON + timedelta(days=2))
        assert again == replace(first, replayed=True)
        assert guest.balance == (8250, 8250)

    def test_another_request_about_the_same_receipt_gets_the_same_answer(self) -> None:
        guest = a_cafe().guest(12_000)
        first = guest.finalize(a_check(9000), 4000)
        guest.finalize(a_check(2000, external_id="2"))
        assert guest.finalize(a_check(9000), 4000) == replace(first, replayed=True)

    def test_the_receipt_stays_closed_after_its_keys_were_pruned(self) -> None:
        guest = a_cafe().guest()
        request = guest.finalize_request(a_check(9000))
        first = finalize_check(request, now=NOON)
        leave_business()
        assert prune_idempotency_keys(now=NOON + timedelta(days=6)) == 0
        assert prune_idempotency_keys(now=NOON + timedelta(days=8)) == 1
        assert finalize_check(request, now=NOON + timedelta(days=8)) == replace(first, replayed=True)
        assert guest.balance == (450, 450)

    @pytest.mark.parametrize(
        ("amount_minor", "redeemed_minor", "members"),
        [(9001, 4000, {}), (9000, 3999, {}), (9000, 4000, {"closed_without_payment": True})],
    )
    def test_another_content_is_refused_and_what_was_posted_stays(
        self, amount_minor: int, redeemed_minor: int, members: dict[str, bool]
    ) -> None:
        guest = a_cafe().guest(12_000)
        guest.finalize(a_check(9000), 4000)
        with pytest.raises(CheckMismatch):
            guest.finalize(a_check(amount_minor), redeemed_minor, **members)
        assert guest.balance == (8250, 8250)

    def test_another_guest_is_refused(self) -> None:
        cafe = a_cafe()
        guest, other = cafe.guest(12_000), cafe.guest(12_000)
        guest.finalize(a_check(9000), 4000)
        with pytest.raises(CheckMismatch):
            other.finalize(a_check(9000), 4000)
        assert (guest.balance, other.balance) == ((8250, 8250), (12_000, 12_000))

    def test_the_same_key_with_another_receipt_is_refused(self) -> None:
        guest = a_cafe().guest()
        caller = guest.cafe.caller("key-1")
        guest.finalize(a_check(9000), caller=caller)
        with pytest.raises(IdempotencyMismatch):
            guest.finalize(a_check(9000, external_id="2"), caller=caller)

    def test_the_number_of_another_check_is_a_mix_up(self) -> None:
        guest = a_cafe().guest(12_000)
        other = guest.reserve(a_check(9000, external_id="2"), 1000)
        with pytest.raises(CheckMismatch):
            guest.finalize(a_check(9000), check_id=other.check_id)


class TestRefused:
    def test_a_guest_of_another_business_is_unknown(self) -> None:
        stranger = a_cafe("other").guest(4000)
        leave_business()
        here = a_cafe("kava")
        leave_business()
        with pytest.raises(CustomerUnknown):
            replace(stranger, cafe=here).finalize(a_check(9000))

    def test_another_currency_is_refused(self) -> None:
        guest = a_cafe().guest()
        with pytest.raises(CurrencyMismatch):
            guest.finalize(a_check(9000, currency="PLN"))


class TestCancelCheck:
    def test_frees_the_points_and_may_be_repeated(self) -> None:
        guest = a_cafe().guest(4000)
        reserved = guest.reserve(a_check(), 3000)
        for _ in range(2):
            done = cancel_check(CancelCheck(caller=guest.cafe.caller(), external_id="1506511064579"), now=NOON)
            assert (done.check_id, done.status) == (reserved.check_id, "cancelled")
        assert guest.balance == (4000, 4000)

    def test_nothing_there_is_fine(self) -> None:
        cafe = a_cafe()
        done = cancel_check(CancelCheck(caller=cafe.caller(), external_id="404"), now=NOON)
        assert (done.check_id, done.status, done.replayed) == (None, "cancelled", False)

    def test_a_paid_check_is_refused(self) -> None:
        guest = a_cafe().guest(4000)
        done = guest.finalize(a_check(), 1000)
        with pytest.raises(CheckFinalized):
            cancel_check(CancelCheck(caller=guest.cafe.caller(), check_id=done.check_id), now=NOON)

    def test_a_check_of_another_business_is_not_there(self) -> None:
        guest = a_cafe("other").guest(4000)
        reserved = guest.reserve(a_check(), 3000)
        leave_business()
        here = a_cafe("kava")
        leave_business()
        done = cancel_check(CancelCheck(caller=here.caller(), check_id=reserved.check_id), now=NOON)
        assert done.check_id is None
        leave_business()
        assert guest.balance == (4000, 1000)

    def test_the_guest_may_come_back(self) -> None:
        guest = a_cafe().guest(4000)
        reserved = guest.reserve(a_check(), 3000)
        cancel_check(CancelCheck(caller=guest.cafe.caller(), check_id=reserved.check_id), now=NOON)
        assert guest.reserve(a_check(), 2000).check_id == reserved.check_id
        assert guest.balance == (4000, 2000)


class TestExpireReservations:
    def test_records_what_lapsed_once_and_changes_no_balance(self) -> None:
        guest = a_cafe().guest(4000)
        guest.reserve(a_check(), 3000)
        guest.scanned_again().reserve(a_check(external_id="2"), 500, now=NOON + timedelta(minutes=20))
        at = NOON + timedelta(minutes=31)
        before = guest.balance_at(at)
        leave_business()
        assert [expire_reservations(now=at), expire_reservations(now=at)] == [1, 0]
        assert guest.balance_at(at) == before == (4000, 3500)
        assert guest.cafe.rows("SELECT status FROM checks.check ORDER BY id") == [("expired",), ("reserved",)]
        assert guest.cafe.rows("SELECT resolution, resolved_at FROM ledger.hold ORDER BY id") == [
            ("expired", NOON + timedelta(minutes=30)), (None, None),
        ]  # fmt: skip

    def test_an_expired_reservation_still_posts_what_was_promised(self) -> None:
        guest = a_cafe().guest(4000)
        guest.reserve(a_check(), 3000)
        guest.cafe.publish(rules(earn="10"))
        late = NOON + timedelta(hours=1)
        leave_business()
        expire_reservations(now=late)
        assert amounts(guest.finalize(a_check(), 3000, now=late)) == ("finalized", 3000, 300, 0, 1300)
