"""Which problem a caller meets for what went wrong inside."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
import psycopg
import pytest
from django.db import OperationalError
from django.utils import translation
from dmr.exceptions import RequestSerializationError, ValidationError
from msgspec import Meta
from psycopg_pool import PoolTimeout

from incust.businesses.problems import Problem
from incust.businesses.terminal_access import TerminalOff
from incust.terminal_api.adapter import problem_of
from incust.terminal_api.field_faults import field_fault


class Fields(msgspec.Struct):
    """One field of each kind that the contract has."""

    number: Annotated[int, Meta(ge=0)]
    word: Annotated[str, Meta(min_length=1, max_length=3)] = "abc"
    code: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "UAH"
    kind: Literal["a", "b"] = "a"
    at: Annotated[datetime, Meta(tz=True)] | None = None
    day: date | None = None


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
        ("Expected `int`, got `str` - at `$.check.total_minor`", "check.total_minor", "Expected `int`, got `str`."),
        ("Expected `str` - at `$.check.lines[0].line_id`", "check.lines[0].line_id", "Expected `str`"),
        ("Object missing required field `id` - at `$.poster_client`", "poster_client.id", None),
        ("Object missing required field `check`", "check", "This is missing."),
        ("Expected `object`, got `array`", "", "Expected `object`, got `array`."),
        ("Expected `int` >= 0 - at `$.total_minor`", "total_minor", "The number is at least 0."),
        ("Expected `str` of length <= 64 - at `$.a`", "a", "The length is at most 64."),
    ],
)  # fmt: skip
def test_a_message_is_parted_in_field_and_detail(message: str, field: str, detail: str | None) -> None:
    problem: Problem = problem_of(ValidationError([{"msg": message}]))
    assert problem.members["errors"][0]["field"] == field
    assert detail in (None, problem.members["errors"][0]["detail"])


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({}, "Цього бракує."),
        ({"number": -1}, "Число не менше за 0."),
        ({"number": "1"}, "Очікується `int`, а надійшло `str`."),
        ({"number": 1, "word": ""}, "Довжина не менша за 1."),
        ({"number": 1, "word": "abcd"}, "Довжина не більша за 3."),
        ({"number": 1, "code": "uah"}, "Текст не має очікуваного вигляду."),
        ({"number": 1, "kind": "c"}, "Цього значення немає серед відомих."),
        (
            {"number": 1, "at": "2026-01-31T12:00:00"},
            "Потрібен момент із часовим поясом, наприклад 2026-01-31T12:00:00Z.",
        ),
        ({"number": 1, "day": "31.01.2026"}, "Потрібна дата, наприклад 1990-04-12."),
    ],
)  # fmt: skip
def test_what_the_parser_says_most_often_is_said_in_the_tills_language(value: dict[str, object], said: str) -> None:
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.convert(value, Fields)
    with translation.override("uk"):
        assert field_fault(str(refused.value))["detail"] == said


def test_a_fault_of_ours_says_nothing_of_it() -> None:
    assert "fault" not in str(problem_of(ValueError("a fault of ours")).as_json())
