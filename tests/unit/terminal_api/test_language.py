"""In which language a till is answered."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from incust.terminal_api.language import language_of


@pytest.mark.parametrize(
    ("query", "accepted", "expected"),
    [
        ("uk", "", "uk"), ("ua", "", "uk"), ("UA", "", "uk"), ("pl", "ru", "pl"), ("ru-RU", "", "ru"), ("", "pl", "pl"),
        ("fr", "pl", "pl"), ("fr", "fr", "en"), ("", "", "en"), ("%00", "", "en"),
    ],
)  # fmt: skip
def test_the_query_goes_before_the_header_and_english_comes_last(query: str, accepted: str, expected: str) -> None:
    headers = {"Accept-Language": accepted} if accepted else {}
    assert language_of(RequestFactory().post(f"/?lang={query}", headers=headers)) == expected
