"""The guest's line on the receipt."""

import pytest

from incust.checks.print_text import print_text


@pytest.mark.parametrize(
    ("redeemed_minor", "earned_minor", "balance_minor", "text"),
    [
        (4000, 250, 8250, "Bonuses: −40.00, +2.50. Balance: 82.50"),
        (0, 5, 5, "Bonuses: +0.05. Balance: 0.05"),
        (4000, 0, 0, "Bonuses: −40.00. Balance: 0.00"),
        (0, 0, -150, "Bonus balance: -1.50"),
    ],
)
def test_says_only_what_moved(redeemed_minor: int, earned_minor: int, balance_minor: int, text: str) -> None:
    said = print_text(
        redeemed_minor=redeemed_minor, earned_minor=earned_minor, balance_minor=balance_minor, currency="UAH"
    )
    assert said == text


@pytest.mark.parametrize(
    ("currency", "text"),
    [
        ("CLP", "Bonuses: −40, +250. Balance: 12000"),
        ("UAH", "Bonuses: −0.40, +2.50. Balance: 120.00"),
        ("KWD", "Bonuses: −0.040, +0.250. Balance: 12.000"),
    ],
)
def test_amounts_have_the_digits_of_the_currency(currency: str, text: str) -> None:
    assert print_text(redeemed_minor=40, earned_minor=250, balance_minor=12_000, currency=currency) == text
