"""The worker as a process: relay, jobs, and what a kill leaves behind."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from tests.free_port import free_port
from tests.integration.messaging.waiting import EMAIL, code_payload, make_business, receipt_payload
from tests.phone_process import SOURCE, Phone

from incust.businesses.models import Business
from incust.businesses.tenancy import in_business
from incust.messaging import outbox

ARRIVES_WITHIN_S = 5
TAKEN_OVER_WITHIN_S = 30


@contextmanager
def worker(smtp_port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`incust worker` over the test's database; stopped the way a supervisor does it, unless the test killed it."""
    environment = {
        **os.environ, "INCUST_SMTP_HOST": "127.0.0.1", "INCUST_SMTP_PORT": str(smtp_port), "INCUST_SMS_URL": "",
        "PYTHONPATH": str(SOURCE), "DJANGO_SETTINGS_MODULE": "incust.config.settings",
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, "-m", "incust", "worker"], env=environment)
    try:
        yield process
        if process.poll() is None:
            process.terminate()
            assert process.wait(20) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def put(business: Business, topic: str, payload: dict[str, Any]) -> None:
    with in_business(business.id):
        outbox.enqueue(business.id, topic, payload)


def until(condition: Callable[[], object], timeout_s: float = 15) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def left_over(business: Business) -> tuple[int, int]:
    """Events in the outbox, and jobs of events."""
    with in_business(business.id), connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT count(*) FROM messaging.outbox),
                      (SELECT count(*) FROM public.procrastinate_jobs WHERE lock LIKE 'event:%%')"""
        )
        return cursor.fetchone()


@pytest.fixture
def business(committed_database: str) -> Business:
    return make_business()


def test_what_is_put_into_the_outbox_arrives_within_seconds_and_nothing_stays(business: Business) -> None:
    with Phone() as phone, worker(phone.smtp_port):
        put(business, "confirmation-code", code_payload())
        assert phone.wait_for(EMAIL)[0]["code"] == "482913"
        started = time.monotonic()
        put(business, "check-finalized", receipt_payload(language="en"))
        assert phone.wait_for(EMAIL, count=2)[0]["text"] == "Kava: −40.00, +2.50. Balance: 82.50."
        assert time.monotonic() - started < ARRIVES_WITHIN_S
        until(lambda: left_over(business) == (0, 0))


def test_two_workers_send_each_message_once(business: Business) -> None:
    with Phone() as phone, worker(phone.smtp_port), worker(phone.smtp_port):
        for number in range(30):
            put(business, "check-finalized", receipt_payload(balance_minor=number * 100))
        phone.wait_for(EMAIL, count=30, timeout_s=20)
        until(lambda: left_over(business) == (0, 0))
        assert len({message["text"] for message in phone.messages(EMAIL)}) == 30
        assert len(phone.messages(EMAIL)) == 30


def test_a_mail_server_that_comes_back_gets_what_waited(business: Business) -> None:
    phone = Phone()
    with worker(phone.smtp_port):
        put(business, "confirmation-code", code_payload())
        until(lambda: _attempts(business) >= 1)
        phone.switch_on()
        assert phone.wait_for(EMAIL)[0]["code"] == "482913"
        phone.switch_off()


def test_a_worker_killed_in_the_middle_of_sending_loses_nothing(business: Business) -> None:
    smtp_port = free_port()
    # A mail server that takes the connection and says nothing: the worker is in the middle of sending when it dies.
    with socket.create_server(("127.0.0.1", smtp_port)) as silent, worker(smtp_port) as killed:
        put(business, "confirmation-code", code_payload())
        with silent.accept()[0]:
            killed.kill()
            killed.wait()
    with Phone(smtp_port=smtp_port) as phone, worker(smtp_port):
        assert phone.wait_for(EMAIL, timeout_s=TAKEN_OVER_WITHIN_S)[0]["code"] == "482913"
        until(lambda: left_over(business) == (0, 0))


def _attempts(business: Business) -> int:
    with in_business(business.id), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(attempts), 0) FROM messaging.message WHERE error = 'smtp-unreachable'")
        return cursor.fetchone()[0]
