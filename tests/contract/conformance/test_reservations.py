"""Reservations: points set aside for one receipt until it is paid or cancelled."""

from __future__ import annotations

import pytest
from guest import Bonus, Guest
from preconditions import Ground


def test_a_reservation_sets_points_aside_and_takes_none(spender: Guest) -> None:
    of, before = spender.receipt(), spender.bonus()
    most_minor = spender.redeemable(of)
    reserved = spender.reserve(of, most_minor).must(201)
    assert reserved["hold_expires_at"]
    assert spender.bonus() == Bonus(
        balance_minor=before.balance_minor, available_minor=before.available_minor - most_minor
    )


def test_a_later_reservation_of_a_receipt_replaces_the_earlier(spender: Guest) -> None:
    of, before = spender.receipt(), spender.bonus()
    most_minor = spender.redeemable(of)
    first = spender.reserve(of, most_minor).must(201)
    second = spender.reserve(of, most_minor // 2).must(201)
    assert second["check_id"] == first["check_id"]
    assert spender.bonus().available_minor == before.balance_minor - most_minor // 2


def test_points_that_are_set_aside_are_not_offered_to_another_receipt(spender: Guest) -> None:
    of = spender.receipt()
    spender.reserve(of, spender.redeemable(of)).must(201)
    available_minor = spender.bonus().available_minor
    other = spender.quote(spender.receipt(10**9)).must(200)
    assert other["redeem_max_minor"] <= available_minor


def test_a_check_that_changed_since_its_quote_is_not_reserved(spender: Guest) -> None:
    of, before = spender.receipt(), spender.bonus()
    seen = spender.quote(of, 1).must(200)["check_hash"]
    changed = {**of, "total_minor": of["total_minor"] - 1}
    spender.reserve(changed, 1, check_hash=seen).must_refuse(409, "quote-changed")
    assert spender.bonus() == before
    assert spender.cancel(external_id=of["external_id"]).must(200)["check_id"] is None


def test_a_balance_that_changed_since_the_quote_asks_for_another(spender: Guest) -> None:
    of = spender.receipt()
    seen = spender.quote(of, 1).must(200)["check_hash"]
    spender.collect()
    spender.reserve(of, 1, check_hash=seen).must_refuse(409, "quote-changed")


@pytest.mark.parametrize("by", ["check_id", "external_id"])
def test_cancelling_gives_the_points_back_and_may_be_repeated(spender: Guest, by: str) -> None:
    of, before = spender.receipt(), spender.bonus()
    reserved = spender.reserve(of, spender.redeemable(of)).must(201)
    which = {"check_id": reserved["check_id"], "external_id": of["external_id"]}[by]
    for _ in range(2):
        cancelled = spender.cancel(**{by: which}).must(200)
        assert cancelled == {"check_id": reserved["check_id"], "status": "cancelled"}
    assert spender.bonus() == before


def test_cancelling_nothing_is_fine(newcomer: Guest) -> None:
    cancelled = newcomer.cancel(external_id=newcomer.receipt()["external_id"]).must(200)
    assert cancelled == {"check_id": None, "status": "cancelled"}


def test_a_cancelled_check_may_be_reserved_and_paid_after_all(spender: Guest) -> None:
    of, before = spender.receipt(), spender.bonus()
    most_minor = spender.redeemable(of)
    spender.reserve(of, most_minor).must(201)
    spender.cancel(external_id=of["external_id"]).must(200)
    again = spender.reserve(of, most_minor).must(201)
    posted = spender.finalize(of, most_minor, check_id=again["check_id"]).must(200)
    assert posted["unbacked_minor"] == 0
    assert posted["balance_minor"] == before.balance_minor - most_minor + posted["earned_minor"]


def test_a_paid_check_is_neither_reserved_nor_cancelled(guest: Guest) -> None:
    of = guest.receipt()
    posted = guest.finalize(of).must(200)
    guest.reserve(of, 0).must_refuse(409, "check-finalized")
    guest.cancel(check_id=posted["check_id"]).must_refuse(409, "check-finalized")
    guest.cancel(external_id=of["external_id"]).must_refuse(409, "check-finalized")
    assert guest.bonus().balance_minor == posted["balance_minor"]


def test_where_a_code_is_needed_it_is_asked_for_and_nothing_is_set_aside(ground: Ground, guest: Guest) -> None:
    if not ground.code_needed:
        pytest.skip("the program in force asks for no code")
    of, before = guest.receipt(), guest.bonus()
    most_minor = guest.redeemable(of)
    quote = guest.quote(of, most_minor).must(200)
    assert (quote["confirmation"]["channel"], "@" in quote["confirmation"]["masked"]) == ("email", True)
    assert guest.email not in quote["confirmation"]["masked"], "the address is masked"
    asked = guest.reserve(of, most_minor).must_refuse(409, "confirmation-required")["confirmation"]
    assert asked["masked"] == quote["confirmation"]["masked"]
    assert guest.bonus() == before
    again = {"customer_id": guest.customer_id, "external_id": of["external_id"], "redeem_minor": most_minor}
    problem = guest.till.post("confirmations", again)
    assert 0 < problem.must_refuse(429, "resend-too-soon")["retry_after_s"] <= asked["resend_after_s"]
    assert problem.headers["Retry-After"] == str(problem.body["retry_after_s"])
