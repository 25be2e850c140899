"""Given a check that was posted, when Poster's answer lacks goods that nobody gave back, then nothing is taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.integration.poster.cafe_at_poster import CafeAtPoster, open_cafe
from tests.integration.poster.poster_beside import PosterBeside

from incust.poster.api_client import PosterApi
from incust.poster.problems import PosterUnavailable

EARNED = 1025
"""5 % of 205.00."""


@pytest.fixture
def cafe(committed_database: str, poster: PosterBeside) -> CafeAtPoster:
    return open_cafe(poster)


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have Poster's answers to one method changed on their way: each of its rows is given to ``change``."""

    def spoil(method: str, change: Callable[[dict[str, Any]], object]) -> None:
        # One change may lie upon another.
        inner = PosterApi.get

        def get(self: PosterApi, asked: str, **parameters: Any) -> Any:
            answer = inner(self, asked, **parameters)
            for row in answer if asked == method else ():
                change(row)
            return answer

        monkeypatch.setattr(PosterApi, "get", get)

    return spoil


@pytest.mark.parametrize("change", [lambda row: row.pop("products"), lambda row: row.update(products=[])])
def test_a_paid_receipt_without_goods_is_looked_at_again(
    cafe: CafeAtPoster, answering: Callable[..., None], change: Callable[[dict[str, Any]], object]
) -> None:
    guest, sold = cafe.guest(), cafe.sell()
    cafe.report(sold, guest)
    answering("dash.getTransaction", change)
    with pytest.raises(PosterUnavailable):
        cafe.look(sold)
    assert (cafe.balance_minor(guest), cafe.rows("SELECT FROM checks.refund")) == (EARNED, [])


def test_goods_without_any_facts_are_looked_at_again(cafe: CafeAtPoster, monkeypatch: pytest.MonkeyPatch) -> None:
    guest, sold = cafe.guest(), cafe.sell()
    real = PosterApi.get
    without = "dash.getTransactionProducts"
    monkeypatch.setattr(PosterApi, "get", lambda self, asked, **more: asked != without and real(self, asked, **more))
    with pytest.raises(PosterUnavailable):
        cafe.look(sold)
    assert (cafe.balance_minor(guest), cafe.rows("SELECT FROM checks.check")) == (0, [])


def test_goods_under_another_number_are_listed(cafe: CafeAtPoster, answering: Callable[..., None]) -> None:
    guest, sold = cafe.guest(), cafe.sell()
    cafe.report(sold, guest)
    answering("dash.getTransaction", lambda row: row["products"][0].update(product_id="999"))
    answering("dash.getTransactionProducts", lambda row: row.update(product_id="999"))
    assert (cafe.look(sold).verdict, cafe.codes(sold)) == ("differs", ["more-goods"])
    assert (cafe.balance_minor(guest), cafe.rows("SELECT FROM checks.refund")) == (EARNED, [])


def test_goods_that_are_missing_though_they_are_paid_are_listed(
    cafe: CafeAtPoster, answering: Callable[..., None]
) -> None:
    guest, sold = cafe.guest(), cafe.sell()
    cafe.report(sold, guest)
    answering("dash.getTransaction", lambda row: row["products"].pop())
    assert (cafe.look(sold).verdict, cafe.codes(sold)) == ("differs", ["goods-missing"])
    assert (cafe.balance_minor(guest), cafe.rows("SELECT FROM checks.refund")) == (EARNED, [])


def test_goods_that_came_back_and_more_that_are_missing_are_listed(
    cafe: CafeAtPoster, answering: Callable[..., None]
) -> None:
    """One cappuccino of 75.00 is given back; the answer lacks the croissant of 55.00, too."""
    guest, sold = cafe.guest(), cafe.sell()
    cafe.report(sold, guest)
    cafe.give_back(sold, "0", 1)
    answering("dash.getTransaction", lambda row: row["products"].pop())
    assert cafe.look(sold).verdict == "differs"
    assert "goods-missing" in cafe.codes(sold)
    assert (cafe.balance_minor(guest), cafe.rows("SELECT FROM checks.refund")) == (EARNED, [])
