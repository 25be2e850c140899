"""Given an SQL function, when a till's request calls it, then it is tried, repeated and given up as a till can bear."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from incust.businesses import till_call
from incust.businesses.terminal_access import Busy
from incust.businesses.till_call import PAUSE_S, call
from incust.checks.problems import CheckUnknown
from incust.config import database

# Each try is counted, whatever becomes of it: sequences do not roll back.
FUNCTIONS = """
CREATE SEQUENCE public.tries;
GRANT USAGE, SELECT ON SEQUENCE public.tries TO incust_app;
CREATE FUNCTION public.refuse(how jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  tried bigint := nextval('public.tries');
BEGIN
  IF tried <= (how->>'times')::int THEN
    RAISE EXCEPTION USING ERRCODE = how->>'state', MESSAGE = coalesce(how->>'message', 'no'), DETAIL = '{}';
  END IF;
  RETURN jsonb_build_object('tried', tried, 'by', pg_backend_pid());
END $$;
CREATE FUNCTION public.pair(one jsonb, other jsonb) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('one', one, 'other', other, 'is_null', other IS NULL)
$$;
CREATE FUNCTION public.cut(how jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  PERFORM nextval('public.tries');
  RAISE query_canceled;
END $$;
CREATE FUNCTION public.nothing(how jsonb) RETURNS jsonb LANGUAGE sql AS 'SELECT NULL::jsonb';
CREATE TABLE public.note (words text);
GRANT ALL ON public.note TO incust_app;
CREATE FUNCTION public.note_down(words jsonb) RETURNS jsonb LANGUAGE sql AS $$
  INSERT INTO public.note VALUES (words->>'words') RETURNING jsonb_build_object('words', note.words)
$$;
"""
COLLISIONS = ("55P03", "40P01", "40001", "23505")
"""A lock that was not given, a deadlock, a serialization failure, a key that another has written."""


@pytest.fixture
def looking_on(committed_database: str) -> Iterator[psycopg.Connection[Any]]:
    """Somebody else's connection to the database, which has the functions above."""
    with psycopg.connect(**database.connection_parameters(role=""), autocommit=True) as other:
        other.execute(FUNCTIONS)
        yield other


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What was waited between tries, in seconds, which pass at once."""
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    return waited


def tries(looking_on: psycopg.Connection[Any]) -> int:
    rows = looking_on.execute("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM public.tries").fetchall()
    return int(rows[0][0])


def refuse(state: str, times: int, **members: Any) -> dict[str, Any]:
    return call("public.refuse", {"state": state, "times": times, "message": members.pop("message", None)}, **members)


class TestTries:
    def test_a_collision_is_tried_again(self, looking_on: psycopg.Connection[Any], pauses: list[float]) -> None:
        for state in COLLISIONS:
            looking_on.execute("ALTER SEQUENCE public.tries RESTART")
            assert refuse(state, times=2)["tried"] == 3
        assert len(pauses) == 2 * len(COLLISIONS)
        assert all(PAUSE_S[0] <= pause_s <= PAUSE_S[1] for pause_s in pauses)

    def test_three_collisions_are_enough(self, looking_on: psycopg.Connection[Any], pauses: list[float]) -> None:
        with pytest.raises(Busy):
            refuse("40001", times=100)
        assert (tries(looking_on), len(pauses)) == (3, 2)

    def test_nothing_is_tried_again_that_could_end_too_late(
        self, looking_on: psycopg.Connection[Any], pauses: list[float]
    ) -> None:
        with pytest.raises(Busy):
            refuse("40001", times=1, until=time.monotonic() + till_call.LOCK_TIMEOUT_S / 2)
        assert (tries(looking_on), pauses) == (1, [])

    def test_what_was_answered_in_time_needs_no_time(self, looking_on: psycopg.Connection[Any]) -> None:
        assert refuse("40001", times=0, until=time.monotonic() - 1)["tried"] == 1

    def test_a_typed_problem_is_told_at_once(self, looking_on: psycopg.Connection[Any], pauses: list[float]) -> None:
        with pytest.raises(CheckUnknown):
            refuse("IC000", times=1, message="check-unknown")
        assert (tries(looking_on), pauses) == (1, [])

    def test_any_other_error_is_told_at_once(self, looking_on: psycopg.Connection[Any], pauses: list[float]) -> None:
        with pytest.raises(DatabaseError, match="division by nobody"):
            refuse("22012", times=1, message="division by nobody")
        assert (tries(looking_on), pauses) == (1, [])

    def test_what_the_server_cut_is_busy_and_not_tried_again(
        self, looking_on: psycopg.Connection[Any], pauses: list[float]
    ) -> None:
        with pytest.raises(Busy):
            call("public.cut", {})
        assert (tries(looking_on), pauses) == (1, [])

    def test_a_connection_that_was_lost_in_the_middle_is_replaced(self, looking_on: psycopg.Connection[Any]) -> None:
        first = refuse("40001", times=0)["by"]
        looking_on.execute("SELECT pg_terminate_backend(%s, 2000)", [first])
        assert refuse("40001", times=0)["by"] != first

    def test_an_own_connection_that_was_lost_is_replaced_too(self, looking_on: psycopg.Connection[Any]) -> None:
        connection.ensure_connection()
        first = refuse("40001", times=0)["by"]
        looking_on.execute("SELECT pg_terminate_backend(%s, 2000)", [first])
        assert refuse("40001", times=0)["by"] != first


class TestWithinTheCallersTransaction:
    def test_a_collision_is_not_tried_again(self, looking_on: psycopg.Connection[Any], pauses: list[float]) -> None:
        with transaction.atomic(), pytest.raises(Busy):
            refuse("40001", times=1)
        assert (tries(looking_on), pauses) == (1, [])

    def test_a_problem_undoes_the_call_and_not_what_was_before(self, looking_on: psycopg.Connection[Any]) -> None:
        with transaction.atomic():
            assert call("public.note_down", {"words": "before"}) == {"words": "before"}
            with pytest.raises(CheckUnknown):
                refuse("IC000", times=1, message="check-unknown")
            call("public.note_down", {"words": "after"})
            assert looking_on.execute("SELECT count(*) FROM public.note").fetchone() == (0,)
        assert looking_on.execute("SELECT words FROM public.note").fetchall() == [("before",), ("after",)]

    def test_a_connection_that_was_lost_takes_the_transaction_along(
        self, looking_on: psycopg.Connection[Any], pauses: list[float]
    ) -> None:
        def lose_it() -> None:
            with transaction.atomic():
                lost = refuse("40001", times=0)["by"]
                looking_on.execute("SELECT pg_terminate_backend(%s, 2000)", [lost])
                refuse("40001", times=0)

        with pytest.raises(DatabaseError):
            lose_it()
        assert (tries(looking_on), pauses) == (1, [])


class TestArguments:
    def test_go_in_their_order_and_none_is_null(self, looking_on: psycopg.Connection[Any]) -> None:
        expected = {"one": {"ім'я": "%s $1", "n": 1}, "other": None, "is_null": True}
        assert call("public.pair", {"ім'я": "%s $1", "n": 1}, None) == expected
        with transaction.atomic():
            assert call("public.pair", {"ім'я": "%s $1", "n": 1}, None) == expected

    def test_of_another_call_are_its_own(self, looking_on: psycopg.Connection[Any]) -> None:
        for n in range(2):
            assert call("public.pair", {"n": n}, {})["one"] == {"n": n}
            assert call("public.note_down", {"words": str(n)}) == {"words": str(n)}


class TestConnection:
    def test_is_lent_for_the_call_and_given_back(self, looking_on: psycopg.Connection[Any]) -> None:
        connection.close()
        refuse("40001", times=0)
        assert connection.connection is None
        pool = connection.pool  # type: ignore[attr-defined]
        # More calls than the pool has connections: none of them was kept, after an error neither.
        for _ in range(pool.max_size + 1):
            refuse("40001", times=0)
            with pytest.raises(CheckUnknown):
                refuse("IC000", times=10**6, message="check-unknown")
        assert connection.connection is None

    def test_that_is_taken_already_is_used(self, looking_on: psycopg.Connection[Any]) -> None:
        connection.ensure_connection()
        own = connection.connection.info.backend_pid
        assert refuse("40001", times=0)["by"] == own

    def test_a_closed_pool_is_opened(self, looking_on: psycopg.Connection[Any]) -> None:
        connection.close()
        connection.close_pool()
        assert refuse("40001", times=0)["tried"] == 1

    def test_left_in_a_transaction_that_was_broken_off_commits_again(self, looking_on: psycopg.Connection[Any]) -> None:
        connection.ensure_connection()
        connection.connection.autocommit = False
        call("public.note_down", {"words": "kept"})
        assert looking_on.execute("SELECT words FROM public.note").fetchall() == [("kept",)]

    def test_plans_a_call_once(self, looking_on: psycopg.Connection[Any]) -> None:
        connection.ensure_connection()
        for _ in range(2):
            refuse("40001", times=0)
        assert self.uses_of_plans() == [2]
        with transaction.atomic():
            for _ in range(3):
                refuse("40001", times=0)
        assert self.uses_of_plans() == [2, 3]

    @staticmethod
    def uses_of_plans() -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT generic_plans + custom_plans FROM pg_prepared_statements"
                " WHERE statement LIKE 'SELECT public.refuse(%' ORDER BY 1"
            )
            return [uses for (uses,) in cursor.fetchall()]


class TestUnheardOf:
    def test_a_function_that_is_not_there(self, looking_on: psycopg.Connection[Any]) -> None:
        with pytest.raises(ProgrammingError, match="немає"):
            call('public."немає"', {})

    def test_an_answer_that_is_none(self, looking_on: psycopg.Connection[Any]) -> None:
        with pytest.raises(AssertionError):
            call("public.nothing", {})
