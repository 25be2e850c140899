"""The web server as `incust serve` starts it, and 32 tills that report one receipt to it at the same instant."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import httpx
import pytest
from django.db import connection
from django.utils import timezone

from incust.businesses.tenancy import in_business
from incust.config.serve import programs
from tests.contract.till import Cafe, open_cafe
from tests.free_port import free_port
from tests.phone_process import SOURCE

from .at_once import CLIENTS

BUSY_MAX = 20
CHECK = {
    "external_id": "1506511064579", "transaction_id": "", "currency": "UAH", "total_minor": 9000, "service_minor": 0,
    "pre_check_printed": False,
    "lines": [{
        "line_id": "0", "product_id": "12", "modification_id": "", "quantity": "2.000", "amount_minor": 9000,
        "discountable": True, "promotion": False,
    }],
}  # fmt: skip


@dataclass(frozen=True)
class Answered:
    status: int
    body: str
    replayed: bool


@pytest.fixture
def url(many_connections: str) -> Iterator[str]:
    port = free_port()
    web = next(program for program in programs(port=port, live_port=port, web_workers=1) if program.name == "web")
    environment = {
        **os.environ, "INCUST_DATABASE": many_connections, "PYTHONPATH": str(SOURCE),
        "DJANGO_SETTINGS_MODULE": "incust.config.settings", "INCUST_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    process = subprocess.Popen(list(web.command), env=environment)
    try:
        deadline = time.monotonic() + 60
        while not answers(web.ready_url):
            assert process.poll() is None, "the web server ended"
            assert time.monotonic() < deadline, "the web server does not answer"
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/terminal/v1"
    finally:
        process.terminate()
        process.wait(30)


def answers(url: str | None) -> bool:
    try:
        return httpx.get(str(url), timeout=2).status_code == 200
    except httpx.TransportError:
        return False


def post_at_once(address: str, api_key: str, body: dict[str, Any], keys: list[str]) -> list[Answered]:
    """Each from a connection of its own; who is told `busy` repeats with the same key, as a till does."""
    barrier = Barrier(len(keys))
    sent = json.dumps(body)

    def post(key: str) -> Answered:
        with httpx.Client(timeout=30) as client:
            client.get(address.split("/terminal")[0] + "/alive")  # the connection is there before the barrier
            barrier.wait(timeout=60)
            for _ in range(BUSY_MAX):
                headers = {"Authorization": f"Bearer {api_key}", "Idempotency-Key": key}
                response = client.post(address, content=sent, headers=headers)
                if response.status_code != 503:
                    break
            return Answered(response.status_code, response.text, "Idempotent-Replay" in response.headers)

    with ThreadPoolExecutor(len(keys)) as pool:
        return list(pool.map(post, keys))


def finalize_body(customer_id: int) -> dict[str, Any]:
    return {
        "check_id": None, "customer_id": str(customer_id), "identification_id": None, "check": CHECK,
        "redeemed_minor": 0, "closed_without_payment": False, "closed_at": timezone.now().isoformat(),
        "payment": {"cash_minor": 9000, "card_minor": 0, "other_minor": 0, "poster_bonus_minor": 0},
        "salesperson": None,
    }  # fmt: skip


def refund_body(check_id: str) -> dict[str, Any]:
    return {
        "check_id": check_id, "external_id": None, "transaction_id": "", "lines": None, "accomplished": False,
        "refunded_at": timezone.now().isoformat(), "salesperson": None,
    }  # fmt: skip


def rows(cafe: Cafe, sql: str) -> list[Any]:
    with in_business(cafe.business.pk), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.mark.parametrize("same_key", [True, False])
def test_equal_reports_have_one_effect_and_equal_answers(url: str, same_key: bool) -> None:
    cafe = open_cafe()
    cafe.publish_five_percent()
    guest, api_key = cafe.customer(phone="+380501112233"), cafe.api_key()
    keys = [f"key-{0 if same_key else n}" for n in range(CLIENTS)]

    paid = post_at_once(f"{url}/checks/finalize", api_key, finalize_body(guest.pk), keys)

    assert {(answer.status, answer.body) for answer in paid} == {(200, paid[0].body)}
    assert [answer.replayed for answer in paid].count(False) == 1
    body = json.loads(paid[0].body)
    assert (body["earned_minor"], body["balance_minor"]) == (450, 450)
    assert rows(cafe, "SELECT count(*), sum(earned_minor) FROM checks.check") == [(1, 450)]

    back = post_at_once(f"{url}/checks/refund", api_key, refund_body(body["check_id"]), [f"{key}-back" for key in keys])

    assert {(answer.status, answer.body) for answer in back} == {(200, back[0].body)}
    assert [answer.replayed for answer in back].count(False) == 1
    assert rows(cafe, "SELECT kind, count(*) FROM ledger.posting GROUP BY 1 ORDER BY 1") == [
        ("check", 1),
        ("refund", 1),
    ]
    assert rows(cafe, "SELECT sum(balance_minor)::int FROM ledger.account") == [(0,)]
