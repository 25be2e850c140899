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
    assert print_text(redeemed_minor=redeemed_minor, earned_minor=earned_minor, balance_minor=balance_minor) == text
