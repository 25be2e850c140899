"""Bad input: refused with a stable code and the field, and nothing is lost or changed."""

from __future__ import annotations

from typing import Any

import pytest
from guest import Guest
from receipts import line
from till import Till, new_key

BYTES_MAX = 256 * 1024
LINES_MAX = 500
AMOUNT_MINOR_MAX = 10**12


@pytest.mark.parametrize(
    "raw", [b"{", b"\xff\xfe", b'{"identifier": ', b""], ids=["a bracket", "no UTF-8", "broken off", "nothing"]
)
def test_what_is_not_json_cannot_be_read(till: Till, raw: bytes) -> None:
    """What is not JSON is refused as unreadable."""
    till.post("identify", raw=raw).must_refuse(400, "malformed-request")


def test_json_of_another_kind_is_invalid(till: Till) -> None:
    """JSON of another kind than an object is invalid."""
    till.post("identify", raw=b"[]").must_refuse(422, "invalid-input")


def test_a_body_above_256_kib_is_too_large(till: Till) -> None:
    """A body above 256 KiB is too large."""
    # The server hangs up after it: the next request must not come on the same connection.
    answer = till.post("identify", {"identifier": "x" * BYTES_MAX}, headers={"Connection": "close"})
    assert answer.must_refuse(413, "request-too-large")["bytes_max"] == BYTES_MAX


def test_the_character_zero_is_not_taken(till: Till) -> None:
    till.post("identify", {"identifier": "a\x00b"}).must_refuse(422, "invalid-input")


@pytest.mark.parametrize(("body", "field"), [
    ({"identifier": 5}, "identifier"), ({"identifier": ""}, "identifier"), ({}, "identifier"),
    ({"poster_client": {"name": "x"}}, "poster_client.id"),
], ids=["a number", "an empty text", "nothing", "nested"])  # fmt: skip
def test_what_does_not_fit_names_its_field(till: Till, body: dict[str, Any], field: str) -> None:
    errors = till.post("identify", body).must_refuse(422, "invalid-input")["errors"]
    assert errors[0]["field"] == field


@pytest.mark.parametrize(("member", "value", "field"), [
    ("total_minor", -1, "check.total_minor"), ("total_minor", 90.5, "check.total_minor"),
    ("total_minor", "9000", "check.total_minor"), ("total_minor", AMOUNT_MINOR_MAX + 1, "check.total_minor"),
    ("service_minor", -1, "check.service_minor"), ("currency", "uah", "check.currency"),
    ("external_id", "", "check.external_id"), ("external_id", "x" * 65, "check.external_id"),
    ("lines", [{}], "check.lines[0].line_id"), ("lines", [line("0", 1), line("0", 1)], "check.lines"),
    ("lines", [line(str(n), 1) for n in range(LINES_MAX + 1)], "check.lines"),
    ("lines", [line("0", 1, quantity="-1")], "check.lines[0].quantity"),
    ("lines", [line("0", 1, quantity="1.0001")], "check.lines[0].quantity"),
    ("lines", [line("0", 1, quantity="1,5")], "check.lines[0].quantity"),
    ("lines", [line("0", 1, quantity="1e3")], "check.lines[0].quantity"),
    ("lines", [line("0", 1, quantity="NaN")], "check.lines[0].quantity"),
    ("lines", [line("0", 1, quantity=1)], "check.lines[0].quantity"),
], ids=[
    "negative total", "fraction", "text for a number", "amount above the bound", "negative service",
    "currency in small letters", "no external id", "long external id", "empty line", "two lines of one id",
    "too many lines", "negative quantity", "four places", "a comma", "an exponent", "no number", "no text",
])  # fmt: skip
def test_a_check_that_no_till_could_mean_names_its_field(newcomer: Guest, member: str, value: Any, field: str) -> None:
    right = newcomer.receipt()
    wrong = {**right, member: value}
    for answer in (newcomer.quote(wrong), newcomer.finalize(right, check=wrong)):
        errors = answer.must_refuse(422, "invalid-input")["errors"]
        assert errors[0]["field"] == field
        assert errors[0]["detail"]


def test_the_largest_check_is_taken(newcomer: Guest) -> None:
    of = newcomer.receipt(lines=[line(str(n), 1) for n in range(LINES_MAX)], total_minor=AMOUNT_MINOR_MAX)
    quote = newcomer.quote(of, 0).must(200)
    assert quote["due_minor"] == AMOUNT_MINOR_MAX
    assert newcomer.finalize(of).must(200)["earned_minor"] == quote["earn_minor"]


def test_a_receipt_that_was_refused_is_posted_once_its_report_is_right(newcomer: Guest) -> None:
    key, of = new_key(), newcomer.receipt()
    earn_minor = newcomer.quote(of).must(200)["earn_minor"]
    wrong = {**newcomer.report(of), "redeemed_minor": -5}
    newcomer.till.post("checks/finalize", wrong, key=key).must_refuse(422, "invalid-input")
    assert newcomer.bonus().balance_minor == 0
    newcomer.finalize(of, key=key).must(200)
    assert newcomer.bonus().balance_minor == earn_minor


@pytest.mark.parametrize("customer_id", ["999999999999999", "nobody"], ids=["a number", "a word"])
def test_an_unknown_customer_is_named_as_such_everywhere(newcomer: Guest, customer_id: str) -> None:
    of, whom = newcomer.receipt(), {"customer_id": customer_id}
    answers = (
        newcomer.quote(of, **whom),
        newcomer.reserve(of, 0, check_hash="none", **whom),
        newcomer.finalize(of, **whom),
        newcomer.till.post(f"customers/{customer_id}/profile", {"name": "X"}),
    )
    for answer in answers:
        answer.must_refuse(404, "customer-unknown")


def test_another_currency_than_the_terminals_is_refused_everywhere(newcomer: Guest) -> None:
    """Another currency than the terminal's is refused everywhere."""
    of = newcomer.receipt(currency="XTS")
    answers = (newcomer.quote(of), newcomer.reserve(of, 0, check_hash="none"), newcomer.finalize(of))
    for answer in answers:
        answer.must_refuse(422, "currency-mismatch")
    assert newcomer.bonus().balance_minor == 0


def test_a_cancellation_names_one_thing(newcomer: Guest) -> None:
    newcomer.cancel().must_refuse(422, "invalid-input")
    newcomer.cancel(check_id="1", external_id="1").must_refuse(422, "invalid-input")
