"""Given a guest and a check, when the till asks, then these amounts; and nothing is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from incust.businesses.terminal_access import KeyUnknown
from incust.checks.problems import CurrencyMismatch, RedeemAboveLimit
from incust.customers.problems import ConfirmationRequired, CustomerUnknown, ReplayedRequest
from incust.engine.outcome import RedeemBlocked
from incust.engine.program import Confirmation
from incust.programs.problems import ProgramMissing

from .factories import NOON, Guest, a_cafe, a_check, leave_business, rules

pytestmark = pytest.mark.django_db


class TestQuoteCheck:
    def test_offers_the_most_and_says_what_will_be_earned(self) -> None:
        guest = a_cafe().guest(4000)
        quote = guest.quote(a_check(9000))
        outcome = quote.outcome
        assert (outcome.redeem_max_minor, outcome.redeem_minor, outcome.due_minor) == (4000, 4000, 5000)
        assert (outcome.earn_minor, outcome.earn_without_redeem_minor) == (250, 450)
        assert (quote.program.number, quote.balance_minor, quote.confirmation_required) == (1, 4000, False)

    def test_writes_nothing(self) -> None:
        guest = a_cafe().guest(4000)
        guest.quote(a_check(9000))
        for table in ("checks.check", "customers.stored_answer", "ledger.hold"):
            assert guest.cafe.rows(f"SELECT count(*) FROM {table}") == [(0,)]

    def test_a_guest_without_an_account_has_nothing_to_redeem(self) -> None:
        outcome = a_cafe().guest().quote(a_check(9000)).outcome
        assert (outcome.redeem_blocked, outcome.earn_minor) == (RedeemBlocked.NO_BALANCE, 450)

    def test_points_held_for_this_check_count_as_free_for_it_alone(self) -> None:
        guest = a_cafe().guest(4000)
        guest.reserve(a_check(9000), 3000)
        assert guest.quote(a_check(9000)).outcome.redeem_max_minor == 4000
        assert guest.scanned_again().quote(a_check(9000, external_id="2")).outcome.redeem_max_minor == 1000

    def test_a_strong_identification_is_strong_for_the_first_check_that_reserves_with_it(self) -> None:
        guest = a_cafe().guest(4000, email="olena@example.org")
        assert not guest.quote(a_check(9000)).confirmation_required
        guest.reserve(a_check(9000), 1000)
        guest.reserve(a_check(8000), 1500)  # the same receipt, changed: still his
        assert not guest.quote(a_check(9000)).confirmation_required
        assert guest.quote(a_check(9000, external_id="2")).confirmation_required
        with pytest.raises(ConfirmationRequired):
            guest.reserve(a_check(9000, external_id="2"), 1000)
        assert not guest.scanned_again().quote(a_check(9000, external_id="2")).confirmation_required

    @pytest.mark.parametrize(("minutes", "required"), [(119, False), (120, True)])
    def test_a_strong_identification_is_strong_for_two_hours(self, minutes: int, required: bool) -> None:
        guest = a_cafe().guest(4000, email="olena@example.org")
        later = NOON + timedelta(minutes=minutes)
        assert guest.quote(a_check(9000), now=later).confirmation_required == required

    def test_the_hash_changes_with_check_program_and_balance(self) -> None:
        guest = a_cafe().guest(4000)
        seen = guest.quote(a_check(9000)).quote_hash
        assert guest.quote(a_check(9000), 100).quote_hash == seen
        assert guest.quote(a_check(9001)).quote_hash != seen
        guest.finalize(a_check(2000, external_id="2"))
        after_balance = guest.quote(a_check(9000)).quote_hash
        assert after_balance != seen
        guest.cafe.publish(rules(earn="6"))
        assert guest.quote(a_check(9000)).quote_hash not in (seen, after_balance)

    def test_more_than_the_limit_is_refused_with_the_limit(self) -> None:
        guest = a_cafe().guest(4000)
        with pytest.raises(RedeemAboveLimit) as refused:
            guest.quote(a_check(9000), 4001)
        assert refused.value.members == {"redeem_max_minor": 4000}

    def test_another_currency_is_refused(self) -> None:
        guest = a_cafe().guest(4000)
        with pytest.raises(CurrencyMismatch, match="currency-mismatch") as refused:
            guest.quote(a_check(9000, currency="PLN"))
        assert refused.value.members == {"currency": "UAH"}

    def test_a_guest_of_another_business_is_unknown(self) -> None:
        stranger = a_cafe("other").guest(4000)
        leave_business()
        here = a_cafe("kava")
        leave_business()
        with pytest.raises(CustomerUnknown):
            replace(stranger, cafe=here).quote(a_check(9000))

    def test_an_unpublished_program_is_missing(self) -> None:
        guest = a_cafe(published=False).guest()
        with pytest.raises(ProgramMissing):
            guest.quote(a_check(9000))

    def test_an_unknown_key_is_not_let_in(self) -> None:
        guest = a_cafe().guest()
        with pytest.raises(KeyUnknown):
            guest.quote(a_check(), caller=replace(guest.cafe.caller(), key_hash=b"?" * 32))

    def test_a_signed_read_is_answered_once(self) -> None:
        guest = a_cafe().guest()
        caller = guest.cafe.register("a" * 32)
        guest.quote(a_check(), caller=caller)
        with pytest.raises(ReplayedRequest):
            guest.quote(a_check(), caller=caller)


class TestConfirmation:
    def test_weak_identification_needs_a_code_by_the_channel_that_reaches_him(self) -> None:
        guest = a_cafe().guest(4000, strength="weak", email="olena@example.org")
        quote = guest.quote(a_check(9000))
        assert quote.confirmation_required
        assert quote.confirmation_channel is not None
        assert (quote.confirmation_channel.name, quote.confirmation_channel.masked) == ("email", "o•••@example.org")

    def test_redeeming_nothing_needs_none(self) -> None:
        guest = a_cafe().guest(4000, strength="weak", email="olena@example.org")
        quote = guest.quote(a_check(9000), 0)
        assert (quote.confirmation_required, quote.confirmation_channel) == (False, None)

    def test_who_cannot_be_reached_redeems_nothing(self) -> None:
        quote = a_cafe().guest(4000, strength="weak").quote(a_check(9000))
        assert quote.outcome.redeem_blocked is RedeemBlocked.NO_CONFIRMATION_CHANNEL
        assert quote.blocked_sentence == "The guest has no email address or phone that a code could be sent to."

    def test_who_cannot_be_reached_redeems_up_to_the_limit_of_the_program(self) -> None:
        program = rules(confirmation=Confirmation.ABOVE_LIMIT, confirmation_limit_minor=1500)
        outcome = a_cafe(program=program).guest(4000, strength="weak").quote(a_check(9000)).outcome
        assert (outcome.redeem_max_minor, outcome.redeem_blocked) == (1500, None)

    def test_an_identification_at_another_terminal_is_weak(self) -> None:
        guest: Guest = a_cafe().guest(4000, email="olena@example.org")
        assert guest.quote(a_check(9000), caller=guest.cafe.register()).confirmation_required
