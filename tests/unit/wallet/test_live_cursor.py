"""The cursor of live balances: nothing twice, and nothing missed when entries commit out of order."""

from __future__ import annotations

import asyncio

import pytest

from incust.wallet.live_hub import LISTENERS_OF_CUSTOMER_MAX, LOOKED_BACK_S, Cursor, Hub, TooManyListeners

OLENA, TARAS = (1, 41), (1, 42)


def entry(number: int, customer: tuple[int, int], version: int) -> tuple[int, int, int, int, int]:
    return (number, *customer, customer[1] * 10, version)


class TestCursor:
    def test_a_change_is_told_once_though_it_is_read_again(self) -> None:
        cursor = Cursor(100, 0.0)
        rows = [entry(101, OLENA, 1), entry(102, OLENA, 2)]
        assert cursor.take(rows, 0.4) == [(OLENA, 2)]
        assert cursor.read_from(0.8) == 100
        assert cursor.take(rows, 0.8) == []
        assert cursor.take([*rows, entry(103, OLENA, 3)], 1.2) == [(OLENA, 3)]

    def test_a_lower_number_that_commits_later_is_not_missed(self) -> None:
        cursor = Cursor(100, 0.0)
        assert cursor.take([entry(102, OLENA, 1)], 0.4) == [(OLENA, 1)]
        assert cursor.read_from(0.8) == 100
        assert cursor.take([entry(101, TARAS, 1), entry(102, OLENA, 1)], 0.8) == [(TARAS, 1)]

    def test_after_the_look_back_it_moves_on(self) -> None:
        cursor = Cursor(100, 0.0)
        cursor.take([entry(102, OLENA, 1)], 0.4)
        assert cursor.read_from(0.3 + LOOKED_BACK_S) == 100
        assert cursor.read_from(0.5 + LOOKED_BACK_S) == 102
        assert cursor.take([], 0.5 + LOOKED_BACK_S) == []


class TestHub:
    def test_only_who_listens_to_the_customer_is_told_and_keeps_the_latest(self) -> None:
        async def scene() -> None:
            hub = Hub()
            with hub.listening(OLENA) as phone, hub.listening(OLENA) as tablet, hub.listening(TARAS) as other:
                hub.tell(OLENA, 1)
                hub.tell(OLENA, 2)
                hub.tell((2, 41), 9)
                assert (phone.get_nowait(), tablet.get_nowait()) == (2, 2)
                assert phone.empty()
                assert other.empty()
                hub.tell_all()
                assert (phone.get_nowait(), other.get_nowait()) == (0, 0)

        asyncio.run(scene())

    def test_streams_of_one_customer_are_bounded_and_given_back(self) -> None:
        async def scene() -> None:
            hub = Hub()
            opened = [hub.listening(OLENA) for _ in range(LISTENERS_OF_CUSTOMER_MAX)]
            for one in opened:
                one.__enter__()
            with pytest.raises(TooManyListeners), hub.listening(OLENA):
                pass
            opened[0].__exit__(None, None, None)
            with hub.listening(OLENA):
                pass
            for one in opened[1:]:
                one.__exit__(None, None, None)
            assert not hub._listeners

        asyncio.run(scene())
