"""Given several receipts, when goods of one go back, then its own lines count and no others."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from incust.checks.problems import LineUnknown, ReturnedAboveBought

from .factories import Cafe, a_cafe, a_check
from .refunding import all_is_well, amounts, paid, refund

pytestmark = pytest.mark.django_db


def returned(cafe: Cafe, check_id: int) -> list[Any]:
    return cafe.rows(
        "SELECT line_id, returned_quantity FROM checks.check_line WHERE check_id = %s ORDER BY id", check_id
    )


class TestAmongOthers:
    def test_a_receipt_alone_returns_all_that_was_bought(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000)
        refund(guest.cafe, check_id)
        assert returned(guest.cafe, check_id) == [("coffee", Decimal(3)), ("cake", Decimal(1))]

    def test_lines_of_other_receipts_stay_as_they_are(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id, other = paid(guest, 4000, "1"), paid(guest, 0, "2")
        assert amounts(refund(guest.cafe, check_id, {"cake": 1})) == ("partly_refunded", 1333, 83, 0, 0, 9950)
        assert returned(guest.cafe, check_id) == [("coffee", Decimal(0)), ("cake", Decimal(1))]
        assert amounts(refund(guest.cafe, check_id)) == ("refunded", 4000, 250, 0, 0, 12_450)
        assert returned(guest.cafe, check_id) == [("coffee", Decimal(3)), ("cake", Decimal(1))]
        assert returned(guest.cafe, other) == [("coffee", Decimal(0)), ("cake", Decimal(0))]
        assert all_is_well(guest.cafe.business_id)

    def test_a_late_report_is_answered_of_its_own_receipt_though_another_went_back_in_more_steps(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id, other = paid(guest, 4000, "1"), paid(guest, 0, "2")
        latest = refund(guest.cafe, check_id, {"coffee": 2})
        for coffees in (1, 2):
            refund(guest.cafe, other, {"coffee": coffees})
        late = refund(guest.cafe, check_id, {"coffee": 1})
        assert (late.check_id, amounts(late), late.replayed) == (check_id, amounts(latest), True)


class TestRefused:
    def test_a_line_that_only_another_receipt_has_is_unknown(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000, "1")
        guest.finalize(a_check(5000, "2"))
        with pytest.raises(LineUnknown) as refused:
            refund(guest.cafe, check_id, {"0": 1})
        assert refused.value.members == {"line_id": "0"}

    def test_exactly_what_was_bought_is_taken_and_a_thousandth_more_is_not(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = paid(guest, 4000)
        with pytest.raises(ReturnedAboveBought):
            refund(guest.cafe, check_id, {"coffee": "3.001"})
        assert returned(guest.cafe, check_id) == [("coffee", Decimal(0)), ("cake", Decimal(0))]
        assert amounts(refund(guest.cafe, check_id, {"coffee": "3.000"})) == (
            "partly_refunded",
            2667,
            167,
            0,
            0,
            10_750,
        )


class TestWithoutLines:
    def test_a_whole_receipt_goes_back_once(self) -> None:
        guest = a_cafe().guest(12_000)
        check_id = guest.finalize(a_check(9000, lines=()), 4000).check_id
        assert amounts(refund(guest.cafe, check_id, {})) == ("partly_refunded", 0, 0, 0, 0, guest.balance[0])
        assert guest.cafe.rows("SELECT count(*) FROM checks.refund") == [(0,)]
        done = refund(guest.cafe, check_id)
        assert (done.status, done.returned_minor, done.balance_minor) == ("refunded", 4000, 12_000)
        again = refund(guest.cafe, check_id, {})
        assert (amounts(again), again.replayed) == (amounts(done), True)
        assert guest.cafe.rows("SELECT whole, lines FROM checks.refund") == [(True, "[]")]
