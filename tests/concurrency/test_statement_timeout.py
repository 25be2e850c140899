"""A statement that takes too long under a till's call is cut, and the till told to try again; pages may take longer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest
from django.test.utils import CaptureQueriesContext

from incust.config.processes import Supervisor
from incust.config.serve import STATEMENT_MS_MAX, programs
from tests.contract.till import Cafe, open_cafe
from tests.free_port import free_port
from tests.phone_process import SOURCE

SLEEP_S = 5


@pytest.fixture
def web(committed_database: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the web as `incust serve` starts it, over the test's database."""
    port = free_port()
    monkeypatch.setenv("PYTHONPATH", str(SOURCE))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "incust.config.settings")
    monkeypatch.setenv("INCUST_PUBLIC_URL", f"http://127.0.0.1:{port}")
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(programs(port=port, live_port=free_port(), web_workers=1)[0])
        yield f"http://127.0.0.1:{port}"


def sleeping(as_owner: psycopg.Connection[Any], function: str, arguments: str) -> None:
    """The function sleeps, and does nothing."""
    as_owner.execute(
        f"CREATE OR REPLACE FUNCTION {function}({arguments}) RETURNS jsonb LANGUAGE plpgsql"
        f" AS $$ BEGIN PERFORM pg_sleep({SLEEP_S}); RETURN NULL; END $$"
    )
    as_owner.commit()


def quote(address: str, cafe: Cafe) -> httpx.Response:
    guest = cafe.customer()
    check = {
        "external_id": "1", "transaction_id": "", "currency": "UAH", "total_minor": 9000, "service_minor": 0,
        "lines": [{
            "line_id": "0", "product_id": "12", "modification_id": "", "quantity": "2.000", "amount_minor": 9000,
            "discountable": True, "promotion": False,
        }],
    }  # fmt: skip
    return httpx.post(
        f"{address}/terminal/v1/checks/quote", headers={"Authorization": f"Bearer {cafe.api_key()}"}, timeout=20,
        json={"check": check, "customer_id": str(guest.pk), "identification_id": None, "redeem_minor": None},
    )  # fmt: skip


def test_a_statement_that_sleeps_under_a_tills_call_is_cut_and_the_till_told(
    web: str, as_owner: psycopg.Connection[Any]
) -> None:
    cafe = open_cafe()
    cafe.publish_five_percent()
    answer = quote(web, cafe)
    assert answer.status_code == 200, answer.text
    sleeping(as_owner, "checks.load", "caller jsonb, ask jsonb")
    started = time.monotonic()
    answer = quote(web, cafe)
    waited_s = time.monotonic() - started
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert STATEMENT_MS_MAX / 1000 <= waited_s < SLEEP_S, "cut, and not tried again"


@pytest.mark.django_db
def test_a_page_of_the_panel_takes_its_time_and_gives_it_back() -> None:
    from django.db import connection

    from tests.integration.panel.people import owner_of

    with CaptureQueriesContext(connection) as queries:
        assert owner_of().get().status_code == 200
    assert [query["sql"] for query in queries if "statement_timeout" in query["sql"]] == [
        "SELECT set_config('statement_timeout', '15s', true)"
    ]
