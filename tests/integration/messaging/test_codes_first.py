"""A guest waits at the till for his code: nothing that hangs keeps it waiting."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.integration.messaging.waiting import PHONE, code_payload, make_business, receipt_payload
from tests.phone_process import SOURCE, Phone

from incust.businesses.tenancy import in_business
from incust.messaging import outbox
from incust.messaging.models import Message
from incust.messaging.worker import CONCURRENCY

NOTICES = 3 * CONCURRENCY
MAIL_HANGS_S = 10
ARRIVES_WITHIN_S = 6


@contextmanager
def mail_server_that_hangs() -> Iterator[int]:
    """Takes every connection and never says a word; gives its port."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listening:
        yield listening.getsockname()[1]


@contextmanager
def worker(smtp_port: int, sms_url: str) -> Iterator[None]:
    environment = {
        **os.environ, "INCUST_SMTP_HOST": "127.0.0.1", "INCUST_SMTP_PORT": str(smtp_port), "INCUST_SMS_URL": sms_url,
        "PYTHONPATH": str(SOURCE), "DJANGO_SETTINGS_MODULE": "incust.config.settings",
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, "-m", "incust", "worker"], env=environment)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def test_a_code_arrives_while_the_mail_server_hangs_over_many_notices(committed_database: str) -> None:
    business = make_business()

    def sending() -> int:
        with in_business(business.id):
            return Message.objects.filter(topic="check-finalized", state=Message.State.SENDING).count()

    with Phone() as phone, mail_server_that_hangs() as smtp_port, worker(smtp_port, phone.sms_url):
        with in_business(business.id):
            for number in range(NOTICES):
                outbox.enqueue(business.id, "check-finalized", receipt_payload(balance_minor=number))
        deadline = time.monotonic() + 30
        while sending() < CONCURRENCY:
            assert time.monotonic() < deadline, "the notices did not start"
            time.sleep(0.02)
        started = time.monotonic()
        with in_business(business.id):
            outbox.enqueue(business.id, "confirmation-code", code_payload(contacts={"phone": PHONE}))
        phone.wait_for(PHONE, timeout_s=30)
        assert time.monotonic() - started < ARRIVES_WITHIN_S < MAIL_HANGS_S
        assert sending() == CONCURRENCY, "every other place is still taken"
