"""Whatever is returned in whatever steps: shares only grow, never pass the whole, and reach it exactly."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from incust.engine.check import AMOUNT_MINOR_MAX, Line

from .factories import NOON, a_cafe, a_check
from .refunding import all_is_well, amounts, refund

pytestmark = pytest.mark.django_db

quantities = st.decimals(min_value=Decimal("0.001"), max_value=Decimal(9999999), places=3)


def share_back(amount_minor: int, returned: Decimal, quantity: Decimal) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT checks.share_back(%s, %s, %s)", [amount_minor, returned, quantity])
        return int(cursor.fetchone()[0])


class TestShareBack:
    @settings(max_examples=200, deadline=None)
    @given(st.integers(0, AMOUNT_MINOR_MAX), quantities, st.data())
    def test_grows_with_what_is_returned_and_ends_exactly(
        self, amount_minor: int, quantity: Decimal, data: st.DataObject
    ) -> None:
        part = st.decimals(min_value=0, max_value=quantity, places=3)
        less, more = sorted([data.draw(part), data.draw(part)])
        some, further = share_back(amount_minor, less, quantity), share_back(amount_minor, more, quantity)
        assert 0 <= some <= further <= share_back(amount_minor, quantity, quantity) == amount_minor
        assert some * quantity <= amount_minor * less < (some + 1) * quantity

    @settings(max_examples=200, deadline=None)
    @given(st.integers(1, 10**9), st.data())
    def test_what_nobody_had_covered_never_outgrows_what_is_returned(self, redeemed: int, data: st.DataObject) -> None:
        unbacked = data.draw(st.integers(0, redeemed))
        less, more = sorted([data.draw(st.integers(0, redeemed)), data.draw(st.integers(0, redeemed))])
        before, after = (share_back(unbacked, Decimal(part), Decimal(redeemed)) for part in (less, more))
        # Unbacked and the guest's own part both only grow.
        assert 0 <= after - before <= more - less


class TestStates:
    @settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
    @given(
        bought=st.lists(st.tuples(st.integers(1, 5000), st.integers(1, 3000)), min_size=1, max_size=4),
        balance=st.integers(0, 3000), redeemed=st.integers(0, 4000), data=st.data(),
    )  # fmt: skip
    def test_any_steps_to_the_whole_end_where_one_would(
        self, bought: list[tuple[int, int]], balance: int, redeemed: int, data: st.DataObject
    ) -> None:
        lines = tuple(
            Line(line_id=str(n), product_id="1", quantity=Decimal(thousandths) / 1000, amount_minor=amount_minor)
            for n, (thousandths, amount_minor) in enumerate(bought)
        )
        check = a_check(sum(line.amount_minor for line in lines), lines=lines)
        guest = a_cafe(f"cafe {a_number()}").guest(balance)
        done = guest.finalize(check, redeemed)
        seen = (0, 0)
        for _step in range(data.draw(st.integers(0, 4))):
            told = {
                line.line_id: data.draw(st.decimals(min_value=0, max_value=line.quantity, places=3)) for line in lines
            }
            answer = refund(guest.cafe, done.check_id, told, now=NOON)
            now_seen = (answer.returned_minor, answer.taken_back_minor + answer.absorbed_minor)
            assert seen[0] <= now_seen[0] <= redeemed - done.unbacked_minor
            assert seen[1] <= now_seen[1] <= done.earned_minor
            seen = now_seen
        whole = refund(guest.cafe, done.check_id, now=NOON)
        assert amounts(whole)[:2] == ("refunded", redeemed - done.unbacked_minor)
        assert whole.taken_back_minor + whole.absorbed_minor == done.earned_minor
        assert whole.balance_minor == guest.balance[0] == balance + whole.absorbed_minor
        assert all_is_well(guest.cafe.business_id)


def a_number() -> str:
    """Examples share one transaction: their businesses need names of their own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('checks.check_id_seq')")
        return str(cursor.fetchone()[0])
