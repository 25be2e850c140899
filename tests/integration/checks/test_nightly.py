"""The ledger is compared each night by a worker as it runs in the shop, whose clock says that the time has come."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.utils import timezone
from tests.phone_process import SOURCE

from incust.businesses.tenancy import in_business
from incust.checks.models import Verification

from .factories import Cafe, a_cafe, a_check

# The worker alone lives at another hour: its schedule asks this clock.
WORKER = """
import sys, time
real, started, begins_at = time.time, time.time(), float(sys.argv[1])
time.time = lambda: begins_at + real() - started
from incust.config.command_line import main
sys.exit(main(["worker"]))
"""
WITHIN_S = 40


@contextmanager
def worker(begins_at: datetime) -> Iterator[None]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "DJANGO_SETTINGS_MODULE": "incust.config.settings"}
    process = subprocess.Popen([sys.executable, "-c", WORKER, str(begins_at.timestamp())], env=environment)
    try:
        yield
        process.terminate()
        assert process.wait(30) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def tonight(hour: int) -> datetime:
    return timezone.now().astimezone(UTC).replace(hour=hour, minute=10, second=58, microsecond=0)


def verifications(cafe: Cafe) -> list[int]:
    with in_business(cafe.business_id):
        return list(Verification.objects.order_by("id").values_list("differences", flat=True))


def wait_for(cafe: Cafe, expected: list[int]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while verifications(cafe) != expected:
        assert time.monotonic() < deadline, f"found {verifications(cafe)}"
        time.sleep(0.1)


def verified(cafe: Cafe, ago: timedelta) -> None:
    with in_business(cafe.business_id):
        at = timezone.now() - ago
        Verification.objects.create(
            business_id=cafe.business_id, started_at=at, finished_at=at, differences=0, examples=[]
        )


@pytest.fixture
def cafe(committed_database: str) -> Cafe:
    cafe = a_cafe()
    cafe.guest().finalize(a_check(9000))
    return cafe


def test_at_night_every_business_is_compared_and_the_result_kept(cafe: Cafe, as_owner: psycopg.Connection[Any]) -> None:
    other = a_cafe("other")
    as_owner.execute("SELECT set_config('incust.business_id', %s, false)", [str(cafe.business_id)])
    as_owner.execute("UPDATE ledger.account SET balance_minor = 451")
    as_owner.commit()
    verified(cafe, timedelta(hours=1))
    with worker(tonight(4)):
        wait_for(cafe, [0, 1])
        wait_for(other, [0])
    with in_business(cafe.business_id):
        assert Verification.objects.get(differences=1).examples == [
            {"fault": "balance", "subject": 1, "expected": 450, "found": 451}
        ]


def test_a_night_that_was_missed_is_made_up_for_in_the_next_hour(cafe: Cafe) -> None:
    other = a_cafe("other")
    verified(cafe, timedelta(hours=26))
    verified(other, timedelta(hours=24))
    with worker(tonight(15)):
        wait_for(cafe, [0, 0])
    assert verifications(other) == [0]
