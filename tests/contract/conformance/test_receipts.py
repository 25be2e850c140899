"""Receipts: what a closed receipt was reduced by is taken, and what it earned is credited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from guest import Guest
from receipts import closed_now


def test_a_receipt_closed_with_less_than_was_reserved_gives_the_rest_back(spender: Guest) -> None:
    of, before = spender.receipt(), spender.bonus()
    most_minor = spender.redeemable(of)
    check_id = spender.reserve(of, most_minor).must(201)["check_id"]
    posted = spender.finalize(of, most_minor // 2, check_id=check_id).must(200)
    assert (posted["redeemed_minor"], posted["unbacked_minor"]) == (most_minor // 2, 0)
    assert posted["balance_minor"] == before.balance_minor - most_minor // 2 + posted["earned_minor"]
    assert spender.bonus().available_minor == posted["balance_minor"], "nothing stays set aside"


def test_a_receipt_reduced_by_more_than_was_reserved_takes_that_from_the_balance(spender: Guest) -> None:
    of, before = spender.receipt(), spender.bonus()
    most_minor = spender.redeemable(of)
    check_id = spender.reserve(of, most_minor // 2).must(201)["check_id"]
    posted = spender.finalize(of, most_minor, check_id=check_id).must(200)
    assert (posted["redeemed_minor"], posted["unbacked_minor"]) == (most_minor, 0)
    assert posted["balance_minor"] == before.balance_minor - most_minor + posted["earned_minor"]
    assert spender.bonus().available_minor == posted["balance_minor"]


def test_a_receipt_redeemed_on_without_reservation_takes_what_the_balance_has(guest: Guest) -> None:
    of, before = guest.receipt(), guest.bonus()
    most_minor = guest.redeemable(of)
    posted = guest.finalize(of, most_minor).must(200)
    assert (posted["redeemed_minor"], posted["unbacked_minor"]) == (most_minor, 0)
    assert posted["balance_minor"] == before.balance_minor - most_minor + posted["earned_minor"]
    assert guest.bonus().balance_minor == posted["balance_minor"]


def test_what_the_balance_does_not_cover_is_no_debt_of_the_guest(guest: Guest) -> None:
    before = guest.bonus()
    redeemed_minor = before.balance_minor + 700
    of = guest.receipt(2 * redeemed_minor)
    posted = guest.finalize(of, redeemed_minor).must(200)
    assert (posted["redeemed_minor"], posted["unbacked_minor"]) == (redeemed_minor, 700)
    assert posted["balance_minor"] == posted["earned_minor"]
    assert guest.bonus().balance_minor == posted["balance_minor"] >= 0


def test_a_guest_pays_at_most_the_total_of_his_receipt(guest: Guest) -> None:
    before, of = guest.bonus(), guest.receipt(100)
    posted = guest.finalize(of, 150).must(200)
    assert (posted["redeemed_minor"], posted["unbacked_minor"]) == (150, 50)
    assert posted["balance_minor"] == before.balance_minor - 100 + posted["earned_minor"]


def test_points_set_aside_for_another_receipt_are_not_taken(spender: Guest) -> None:
    of, before = spender.receipt(), spender.bonus()
    held_minor = spender.redeemable(of)
    spender.reserve(of, held_minor).must(201)
    posted = spender.finalize(spender.receipt(2 * before.balance_minor), before.balance_minor).must(200)
    assert posted["unbacked_minor"] == held_minor
    assert posted["balance_minor"] == held_minor + posted["earned_minor"]


def test_a_receipt_closed_without_payment_moves_nothing_and_gives_the_points_back(spender: Guest) -> None:
    of, before = spender.receipt(), spender.bonus()
    check_id = spender.reserve(of, spender.redeemable(of)).must(201)["check_id"]
    report = {"check_id": check_id, "closed_without_payment": True, "closed_at": closed_now()}
    for _ in range(2):
        closed = spender.finalize(of, **report).must(200)
        assert {name: closed[name] for name in ("status", "redeemed_minor", "earned_minor", "unbacked_minor")} == {
            "status": "released", "redeemed_minor": 0, "earned_minor": 0, "unbacked_minor": 0,
        }  # fmt: skip
        assert closed["balance_minor"] == before.balance_minor
    assert spender.bonus() == before


def test_a_receipt_closed_without_payment_may_be_paid_after_all(guest: Guest) -> None:
    of, before = guest.receipt(), guest.bonus()
    guest.finalize(of, closed_without_payment=True).must(200)
    paid = guest.finalize(of).must(200)
    assert (paid["status"], paid["earned_minor"] > 0) == ("finalized", True)
    assert guest.bonus().balance_minor == before.balance_minor + paid["earned_minor"]


def test_the_paid_receipt_is_not_closed_without_payment_afterwards(guest: Guest) -> None:
    of = guest.receipt()
    paid = guest.finalize(of).must(200)
    guest.finalize(of, closed_without_payment=True).must_refuse(409, "check-mismatch")
    assert guest.bonus().balance_minor == paid["balance_minor"]


def test_what_the_tills_own_bonuses_paid_is_no_money(guest: Guest) -> None:
    """What the till's own bonuses paid is no money and earns as little as ours."""
    of = guest.receipt()
    quote = guest.quote(of).must(200)
    whole_minor = quote["earn_without_redeem_minor"]
    if quote["earn_minor"] == whole_minor:
        pytest.skip("the program in force credits what is paid with bonuses as well")
    payment = {"cash_minor": 0, "card_minor": 0, "other_minor": 0, "poster_bonus_minor": of["total_minor"]}
    posted = guest.finalize(of, payment=payment).must(200)
    assert posted["earned_minor"] < whole_minor


def test_a_receipt_told_a_month_late_counts_all_the_same(newcomer: Guest) -> None:
    closed_at = (datetime.now(UTC) - timedelta(days=30)).isoformat()
    posted = newcomer.finalize(newcomer.receipt(), closed_at=closed_at).must(200)
    assert newcomer.bonus().balance_minor == posted["earned_minor"] > 0


def test_the_number_of_another_check_is_a_mix_up(guest: Guest) -> None:
    other = guest.finalize(guest.receipt()).must(200)
    of = guest.receipt()
    guest.finalize(of, check_id=other["check_id"]).must_refuse(409, "check-mismatch")
    assert guest.bonus().balance_minor == other["balance_minor"]
    guest.finalize(of).must(200)
