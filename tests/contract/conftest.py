"""A café with a register for each test, and a till at each door.

A module's tests share one database that really commits; each has a business of its own, and businesses see nothing of
each other.
"""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Iterator
from typing import Any

import pytest
from tests.conftest import _copy_template, _drop

from incust.poster.applications import forget_known

from .till import APPLICATION, SECRET, Cafe, KeyTill, PosterTill, open_cafe

_numbers = itertools.count(1)

# A suite of its own, which speaks HTTP with a server that runs: see test_conformance.py.
collect_ignore = ["conformance"]


@pytest.fixture(scope="module")
def contract_database(django_db_setup: None, django_db_blocker: Any, request: pytest.FixtureRequest) -> Iterator[str]:
    """The module's database. Gives its name."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    digest = hashlib.sha256(f"{os.getpid()} {request.node.nodeid}".encode()).hexdigest()[:10]
    name = f"incust_contract_{digest}"
    _copy_template(name)

    def point_to(database: str) -> None:
        connection.close()
        connection.close_pool()
        connection.settings_dict["NAME"] = os.environ["INCUST_DATABASE"] = database

    with django_db_blocker.unblock():
        point_to(name)
        try:
            yield name
        finally:
            point_to(before)
            _drop(name)


@pytest.fixture
def cafe(contract_database: str, settings: Any) -> Iterator[Cafe]:
    settings.POSTER_APPLICATION_ID, settings.POSTER_APPLICATION_SECRET = APPLICATION, SECRET
    forget_known()
    yield open_cafe(f"kava{next(_numbers)}")
    forget_known()


@pytest.fixture
def poster_till(cafe: Cafe) -> PosterTill:
    return PosterTill(account=cafe.account.name)


@pytest.fixture
def key_till(cafe: Cafe) -> KeyTill:
    return KeyTill(key=cafe.api_key())
