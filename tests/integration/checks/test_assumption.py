"""Given a till that was answered before, when a receipt was never reserved, what is assumed of it changes nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from incust.checks import assumption
from incust.customers.problems import CustomerUnknown

from .factories import NOON, Cafe, Guest, a_cafe, a_check, leave_business, rules

pytestmark = pytest.mark.django_db


def a_cafe_known(program: Any = None) -> Cafe:
    """Its till was answered once."""
    cafe = a_cafe(program=program) if program else a_cafe()
    cafe.guest().finalize(a_check(9000, external_id="first"))
    return cafe


def outcome(guest: Guest, external_id: str = "second") -> dict[str, Any]:
    """What is kept of a receipt over 90.00 that only collects."""
    guest.finalize(a_check(9000, external_id=external_id))
    [(kept,)] = guest.cafe.rows("SELECT outcome FROM checks.check WHERE external_id = %s", external_id)
    loaded: dict[str, Any] = json.loads(kept) if isinstance(kept, str) else kept
    return loaded


def rightly(guest: Guest, minor: int, status: str = "full", now: Any = NOON) -> bool:
    [(holds,)] = guest.cafe.rows(
        "SELECT checks.assumed_rightly(%s, %s, 'UAH', jsonb_build_object('customer_status', %s::text,"
        " 'available_min_minor', %s::bigint), %s)",
        guest.cafe.business_id, guest.id, status, minor, now,
    )  # fmt: skip
    return bool(holds)


def test_one_call_keeps_what_two_keep() -> None:
    cafe = a_cafe(name="never-asked")
    guest = cafe.guest(12_000)
    assert assumption.assumed_context(cafe.caller(), a_check(9000)) is None
    by_two_calls = outcome(guest, "first")
    assert assumption.assumed_context(cafe.caller(), a_check(9000)) is not None
    assert outcome(guest, "second") == by_two_calls
    assert guest.balance == (12_900, 12_900)


def test_a_guest_with_fewer_points_is_told_what_he_could_have_redeemed() -> None:
    kept = outcome(a_cafe_known().guest(100))
    assert (kept["redeem_max_minor"], kept["earn_minor"]) == (100, 450)


def test_held_points_are_none_he_could_have_redeemed() -> None:
    guest = a_cafe_known().guest(12_000)
    guest.reserve(a_check(20_000, external_id="other"), 10_000)
    assert outcome(guest)["redeem_max_minor"] == 2000


def test_a_status_that_does_not_redeem_is_seen() -> None:
    kept = outcome(a_cafe_known().guest(12_000, status="limited"))
    assert (kept["redeem_max_minor"], kept["redeem_blocked"], kept["earn_minor"]) == (0, "limited-status", 450)


def test_a_status_that_collects_nothing_is_seen() -> None:
    guest = a_cafe_known().guest(12_000, status="none")
    assert outcome(guest)["earn_minor"] == 0
    assert guest.balance == (12_000, 12_000)


def test_a_program_that_was_published_meanwhile_counts() -> None:
    cafe = a_cafe_known()
    guest = cafe.guest(12_000)
    cafe.publish(rules(earn="10"))
    assert outcome(guest)["earn_minor"] == 900
    assert guest.balance == (12_900, 12_900)


def test_an_unknown_guest_stays_unknown() -> None:
    cafe = a_cafe_known()
    stranger = Guest(cafe=cafe, id=10**12, identification_id=None)
    with pytest.raises(CustomerUnknown):
        stranger.finalize(a_check(9000, external_id="second"))
    leave_business()
    assert cafe.rows("SELECT count(*) FROM checks.check") == [(1,)]


def test_a_process_remembers_a_bounded_number_of_tills(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assumption, "CALLERS_MAX", 1)
    first, second = a_cafe_known(), a_cafe(name="other")
    second.guest().finalize(a_check(9000))
    assert assumption.assumed_context(first.caller(), a_check(9000)) is None
    assert assumption.assumed_context(second.caller(), a_check(9000)) is not None


def test_a_version_that_is_gone_is_forgotten() -> None:
    cafe = a_cafe()
    assumption.remember(cafe.caller(), {"business_id": cafe.business_id, "program_version_id": 10**12})
    assert outcome(cafe.guest(12_000))["earn_minor"] == 450


class TestAssumedRightly:
    def test_needs_at_least_so_much(self) -> None:
        guest = a_cafe().guest(4500)
        assert (rightly(guest, 4500), rightly(guest, 4501)) == (True, False)

    def test_needs_the_very_status(self) -> None:
        assert rightly(a_cafe().guest(4500, status="limited"), 0) is False

    def test_takes_a_guest_without_an_account_for_one_with_nothing(self) -> None:
        guest = a_cafe().guest()
        assert (rightly(guest, 0), rightly(guest, 1)) == (True, False)

    def test_doubts_where_a_lot_has_expired(self) -> None:
        guest = a_cafe(program=rules(credit={"lifetime_days": 30})).guest()
        guest.finalize(a_check(9000))
        assert rightly(guest, 450) is True
        assert rightly(guest, 450, now=NOON + timedelta(days=40)) is False


def test_what_was_learnt_of_one_database_is_not_assumed_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    cafe = a_cafe_known()
    assert assumption.assumed_context(cafe.caller(), a_check(9000)) is not None
    monkeypatch.setitem(connection.settings_dict, "NAME", "another")
    assert assumption.assumed_context(cafe.caller(), a_check(9000)) is None
