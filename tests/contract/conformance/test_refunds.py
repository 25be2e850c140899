"""Refunds: told as what has come back so far, so that nothing comes back twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from guest import Guest
from hypothesis import given
from hypothesis import strategies as st
from receipts import generated, generated_receipts, receipt
from test_at_once import at_once
from till import new_key


def sold(guest: Guest, redeemed_minor: int = 0) -> dict[str, Any]:
    """A paid receipt of two lines (two pieces and one) and what was answered to it."""
    return guest.finalize(guest.receipt(), redeemed_minor).must(200)


def test_a_whole_refund_undoes_the_receipt(guest: Guest) -> None:
    before = guest.bonus()
    posted = sold(guest, guest.redeemable(guest.receipt()))
    back = guest.refund(posted["check_id"]).must(200)
    assert (back["check_id"], back["status"]) == (posted["check_id"], "refunded")
    assert back["returned_minor"] == posted["redeemed_minor"] - posted["unbacked_minor"]
    assert back["taken_back_minor"] == posted["earned_minor"]
    assert (back["absorbed_minor"], back["expired_minor"]) == (0, 0)
    assert back["balance_minor"] == before.balance_minor == guest.bonus().balance_minor


def test_a_refund_finds_its_receipt_by_the_orders_key_as_well(guest: Guest) -> None:
    """A refund finds its receipt by the order's key as well."""
    of = guest.receipt()
    posted = guest.finalize(of).must(200)
    back = guest.refund(None, external_id=of["external_id"]).must(200)
    assert (back["check_id"], back["taken_back_minor"]) == (posted["check_id"], posted["earned_minor"])


def test_what_no_balance_covered_does_not_come_back_to_the_guest(guest: Guest) -> None:
    before = guest.bonus()
    redeemed_minor = before.balance_minor + 700
    posted = guest.finalize(guest.receipt(2 * redeemed_minor), redeemed_minor).must(200)
    back = guest.refund(posted["check_id"]).must(200)
    assert back["returned_minor"] == redeemed_minor - 700
    assert back["balance_minor"] == before.balance_minor == guest.bonus().balance_minor


def test_refunds_by_lines_add_up_to_exactly_the_whole(guest: Guest) -> None:
    before = guest.bonus()
    posted = sold(guest, guest.redeemable(guest.receipt()))
    returned = taken = 0
    for target in ({"0": "1.000"}, {"0": "2.000"}, {"1": "1.000"}):
        back = guest.refund(posted["check_id"], target).must(200)
        assert (back["returned_minor"] >= returned, back["taken_back_minor"] >= taken) == (True, True), "only growing"
        returned, taken = back["returned_minor"], back["taken_back_minor"]
        assert back["balance_minor"] == posted["balance_minor"] + returned - taken == guest.bonus().balance_minor
    assert (back["status"], returned, taken) == ("refunded", posted["redeemed_minor"], posted["earned_minor"])
    assert guest.bonus().balance_minor == before.balance_minor


@generated
@given(
    shape=generated_receipts(), part=st.integers(0, 100),
    steps=st.lists(st.lists(st.integers(0, 3), min_size=5, max_size=5), max_size=3),
)  # fmt: skip
def test_refunds_only_grow_and_end_at_the_whole(
    rich: Guest, shape: dict[str, Any], part: int, steps: list[list[int]]
) -> None:
    """Refunds of any receipt only grow, in any order of lines, and end at exactly the whole."""
    of, before = receipt(rich.till.currency, **shape), rich.bonus()
    redeemed_minor = rich.quote(of).must(200)["redeem_max_minor"] * part // 100
    posted = rich.finalize(of, redeemed_minor).must(200)
    returned = taken = 0
    for step in [*steps, [3] * len(of["lines"])]:
        target = {
            each["line_id"]: f"{Decimal(each['quantity']) * thirds / 3:.3f}"
            for each, thirds in zip(of["lines"], step, strict=False)
        }
        back = rich.refund(posted["check_id"], target).must(200)
        assert returned <= back["returned_minor"] <= redeemed_minor
        assert taken <= back["taken_back_minor"] <= posted["earned_minor"]
        returned, taken = back["returned_minor"], back["taken_back_minor"]
        assert back["balance_minor"] == posted["balance_minor"] + returned - taken
    assert (back["status"], returned, taken) == ("refunded", redeemed_minor, posted["earned_minor"])
    assert rich.bonus().balance_minor == before.balance_minor


def test_a_part_comes_back_in_part(guest: Guest) -> None:
    # Half of what may be redeemed, so that money is paid as well and something is earned.
    posted = sold(guest, guest.redeemable(guest.receipt()) // 2)
    back = guest.refund(posted["check_id"], {"0": "1.000"}).must(200)
    assert back["status"] == "partly_refunded"
    assert 0 < back["returned_minor"] < posted["redeemed_minor"]
    assert 0 < back["taken_back_minor"] < posted["earned_minor"]


@pytest.mark.parametrize("target", [None, {"0": "1.000"}], ids=["the whole receipt", "a line"])
def test_the_same_target_told_again_changes_nothing(guest: Guest, target: dict[str, str] | None) -> None:
    posted = sold(guest)
    first, second = (guest.refund(posted["check_id"], target).must(200) for _ in range(2))
    assert second == first
    assert guest.bonus().balance_minor == first["balance_minor"]


def test_less_than_is_known_changes_nothing(guest: Guest) -> None:
    posted = sold(guest)
    latest = guest.refund(posted["check_id"], {"0": "2.000"}).must(200)
    assert guest.refund(posted["check_id"], {"0": "1.000"}).must(200) == latest
    assert guest.refund(posted["check_id"], {"0": "0.000"}).must(200) == latest
    assert guest.bonus().balance_minor == latest["balance_minor"]


def test_a_refund_repeated_with_its_key_gives_the_stored_answer(guest: Guest) -> None:
    posted, key = sold(guest), new_key()
    at = {"refunded_at": "2026-01-31T12:00:00Z"}
    first = guest.refund(posted["check_id"], {"0": "1.000"}, key=key, **at)
    guest.refund(posted["check_id"]).must(200)
    second = guest.refund(posted["check_id"], {"0": "1.000"}, key=key, **at)
    assert second.must(200) == first.must(200)
    assert (first.replayed, second.replayed) == (False, True)
    guest.refund(posted["check_id"], {"1": "1.000"}, key=key, **at).must_refuse(409, "idempotency-mismatch")


def test_the_report_of_a_refunded_receipt_is_still_answered_as_it_was(guest: Guest) -> None:
    key, of = new_key(), guest.receipt()
    body = guest.report(of)
    posted = guest.till.post("checks/finalize", body, key=key).must(200)
    back = guest.refund(posted["check_id"]).must(200)
    for repeated_with in (key, new_key()):
        assert guest.till.post("checks/finalize", body, key=repeated_with).must(200) == posted
    assert guest.bonus().balance_minor == back["balance_minor"], "and nothing is posted again"


def test_equal_refunds_at_once_have_one_effect(guest: Guest) -> None:
    posted = sold(guest, guest.redeemable(guest.receipt()))
    answers = at_once(lambda _number: guest.refund(posted["check_id"], {"0": "1.000"}))
    [first, *others] = [answer.must(200) for answer in answers]
    assert all(other == first for other in others)
    assert guest.bonus().balance_minor == first["balance_minor"]


def test_points_that_were_spent_already_are_never_taken_silently(guest: Guest) -> None:
    # The program says what becomes of them: taken into debt, borne by the business, or the refund is refused.
    posted = guest.collect()
    spent = guest.finalize(guest.receipt(2 * guest.bonus().balance_minor), guest.bonus().balance_minor).must(200)
    left_minor = spent["balance_minor"]
    answer = guest.refund(posted["check_id"])
    if answer.status == 409:
        assert answer.must_refuse(409, "refund-blocked")["short_minor"] > 0
        assert guest.bonus().balance_minor == left_minor, "a refused refund writes nothing"
        answer = guest.refund(posted["check_id"], accomplished=True)
    back = answer.must(200)
    assert back["taken_back_minor"] + back["absorbed_minor"] + back["expired_minor"] == posted["earned_minor"]
    assert guest.bonus().balance_minor == back["balance_minor"] == left_minor - back["taken_back_minor"]


def test_a_reservation_is_honoured_although_a_refund_took_points_meanwhile(spender: Guest) -> None:
    earned = spender.collect()
    of = spender.receipt(10**9)
    held_minor = spender.redeemable(of)
    check_id = spender.reserve(of, held_minor).must(201)["check_id"]
    spender.refund(earned["check_id"], accomplished=True).must(200)
    posted = spender.finalize(of, held_minor, check_id=check_id).must(200)
    assert (posted["redeemed_minor"], posted["unbacked_minor"]) == (held_minor, 0)
    assert spender.bonus().balance_minor == posted["balance_minor"]


def test_one_receipt_is_not_told_by_two_keys_of_different_checks(guest: Guest) -> None:
    posted, other = sold(guest), guest.receipt()
    guest.finalize(other).must(200)
    balance_minor = guest.bonus().balance_minor
    guest.refund(posted["check_id"], external_id=other["external_id"]).must_refuse(404, "check-unknown")
    assert guest.bonus().balance_minor == balance_minor


def test_a_receipt_closed_without_payment_has_nothing_to_give_back(guest: Guest) -> None:
    closed = guest.finalize(guest.receipt(), closed_without_payment=True).must(200)
    back = guest.refund(closed["check_id"]).must(200)
    assert (back["returned_minor"], back["taken_back_minor"]) == (0, 0)
    assert guest.bonus().balance_minor == closed["balance_minor"]


def test_what_is_not_there_or_not_paid_is_not_refunded(spender: Guest) -> None:
    spender.refund(None, external_id=spender.receipt()["external_id"]).must_refuse(404, "check-unknown")
    of = spender.receipt()
    reserved = spender.reserve(of, spender.redeemable(of)).must(201)
    spender.refund(reserved["check_id"]).must_refuse(409, "check-not-final")


def test_lines_and_quantities_of_a_refund_are_those_of_the_receipt(guest: Guest) -> None:
    posted = sold(guest)
    assert guest.refund(posted["check_id"], {"9": "1"}).must_refuse(422, "line-unknown")["line_id"] == "9"
    above = guest.refund(posted["check_id"], {"0": "2.001"}).must_refuse(422, "returned-above-bought")
    assert (above["line_id"], float(above["quantity"])) == ("0", 2.0)
    guest.refund(posted["check_id"], {"0": "-1"}).must_refuse(422, "invalid-input")
    assert guest.bonus().balance_minor == posted["balance_minor"]
