"""Given reservations that lapsed, when they are recorded page by page, then each once, whatever stops one of them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from incust.checks import expire
from incust.checks.expire import expire_reservations
from incust.config import database

from .factories import NOON, Cafe, a_cafe, a_check

LAPSED = NOON + timedelta(hours=1)
REFUSE = """
CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not this one'; END $$;
CREATE TRIGGER refuse BEFORE UPDATE ON checks.check FOR EACH ROW WHEN (old.external_id = '1')
  EXECUTE FUNCTION public.refuse();
"""


@pytest.fixture
def cafe(committed_database: str) -> Cafe:
    """Four reservations, of orders 0 to 3: two that lapse at one instant, and one each a minute later."""
    cafe = a_cafe()
    guest = cafe.guest(4000)
    for order, minutes in enumerate((0, 0, 1, 2)):
        guest.scanned_again().reserve(
            a_check(external_id=str(order)), 100 + order, now=NOON + timedelta(minutes=minutes)
        )
    return cafe


@pytest.fixture
def administrator() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(**database.connection_parameters(role="")) as connection:
        yield connection
        connection.rollback()


def reserved(cafe: Cafe) -> list[str]:
    return [
        order for (order,) in cafe.rows("SELECT external_id FROM checks.check WHERE status = 'reserved' ORDER BY 1")
    ]


@pytest.mark.parametrize("page", [1, 2, 3, 4, 5])
def test_all_are_recorded_whatever_the_page(cafe: Cafe, page: int) -> None:
    assert expire_reservations(now=LAPSED, page=page) == 4
    assert reserved(cafe) == []
    assert expire_reservations(now=LAPSED, page=page) == 0


def test_those_that_have_not_lapsed_stay(cafe: Cafe) -> None:
    assert expire_reservations(now=NOON + timedelta(minutes=31), page=1) == 3
    assert reserved(cafe) == ["3"]


def test_a_run_has_an_end_and_the_next_one_goes_on(cafe: Cafe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expire, "PAGES_MAX", 3)
    assert expire_reservations(now=LAPSED, page=1) == 3
    assert reserved(cafe) == ["3"]
    assert expire_reservations(now=LAPSED, page=1) == 1


@pytest.mark.parametrize("page", [1, 2, 500])
def test_one_that_is_refused_is_named_once_and_left_out(
    cafe: Cafe, administrator: psycopg.Connection[Any], caplog: pytest.LogCaptureFixture, page: int
) -> None:
    administrator.execute(REFUSE)
    administrator.commit()
    with caplog.at_level(logging.ERROR):
        assert expire_reservations(now=LAPSED, page=page) == 3
    assert reserved(cafe) == ["1"]
    [(check_id,)] = cafe.rows("SELECT id FROM checks.check WHERE external_id = '1'")
    assert caplog.messages == [f"lapse of a reservation: number {check_id} of business {cafe.business_id} was refused"]


def test_one_that_a_till_is_working_on_waits_for_the_next_run(
    cafe: Cafe, as_owner: psycopg.Connection[Any], caplog: pytest.LogCaptureFixture
) -> None:
    as_owner.execute("SELECT set_config('incust.business_id', %s, false)", [str(cafe.business_id)])
    as_owner.execute("SELECT FROM checks.check WHERE external_id = '0' FOR UPDATE")
    assert expire_reservations(now=LAPSED, page=1) == 3
    assert reserved(cafe) == ["0"]
    as_owner.rollback()
    assert expire_reservations(now=LAPSED, page=1) == 1
    assert caplog.messages == []
