"""Which problem a caller meets for what went wrong inside."""

from __future__ import annotations

import psycopg
import pytest
from django.db import OperationalError
from dmr.exceptions import RequestSerializationError, ValidationError
from psycopg_pool import PoolTimeout

from incust.businesses.problems import Problem
from incust.businesses.terminal_access import TerminalOff
from incust.terminal_api.adapter import problem_of


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TerminalOff(), "terminal-off"), (RequestSerializationError("x"), "malformed-request"),
        (OperationalError(), "busy"), (psycopg.OperationalError(), "busy"), (PoolTimeout(), "busy"),
        (psycopg.errors.ConnectionFailure(), "busy"), (ValueError("a fault of ours"), "internal-error"),
    ],
)  # fmt: skip
def test_the_problem_of(error: Exception, code: str) -> None:
    assert problem_of(error).code == code


@pytest.mark.parametrize(
    ("message", "field", "detail"),
    [
        ("Expected `int`, got `str` - at `$.check.total_minor`", "check.total_minor", "Expected `int`, got `str`"),
        ("Expected `str` - at `$.check.lines[0].line_id`", "check.lines[0].line_id", "Expected `str`"),
        ("Object missing required field `id` - at `$.poster_client`", "poster_client.id", None),
        ("Object missing required field `check`", "check", None),
        ("Expected `object`, got `array`", "", "Expected `object`, got `array`"),
    ],
)  # fmt: skip
def test_a_message_is_parted_in_field_and_detail(message: str, field: str, detail: str | None) -> None:
    problem: Problem = problem_of(ValidationError([{"msg": message}]))
    assert problem.members["errors"][0]["field"] == field
    assert detail in (None, problem.members["errors"][0]["detail"])


def test_a_fault_of_ours_says_nothing_of_it() -> None:
    assert "fault" not in str(problem_of(ValueError("a fault of ours")).as_json())
