"""Which applications we are, while the database is there and while it is away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection

from incust.poster import applications
from incust.poster.applications import application_named, forget_known, known_applications, register_application
from incust.poster.applications import secret_of as secret


@pytest.fixture
def own(settings: Any) -> Iterator[str]:
    settings.POSTER_APPLICATION_ID, settings.POSTER_APPLICATION_SECRET = "1234", "of-the-settings"
    forget_known()
    yield "1234"
    forget_known()


@pytest.fixture
def away(committed_database: str, own: str) -> Iterator[None]:
    """A database that cannot be reached from now on; what was learnt from it stays."""
    register_application(application_id="999", name="Partner", secret="of-the-partner")
    assert secret("999") == "of-the-partner"
    connection.close()
    connection.close_pool()
    port, connection.settings_dict["PORT"] = connection.settings_dict["PORT"], "1"
    yield
    connection.close()
    connection.close_pool()
    connection.settings_dict["PORT"] = port


def test_the_settings_win_over_a_row_of_the_same_number(committed_database: str, own: str) -> None:
    register_application(application_id=own, name="Old name", secret="of-the-table")
    register_application(application_id="999", name="Partner", secret="of-the-partner")
    assert [known.secret for known in known_applications()] == ["of-the-settings", "of-the-partner"]
    assert application_named("partner").application_id == "999"  # type: ignore[union-attr]


def test_the_application_of_the_settings_is_known_at_once_without_the_database(away: None, own: str) -> None:
    forget_known()
    started = time.perf_counter()
    assert secret(own) == "of-the-settings"
    assert time.perf_counter() - started < 0.8  # asking would take a second


def test_applications_of_the_table_stay_known_while_the_database_is_away(
    away: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applications, "_read_again_at", 0.0)
    started = time.perf_counter()
    assert [secret("999") for _request in range(4)] == ["of-the-partner"] * 4
    assert time.perf_counter() - started < 3  # one of them asked, for a second


def test_what_was_never_read_is_a_database_that_is_away_not_an_unknown_application(away: None) -> None:
    forget_known()
    with pytest.raises(OperationalError):
        secret("999")
