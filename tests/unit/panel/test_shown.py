"""Amounts and personal data, as the panel shows them."""

from __future__ import annotations

import pytest
from django.utils import translation

from incust.panel.audit_words import changes_in_words
from incust.panel.money_text import bonus_text, money_text
from incust.panel.personal_data import shown_to
from incust.panel.seats import Seat


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "1,234.50 UAH"), ("uk", "1 234,50 ₴"), ("pl", "1 234,50 UAH"), ("ru", "1 234,50 ₴")],
)
def test_money_is_written_as_the_reader_writes_it(language: str, text: str) -> None:
    with translation.override(language):
        assert money_text(123450, "UAH").replace("\xa0", " ") == text


@pytest.mark.parametrize(
    ("amount", "currency", "text"), [(-250, "UAH", "-2.50"), (1200, "JPY", "1,200"), (0, "PLN", "0.00")]
)
def test_bonuses_have_the_digits_of_their_currency(amount: int, currency: str, text: str) -> None:
    with translation.override("en"):
        assert bonus_text(amount, currency) == text


@pytest.mark.parametrize(
    ("role", "value", "shown"),
    [("owner", "+380501112233", "+380501112233"), ("salesperson", "+380501112233", "+38•••33"),
     ("salesperson", "olena@example.org", "o•••@example.org"), ("salesperson", "1234", "•••"), ("salesperson", "", "")],
)  # fmt: skip
def test_personal_data_is_masked_by_role(role: str, value: str, shown: str) -> None:
    seat = Seat(business_id=1, slug="kava", business_name="Kava", role=role)
    assert shown_to(seat, value) == shown


def test_changes_read_like_sentences() -> None:
    with translation.override("en"):
        assert changes_in_words(
            {"name": ["Bar", "Hall"], "enabled": [True, False], "poster_register_id": ["", "2"]}
        ) == ("name of the place: Bar → Hall; switched on: yes → no; register: 2")
