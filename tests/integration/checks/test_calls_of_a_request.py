"""Given a request that needs several calls of the database, then no more than it needs, and one patience for all."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from incust.businesses.terminal_access import Busy
from incust.checks import quoted
from incust.config import database
from incust.engine.program import Confirmation

from .factories import Cafe, a_cafe, a_check, rules

# The function notes who calls it. As if a program had been published meanwhile, again and again, the first
# `changes` calls are answered with what to evaluate on.
FINALIZE = """
CREATE TABLE public.asked (number serial, evaluated jsonb);
GRANT ALL ON public.asked TO incust_app;
GRANT ALL ON SEQUENCE public.asked_number_seq TO incust_app;
ALTER FUNCTION checks.finalize(jsonb, jsonb, jsonb) RENAME TO finalize_itself;
CREATE FUNCTION checks.finalize(caller jsonb, ask jsonb, evaluated jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  number bigint;
BEGIN
  INSERT INTO public.asked (evaluated) VALUES (finalize.evaluated) RETURNING asked.number INTO number;
  PERFORM pg_sleep({sleep_s}) WHERE evaluated IS NULL;
  RETURN checks.finalize_itself(caller, ask, CASE WHEN number > {changes} THEN evaluated END);
END $$;
"""
LOAD = """
ALTER FUNCTION checks.load(jsonb, jsonb) RENAME TO load_itself;
CREATE FUNCTION checks.load(caller jsonb, ask jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_sleep({sleep_s});
  RETURN checks.load_itself(caller, ask);
END $$;
"""


@pytest.fixture
def cafe(committed_database: str) -> Cafe:
    return a_cafe(program=rules(confirmation=Confirmation.NEVER))


@pytest.fixture
def administrator(committed_database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(**database.connection_parameters(role="")) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    return waited


def watch(administrator: psycopg.Connection[Any], *, changes: int = 0, sleep_s: float = 0) -> None:
    administrator.execute(FINALIZE.format(changes=changes, sleep_s=sleep_s))
    administrator.commit()


def asked(cafe: Cafe) -> list[str]:
    """What each call brought along so far."""
    return [
        word
        for (word,) in cafe.rows(
            "SELECT CASE WHEN evaluated IS NULL THEN 'nothing' WHEN evaluated ? 'assumed' THEN 'assumed'"
            " ELSE 'evaluated' END FROM public.asked ORDER BY number"
        )
    ]


class TestFinalize:
    def test_a_receipt_that_only_collects_takes_one_call_once_its_till_is_known(
        self, cafe: Cafe, administrator: psycopg.Connection[Any]
    ) -> None:
        watch(administrator)
        guest = cafe.guest(12_000)
        guest.finalize(a_check(external_id="1"))
        assert asked(cafe) == ["nothing", "evaluated"]
        guest.finalize(a_check(external_id="2"))
        assert asked(cafe)[2:] == ["assumed"]

    def test_nothing_is_assumed_of_one_that_redeems_that_has_a_number_or_that_was_not_paid(
        self, cafe: Cafe, administrator: psycopg.Connection[Any]
    ) -> None:
        guest = cafe.guest(4000)
        guest.finalize(a_check(external_id="1"))
        watch(administrator)
        guest.finalize(a_check(external_id="2"), 1000)
        guest.finalize(a_check(external_id="3"), check_id=10**9)
        assert asked(cafe) == ["nothing", "evaluated", "nothing", "evaluated"]
        guest.finalize(a_check(external_id="4"), closed_without_payment=True)
        assert asked(cafe)[4:] == ["nothing"]

    def test_a_receipt_closed_as_it_was_reserved_takes_one_call(
        self, cafe: Cafe, administrator: psycopg.Connection[Any]
    ) -> None:
        guest = cafe.guest(4000)
        reserved = guest.reserve(a_check(), 1000)
        watch(administrator)
        guest.finalize(a_check(), 1000, check_id=reserved.check_id)
        assert asked(cafe) == ["nothing"]

    def test_a_program_that_changes_three_times_meanwhile_is_followed(
        self, cafe: Cafe, administrator: psycopg.Connection[Any]
    ) -> None:
        watch(administrator, changes=3)
        assert cafe.guest().finalize(a_check(9000)).earned_minor == 450
        assert asked(cafe) == ["nothing", "evaluated", "evaluated", "evaluated"]

    def test_one_that_goes_on_changing_is_busy(self, cafe: Cafe, administrator: psycopg.Connection[Any]) -> None:
        watch(administrator, changes=100)
        guest = cafe.guest()
        with pytest.raises(Busy):
            guest.finalize(a_check(9000))
        assert len(asked(cafe)) == 4
        assert guest.balance == (0, 0)


class TestPatience:
    """The first call takes a second; what is left of the deadline is too short to try anything twice."""

    def test_of_finalize_is_one_for_both_calls(
        self,
        cafe: Cafe,
        administrator: psycopg.Connection[Any],
        as_owner: psycopg.Connection[Any],
        pauses: list[float],
    ) -> None:
        guest = cafe.guest(4000)
        watch(administrator, sleep_s=1)
        as_owner.execute("SELECT set_config('incust.business_id', %s, false)", [str(cafe.business_id)])
        as_owner.execute("SELECT FROM ledger.account FOR UPDATE")
        with pytest.raises(Busy):
            guest.finalize(a_check(), 1000)
        assert pauses == []

    def test_of_reserve_is_one_for_both_calls(
        self,
        monkeypatch: pytest.MonkeyPatch,
        cafe: Cafe,
        administrator: psycopg.Connection[Any],
        as_owner: psycopg.Connection[Any],
        pauses: list[float],
    ) -> None:
        guest = cafe.guest(4000)
        seen = guest.quote(a_check()).quote_hash
        monkeypatch.setattr(quoted, "_contexts", OrderedDict())  # another process answered it
        administrator.execute(LOAD.format(sleep_s=1))
        administrator.commit()
        as_owner.execute("SELECT set_config('incust.business_id', %s, false)", [str(cafe.business_id)])
        as_owner.execute("SELECT FROM ledger.account FOR UPDATE")
        with pytest.raises(Busy):
            guest.reserve(a_check(), 1000, seen_hash=seen)
        assert pauses == []
        assert cafe.rows("SELECT count(*) FROM ledger.hold") == [(0,)]
