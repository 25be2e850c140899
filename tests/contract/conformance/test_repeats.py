"""Repeats: a request or a receipt that comes again has the effect of one."""

from __future__ import annotations

from typing import Any

import pytest
from guest import Guest
from till import new_key


def test_a_receipt_repeated_with_its_key_gives_the_stored_answer(guest: Guest) -> None:
    key, body = new_key(), guest.report(guest.receipt())
    first = guest.till.post("checks/finalize", body, key=key)
    second = guest.till.post("checks/finalize", body, key=key)
    assert second.must(200) == first.must(200)
    assert (first.replayed, second.replayed) == (False, True), "the header Idempotent-Replay says which is which"
    assert guest.bonus().balance_minor == first.body["balance_minor"]


def test_a_receipt_repeated_with_another_key_gives_the_same_answer(guest: Guest) -> None:
    body = guest.report(guest.receipt())
    first, second, third = (guest.till.post("checks/finalize", body).must(200) for _ in range(3))
    assert first == second == third
    assert guest.bonus().balance_minor == first["balance_minor"]


def test_a_repeat_is_answered_as_it_was_although_the_balance_moved_on(guest: Guest) -> None:
    key, body = new_key(), guest.report(guest.receipt())
    first = guest.till.post("checks/finalize", body, key=key).must(200)
    later = guest.collect()
    for repeated_with in (key, new_key()):
        assert guest.till.post("checks/finalize", body, key=repeated_with).must(200) == first
    assert guest.bonus().balance_minor == later["balance_minor"]


def test_the_same_key_with_another_input_is_refused_and_changes_nothing(guest: Guest) -> None:
    key = new_key()
    first = guest.finalize(guest.receipt(), key=key).must(200)
    guest.finalize(guest.receipt(), key=key).must_refuse(409, "idempotency-mismatch")
    assert guest.bonus().balance_minor == first["balance_minor"]


def test_one_key_does_not_serve_two_operations(guest: Guest) -> None:
    key = new_key()
    posted = guest.finalize(guest.receipt(), key=key).must(200)
    guest.cancel(external_id=guest.receipt()["external_id"], key=key).must_refuse(409, "idempotency-mismatch")
    path = f"customers/{guest.customer_id}/profile"
    guest.till.post(path, {"name": "Another"}, key=key).must_refuse(409, "idempotency-mismatch")
    assert guest.bonus().balance_minor == posted["balance_minor"]


def test_a_refusal_leaves_its_key_free(guest: Guest) -> None:
    of, key = guest.receipt(), new_key()
    guest.reserve(of, 0, check_hash="of no quote", key=key).must_refuse(409, "quote-changed")
    answer = guest.reserve(of, 0, key=key)
    assert (answer.must(201)["redeem_minor"], answer.replayed) == (0, False)


@pytest.mark.parametrize("change", ["total", "lines", "redeemed", "guest"])
def test_a_paid_receipt_told_with_another_content_stays_as_it_was(guest: Guest, change: str) -> None:
    of = guest.receipt()
    posted = guest.finalize(of).must(200)
    other: dict[str, Any] = guest.report(of)
    if change == "total":
        other["check"] = {**of, "total_minor": of["total_minor"] + 500}
    elif change == "lines":
        other["check"] = {**of, "lines": of["lines"][:1]}
    elif change == "redeemed":
        other["redeemed_minor"] = 1
    else:
        body = guest.till.post("customers", {"email": f"other-{guest.email}", "consent": True}).must(201)
        other["customer_id"] = body["customer"]["id"]
    guest.till.post("checks/finalize", other).must_refuse(409, "check-mismatch")
    assert guest.bonus().balance_minor == posted["balance_minor"]
    assert guest.till.post("checks/finalize", guest.report(of)).must(200) == posted


def test_a_reservation_repeated_with_its_key_gives_the_stored_answer(spender: Guest) -> None:
    of, before = spender.receipt(), spender.bonus()
    most_minor = spender.redeemable(of)
    seen, key = spender.quote(of, most_minor).must(200)["check_hash"], new_key()
    first, second = (spender.reserve(of, most_minor, check_hash=seen, key=key) for _ in range(2))
    assert second.must(201) == first.must(201)
    assert (first.replayed, second.replayed) == (False, True)
    assert spender.bonus().available_minor == before.available_minor - most_minor, "set aside once"


def test_a_late_repeat_of_a_reservation_does_not_hold_the_points_of_a_paid_receipt(spender: Guest) -> None:
    of = spender.receipt()
    most_minor = spender.redeemable(of)
    seen, key = spender.quote(of, most_minor).must(200)["check_hash"], new_key()
    reserved = spender.reserve(of, most_minor, check_hash=seen, key=key).must(201)
    posted = spender.finalize(of, most_minor, check_id=reserved["check_id"]).must(200)
    assert spender.reserve(of, most_minor, check_hash=seen, key=key).must(201) == reserved
    assert spender.bonus().available_minor == posted["balance_minor"]


def test_a_cancellation_repeated_with_its_key_gives_the_stored_answer(spender: Guest) -> None:
    of, key = spender.receipt(), new_key()
    most_minor = spender.redeemable(of)
    spender.reserve(of, most_minor).must(201)
    first = spender.cancel(external_id=of["external_id"], key=key)
    again = spender.reserve(of, most_minor).must(201)
    second = spender.cancel(external_id=of["external_id"], key=key)
    assert second.must(200) == first.must(200)
    assert (first.replayed, second.replayed) == (False, True)
    balance = spender.bonus()
    assert balance.available_minor == balance.balance_minor - most_minor, "the repeat does not cancel what came after"
    assert again["check_id"] == first.body["check_id"]


def test_a_till_that_hung_up_before_the_answer_finds_the_effect_of_one(guest: Guest) -> None:
    of, before = guest.receipt(), guest.bonus()
    earn_minor = guest.quote(of, 0).must(200)["earn_minor"]
    key, body = new_key(), guest.report(of)
    for _ in range(3):
        guest.till.send_and_hang_up("checks/finalize", body, key=key)
    posted = guest.till.post("checks/finalize", body, key=key).must(200)
    assert (posted["earned_minor"], posted["balance_minor"]) == (earn_minor, before.balance_minor + earn_minor)
    assert guest.bonus().balance_minor == before.balance_minor + earn_minor


def test_a_request_that_broke_off_half_way_is_nothing_and_may_be_repeated(guest: Guest) -> None:
    of, before = guest.receipt(), guest.bonus()
    key, body = new_key(), guest.report(of)
    guest.till.send_half("checks/finalize", body, key=key)
    assert guest.bonus() == before
    posted = guest.till.post("checks/finalize", body, key=key)
    assert (posted.must(200)["status"], posted.replayed) == ("finalized", False)
