"""Till, webhook and comparison come to one receipt of Poster at the same instant: it is one check."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from incust.businesses.terminal_access import Busy
from incust.poster.claim_receipt import ReceiptClaimed
from tests.integration.poster.cafe_at_poster import CafeAtPoster, open_cafe
from tests.integration.poster.poster_beside import PosterBeside, poster, poster_process  # noqa: F401 (fixtures)
from tests.integration.poster.till_code import reports_of

from .at_once import at_once

CALLERS = 8


@pytest.fixture
def cafe(many_connections: str, poster: PosterBeside) -> CafeAtPoster:  # noqa: F811 (the fixture of that name)
    return open_cafe(poster)


def report(cafe: CafeAtPoster, body: dict[str, object]) -> str:
    answer = cafe.till.post("checks/finalize", body)
    if answer.code == "busy":
        raise Busy
    return str(answer.body["check_id"])


def look(cafe: CafeAtPoster, sold: dict[str, object]) -> str:
    """A hook's job that finds the receipt claimed comes back a little later."""
    try:
        return str(cafe.look(sold).check_id)
    except ReceiptClaimed:
        raise Busy from None


def test_eight_callers_at_once_make_one_check(cafe: CafeAtPoster) -> None:
    guest, sold = cafe.guest(), cafe.sell()
    (told,) = reports_of([sold], application=cafe.till.application)
    body = {**told, "customer_id": str(guest), "identification_id": None, "check_id": None, "salesperson": None}
    callers: list[Callable[[], str]] = [partial(report, cafe, body), partial(look, cafe, sold)] * (CALLERS // 2)

    together = at_once(callers)

    # Who is told twenty times that somebody else is at it has done nothing, and would come back.
    assert all("busy" in str(error) for error in together.errors)
    assert len(set(together.answers)) == 1
    assert len(together.answers) >= CALLERS // 2
    assert cafe.balance_minor(guest) == 1025
    assert cafe.rows("SELECT count(*) FROM checks.check") == [(1,)]
    assert cafe.rows("SELECT count(*) FROM ledger.posting WHERE kind = 'check'") == [(1,)]
    assert cafe.look(sold).verdict == "matched"
    assert cafe.books_agree()
