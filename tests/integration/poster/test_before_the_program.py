"""Given receipts closed before they could be the program's, when they are compared, then nothing is posted."""

from __future__ import annotations

import pytest
from tests.integration.poster.cafe_at_poster import CafeAtPoster, begin_program, link, open_cafe
from tests.integration.poster.connecting import connect, make_business
from tests.integration.poster.poster_beside import PosterBeside

from incust.businesses.models import Business, Terminal, TillAccount
from incust.businesses.tenancy import in_business
from incust.customers.identify import forget_countries
from incust.poster.receipt_words import in_words

EARNED = 1025
"""5 % of 205.00."""

pytestmark = pytest.mark.usefixtures("committed_database")


@pytest.fixture
def business(committed_database: str) -> Business:
    forget_countries()
    return make_business()[0]


def connected(poster: PosterBeside, business: Business) -> TillAccount:
    account = connect(poster, business)
    with in_business(business.id):
        Terminal.objects.filter(name="Bar").delete()
        link(business, account, "Bar", "1", "1")
    return account


def test_closed_before_the_first_program(business: Business, poster: PosterBeside) -> None:
    cafe = CafeAtPoster(poster=poster, business=business, account=connected(poster, business))
    guest, sold = cafe.guest(), cafe.sell()
    assert (cafe.look(sold).verdict, cafe.codes(sold)) == ("no-guest", ["before-program"])
    begin_program(business)
    assert (cafe.look(sold).verdict, cafe.codes(sold)) == ("no-guest", ["before-program"])
    assert (cafe.balance_minor(guest), cafe.rows("SELECT FROM checks.check")) == (0, [])
    begin_program(business)  # another one later takes nothing from the first
    assert cafe.look(cafe.sell()).verdict == "accrued"
    assert cafe.balance_minor(guest) == EARNED


def test_closed_before_the_first_connection(business: Business, poster: PosterBeside) -> None:
    begin_program(business)
    cafe = CafeAtPoster(poster=poster, business=business, account=TillAccount())
    guest, before = cafe.guest(), cafe.sell()
    cafe.account = connected(poster, business)
    after = cafe.sell()
    connect(poster, business)
    assert (cafe.look(before).verdict, cafe.codes(before)) == ("no-guest", ["before-program"])
    assert cafe.balance_minor(guest) == 0
    assert cafe.look(after).verdict == "accrued"
    assert cafe.balance_minor(guest) == EARNED


def test_closed_before_its_guest_joined(poster: PosterBeside) -> None:
    cafe = open_cafe(poster)
    sold = cafe.sell()
    guest = cafe.guest()
    assert (cafe.look(sold).verdict, cafe.codes(sold)) == ("no-guest", ["guest-later"])
    assert (cafe.balance_minor(guest), cafe.rows("SELECT FROM checks.check")) == (0, [])
    assert in_words(cafe.receipt(sold).why[0]) == (
        "Closed before its guest had joined the program. Nothing is posted for it."
    )
    assert cafe.look(cafe.sell()).verdict == "accrued"
