"""Quotes: the numbers that the cashier saw are the numbers that are posted."""

from __future__ import annotations

from typing import Any

from guest import Guest
from hypothesis import given
from hypothesis import strategies as st
from preconditions import Ground
from receipts import closed_now, generated, generated_receipts, receipt


@generated
@given(shape=generated_receipts())
def test_a_quote_stays_within_what_is_due_and_what_the_guest_has(rich: Guest, shape: dict[str, Any]) -> None:
    of = receipt(rich.till.currency, **shape)
    quote = rich.quote(of).must(200)
    goods_due_minor = max(0, of["total_minor"] - of["service_minor"])
    part_minor = sum(each["amount_minor"] for each in of["lines"] if each["discountable"])
    assert 0 <= quote["redeem_max_minor"] <= min(goods_due_minor, part_minor, rich.bonus().available_minor)
    assert quote["redeem_minor"] == quote["redeem_max_minor"], "nothing asked for means the most"
    assert quote["due_minor"] == of["total_minor"] - quote["redeem_minor"]
    assert 0 <= quote["earn_minor"] <= quote["earn_without_redeem_minor"]
    assert (quote["redeem_blocked"] is None) == (quote["redeem_max_minor"] > 0), "it says why nothing is redeemed"
    assert rich.quote(of).must(200) == quote, "asked again, it is the same"


@generated
@given(shape=generated_receipts(), part=st.integers(0, 100))
def test_quote_reserve_and_finalize_say_the_same(rich: Guest, ground: Ground, shape: dict[str, Any], part: int) -> None:
    of, before = receipt(rich.till.currency, **shape), rich.bonus()
    # Where the program asks for a code, nothing is redeemed here; what is earned is compared all the same.
    most_minor = 0 if ground.code_needed else rich.quote(of).must(200)["redeem_max_minor"]
    quote = rich.quote(of, most_minor * part // 100).must(200)
    reserved = rich.reserve(of, quote["redeem_minor"], check_hash=quote["check_hash"]).must(201)
    for member in ("redeem_minor", "due_minor", "earn_minor", "program_version", "print_text"):
        assert reserved[member] == quote[member], member
    posted = rich.finalize(of, quote["redeem_minor"], check_id=reserved["check_id"]).must(200)
    assert (posted["check_id"], posted["status"], posted["unbacked_minor"]) == (reserved["check_id"], "finalized", 0)
    assert (posted["redeemed_minor"], posted["earned_minor"]) == (quote["redeem_minor"], quote["earn_minor"])
    assert posted["balance_minor"] == before.balance_minor - quote["redeem_minor"] + quote["earn_minor"]
    assert posted["print_text"] == quote["print_text"]
    assert (rich.bonus().balance_minor, rich.bonus().available_minor) == (posted["balance_minor"],) * 2


@generated
@given(shape=generated_receipts())
def test_a_receipt_without_reservation_earns_what_its_quote_said(newcomer: Guest, shape: dict[str, Any]) -> None:
    of = receipt(newcomer.till.currency, **shape)
    quote = newcomer.quote(of, 0).must(200)
    assert quote["earn_minor"] == quote["earn_without_redeem_minor"]
    assert newcomer.finalize(of).must(200)["earned_minor"] == quote["earn_minor"]


def test_a_quote_writes_nothing(guest: Guest) -> None:
    of, before = guest.receipt(), guest.bonus()
    guest.quote(of).must(200)
    assert guest.bonus() == before
    assert guest.cancel(external_id=of["external_id"]).must(200)["check_id"] is None


def test_more_than_the_limit_is_refused_with_the_limit(guest: Guest) -> None:
    of = guest.receipt()
    most_minor = guest.redeemable(of)
    seen = guest.quote(of).must(200)["check_hash"]
    for answer in (guest.quote(of, most_minor + 1), guest.reserve(of, most_minor + 1, check_hash=seen)):
        assert answer.must_refuse(422, "redeem-above-limit")["redeem_max_minor"] == most_minor
    assert guest.bonus().available_minor == guest.bonus().balance_minor


def test_a_guest_without_points_is_told_why_nothing_is_redeemed(newcomer: Guest) -> None:
    quote = newcomer.quote(newcomer.receipt()).must(200)
    assert (quote["redeem_max_minor"], quote["redeem_blocked"]["code"]) == (0, "no-balance")
    assert quote["redeem_blocked"]["detail"]


def test_a_line_that_was_taken_off_the_order_counts_for_nothing(guest: Guest) -> None:
    of = guest.receipt()
    gone = {**of["lines"][0], "line_id": "gone", "quantity": "0", "amount_minor": 5_000}
    with_it = guest.quote({**of, "lines": [*of["lines"], gone]}).must(200)
    without = guest.quote(of).must(200)
    for member in ("redeem_max_minor", "earn_minor", "due_minor"):
        assert with_it[member] == without[member], member


def test_a_limited_guest_redeems_nothing(guest: Guest) -> None:
    email = f"limited-{guest.email}"
    body = guest.till.post("customers", {"email": email}).must(201)
    guest.customer_id, guest.identification_id = body["customer"]["id"], body["identification"]["id"]
    guest.collect()
    quote = guest.quote(guest.receipt()).must(200)
    assert (quote["redeem_max_minor"], quote["redeem_blocked"]["code"]) == (0, "limited-status")


def test_a_moment_needs_its_time_zone(newcomer: Guest) -> None:
    naive = closed_now().split("+")[0]
    errors = newcomer.finalize(newcomer.receipt(), closed_at=naive).must_refuse(422, "invalid-input")["errors"]
    assert errors[0]["field"] == "closed_at"
