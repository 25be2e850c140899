"""At once: eight tills at the same moment have the effect of one after another."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from guest import Guest
from till import Answer, new_key

CLIENTS = 8


def at_once(act: Callable[[int], Answer]) -> list[Answer]:
    """Run `act` eight times, started by one barrier."""
    barrier = threading.Barrier(CLIENTS)

    def start(number: int) -> Answer:
        barrier.wait()
        return act(number)

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(start, range(CLIENTS)))


def test_equal_reports_with_one_key_post_one_receipt(guest: Guest) -> None:
    of, before, key = guest.receipt(), guest.bonus(), new_key()
    body = guest.report(of)
    answers = at_once(lambda _number: guest.till.post("checks/finalize", body, key=key))
    [first, *others] = [answer.must(200) for answer in answers]
    assert all(other == first for other in others)
    assert sum(not answer.replayed for answer in answers) == 1, "one of them did it"
    assert guest.bonus().balance_minor == before.balance_minor + first["earned_minor"] == first["balance_minor"]


def test_equal_reports_with_different_keys_post_one_receipt(guest: Guest) -> None:
    of, before = guest.receipt(), guest.bonus()
    body = guest.report(of)
    answers = at_once(lambda _number: guest.till.post("checks/finalize", body))
    [first, *others] = [answer.must(200) for answer in answers]
    assert all(other == first for other in others)
    assert guest.bonus().balance_minor == before.balance_minor + first["earned_minor"] == first["balance_minor"]


def test_a_reserved_receipt_reported_by_all_is_captured_once(spender: Guest) -> None:
    of, before = spender.receipt(), spender.bonus()
    most_minor = spender.redeemable(of)
    check_id = spender.reserve(of, most_minor).must(201)["check_id"]
    body = spender.report(of, most_minor, check_id=check_id)
    answers = at_once(lambda _number: spender.till.post("checks/finalize", body))
    [first, *others] = [answer.must(200) for answer in answers]
    assert all(other == first for other in others)
    assert first["balance_minor"] == before.balance_minor - most_minor + first["earned_minor"]
    assert (spender.bonus().balance_minor, spender.bonus().available_minor) == (first["balance_minor"],) * 2


def test_receipts_of_one_guest_take_together_no_more_than_he_has(guest: Guest) -> None:
    before = guest.bonus()
    part_minor = before.balance_minor // 3
    receipts = [guest.receipt(2 * part_minor) for _ in range(CLIENTS)]
    posted = [answer.must(200) for answer in at_once(lambda number: guest.finalize(receipts[number], part_minor))]
    moved = [each["earned_minor"] - (each["redeemed_minor"] - each["unbacked_minor"]) for each in posted]
    after = [each["balance_minor"] for each in posted]
    before_each = [balance - move for balance, move in zip(after, moved, strict=True)]
    assert [each["unbacked_minor"] for each in posted] == [max(0, part_minor - found) for found in before_each]
    assert guest.bonus().balance_minor == before.balance_minor + sum(moved)
    # Each receipt found what another one left: the balances before and after form one chain.
    left = Counter([before.balance_minor, *after])
    left.subtract([guest.bonus().balance_minor])
    assert Counter(before_each) == +left


def test_reservations_of_one_guest_hold_together_no_more_than_he_has(spender: Guest) -> None:
    before = spender.bonus()
    receipts = [spender.receipt(before.balance_minor) for _ in range(CLIENTS)]
    most_minor = spender.redeemable(receipts[0])
    quotes = [spender.quote(of, most_minor).must(200)["check_hash"] for of in receipts]
    answers = at_once(lambda number: spender.reserve(receipts[number], most_minor, check_hash=quotes[number]))
    held = [answer for answer in answers if answer.status == 201]
    for refused in (answer for answer in answers if answer.status != 201):
        assert refused.code in ("quote-changed", "redeem-above-limit"), refused
    assert 1 <= len(held) <= before.balance_minor // most_minor
    assert spender.bonus().available_minor == before.available_minor - len(held) * most_minor


def test_cancelling_and_paying_one_check_leaves_one_of_the_two(spender: Guest) -> None:
    of, before = spender.receipt(), spender.bonus()
    most_minor = spender.redeemable(of)
    check_id = spender.reserve(of, most_minor).must(201)["check_id"]
    body = spender.report(of, most_minor, check_id=check_id)

    def act(number: int) -> Answer:
        return spender.till.post("checks/finalize", body) if number % 2 else spender.cancel(check_id=check_id)

    answers = at_once(act)
    [first, *others] = [answer.must(200) for answer in answers[1::2]]
    assert all(other == first for other in others), "a paid receipt is posted whoever cancelled before"
    assert {answer.code for answer in answers[::2]} <= {"", "check-finalized"}
    assert first["balance_minor"] == before.balance_minor - most_minor + first["earned_minor"]
    assert (spender.bonus().balance_minor, spender.bonus().available_minor) == (first["balance_minor"],) * 2


def test_one_address_is_registered_once(newcomer: Guest) -> None:
    email = f"many-{newcomer.email}"
    answers = at_once(lambda _number: newcomer.till.post("customers", {"email": email, "consent": True}))
    assert Counter(answer.status for answer in answers) == {201: 1, 409: CLIENTS - 1}
    assert len({answer.body["customer"]["id"] for answer in answers}) == 1
