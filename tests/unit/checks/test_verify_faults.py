"""A difference in words: amounts as the business's currency and the reader's language write them."""

from __future__ import annotations

import pytest
from django.utils import translation

from incust.checks.verify_faults import Difference


def difference(fault: str = "balance", **members: object) -> Difference:
    values = {"business_id": 7, "currency": "UAH", "subject": 12, "expected": 123_450, "found": 123_456, **members}
    return Difference(fault=fault, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Account 12: the balance is 1,234.56, but its entries add up to 1,234.50."),
        ("uk", "Рахунок 12: баланс 1\N{NO-BREAK SPACE}234,56, але сума його записів 1\N{NO-BREAK SPACE}234,50."),
        # A variant of a language that nobody translated to: the sentence is English, the amount is of that language.
        ("pt-br", "Account 12: the balance is 1.234,56, but its entries add up to 1.234,50."),
        (None, "Account 12: the balance is 1,234.56, but its entries add up to 1,234.50."),
    ],
)
def test_is_said_in_the_readers_language(language: str | None, sentence: str) -> None:
    with translation.override(language):
        assert difference().sentence == sentence


@pytest.mark.parametrize(
    ("currency", "sentence"),
    [
        ("CLP", "Account 12: the balance is 123,456, but its entries add up to 123,450."),
        ("KWD", "Account 12: the balance is 123.456, but its entries add up to 123.450."),
    ],
)
def test_amounts_have_the_digits_of_the_currency(currency: str, sentence: str) -> None:
    assert difference(currency=currency).sentence == sentence


def test_numbers_are_no_amounts() -> None:
    sentence = difference("version", expected=1234, found=2).sentence
    assert sentence == "Account 12: it counts 2 entries, but its last one is number 1234."


def test_what_is_not_there_is_zero() -> None:
    assert difference(expected=None, found=None).sentence == (
        "Account 12: the balance is 0.00, but its entries add up to 0.00."
    )


def test_a_fault_of_a_newer_server_is_named_all_the_same() -> None:
    assert difference("unheard-of").sentence == "unheard-of, number 12."


def test_for_who_looks_after_the_server_it_names_the_business() -> None:
    assert str(difference("no-entries")) == "business 7: Posting 12 has no entries."
