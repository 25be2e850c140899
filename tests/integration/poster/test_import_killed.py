"""The worker is killed in the middle of an import: the next one goes on, nobody comes and nothing is given twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.integration.poster.importing import Cafe, counts
from tests.integration.poster.poster_beside import PosterBeside

from incust.poster.client_models import ClientImport

ROOT = Path(__file__).parents[3]
CLIENTS = 3000
WORKER = """
import sys
import django
django.setup()
from django.conf import settings
settings.POSTER_ACCOUNT_URL = sys.argv[3]
from django.utils import timezone
from incust.messaging.outbox import Event
from incust.poster import import_clients
run = Event(id=1, business_id=int(sys.argv[1]), topic="", payload={"import_id": sys.argv[2]}, created_at=timezone.now())
import_clients.run_import(run)
"""


def worker(cafe: Cafe, number: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(cafe.business.pk), str(number), f"{cafe.poster.url}/{{account}}"],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "incust.config.settings",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
        },
    )


def kill_in_a_page(cafe: Cafe, number: int, *, after_s: float) -> ClientImport:
    """Let it do a page or more, then kill it ``after_s`` into the next one."""
    before = cafe.result(number).read
    running = worker(cafe, number)
    give_up_at = time.monotonic() + 60
    while cafe.result(number).read == before:
        assert running.poll() is None, "the worker ended before it could be killed"
        assert time.monotonic() < give_up_at
        time.sleep(0.005)
    time.sleep(after_s)
    running.send_signal(signal.SIGKILL)
    running.wait(10)
    return cafe.result(number)


@pytest.mark.parametrize("pauses", [(0.0, 0.1, 0.2), (0.05, 0.15)])
def test_a_killed_import_goes_on_where_it_was(
    committed_database: str, poster: PosterBeside, pauses: tuple[float, ...]
) -> None:
    poster.client.post("/sandbox/clients", json={"account": "demo-cafe", "count": CLIENTS})
    cafe = Cafe(poster)
    told = cafe.run(dry_run=True)
    number = cafe.start()
    for after_s in pauses:
        cut = kill_in_a_page(cafe, number, after_s=after_s)
        assert cut.state == "running"
        assert cut.read < told.read
        assert cafe.rows("SELECT count(*) FROM customers.customer") == [(cut.created,)]
        assert cafe.rows("SELECT count(*) FROM poster.imported_client") == [(cut.read,)]
        assert cafe.faults() == []
    while cafe.step(number):
        pass
    done = cafe.result(number)
    assert done.state == "finished"
    assert counts(done) == counts(told)
    assert cafe.rows("SELECT count(*), count(DISTINCT customer_id) FROM poster.client") == [(CLIENTS + 8, CLIENTS + 8)]
    assert cafe.rows("SELECT count(*), sum(amount_minor)::bigint FROM checks.balance_import") == [
        (told.balances, told.balance_minor)
    ]
    assert cafe.rows("SELECT sum(balance_minor)::bigint FROM ledger.account") == [(told.balance_minor,)]
    assert cafe.faults() == []


def test_two_workers_at_one_import_do_each_page_once(committed_database: str, poster: PosterBeside) -> None:
    poster.client.post("/sandbox/clients", json={"account": "demo-cafe", "count": CLIENTS})
    cafe = Cafe(poster)
    told = cafe.run(dry_run=True)
    number = cafe.start()
    both = [worker(cafe, number), worker(cafe, number)]
    for one in both:
        one.wait(60)
    while cafe.step(number):
        pass
    assert counts(cafe.result(number)) == counts(told)
    assert cafe.faults() == []
