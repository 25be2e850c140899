"""Poster's error numbers, each with a type of ours."""

from __future__ import annotations

import pytest

from incust.poster import problems
from incust.poster.problems import refusal


@pytest.mark.parametrize(
    ("number", "kind"),
    [(10, problems.TokenRefused), (11, problems.TokenRefused), (12, problems.TokenRefused),
     (20, problems.MethodNotAllowed), (32, problems.NoSuchObject), (37, problems.PhoneRefused),
     (503, problems.AccountArchived), (700, problems.TariffLimit), (34, problems.PosterRefused)],
)  # fmt: skip
def test_each_number_has_its_type(number: int, kind: type[problems.PosterRefused]) -> None:
    refused = refusal(number, "why")
    assert type(refused) is kind
    assert refused.poster_code == number


def test_a_number_without_a_word_carries_posters_own() -> None:
    assert refusal(34, "phone is missing").detail == "Poster refused the request: phone is missing"
