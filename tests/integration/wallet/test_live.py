"""The live process over HTTP: who may listen, what is said, and to whom."""

from __future__ import annotations

import threading
import time
from queue import Empty, Queue

import httpx
import pytest
from django.db import connection
from django.utils import timezone
from tests.integration.checks.factories import Guest, a_cafe, a_check
from tests.integration.wallet.running_wallet import RunningWallet, running_wallet

from incust.wallet.tickets import make_ticket

TOLD_WITHIN_S = 2


@pytest.fixture
def guest(committed_database: str) -> Guest:
    return a_cafe().guest(8000)


class Listening:
    """A stream read in the background; `told` are the versions of its changes."""

    def __init__(self, wallet: RunningWallet, ticket: str) -> None:
        self.told: Queue[int] = Queue()
        self.open = threading.Event()
        self._address = f"{wallet.live_url}/live?ticket={ticket}"
        threading.Thread(target=self._read, daemon=True).start()
        assert self.open.wait(60)

    def _read(self) -> None:
        try:
            with httpx.stream("GET", self._address, timeout=30) as answer:
                assert answer.headers["content-type"] == "text/event-stream"
                self.open.set()
                for line in answer.iter_lines():
                    if line.startswith("data: "):
                        self.told.put(int(line.removeprefix("data: ")))
        except httpx.TransportError:
            return  # the process was stopped: the test is over


def test_each_guest_hears_of_his_own_changes_only_and_nobody_without_a_good_ticket(guest: Guest) -> None:
    other = guest.cafe.guest(100)
    with running_wallet(live=True) as wallet:
        for ticket in ("", "x", make_ticket(guest.cafe.business_id, guest.id)[:-1]):
            assert httpx.get(f"{wallet.live_url}/live", params={"ticket": ticket}).status_code == 401
        assert httpx.get(f"{wallet.live_url}/else").status_code == 404

        ours = Listening(wallet, make_ticket(guest.cafe.business_id, guest.id))
        theirs = Listening(wallet, make_ticket(other.cafe.business_id, other.id))
        foreign = Listening(wallet, make_ticket(other.cafe.business_id + 1, guest.id))
        guest.finalize(a_check(9000), now=timezone.now())
        seconds = seconds_until_told(ours, 2)
        for silent in (theirs, foreign, ours):
            with pytest.raises(Empty):
                silent.told.get(timeout=0.8)

        _cut_the_database_connection()
        # Something may have been missed meanwhile: pages are asked to look for themselves.
        assert ours.told.get(timeout=60) == 0
        guest.finalize(a_check(9000, external_id="15065110645"), now=timezone.now())
        # Promised for each; an overloaded machine may miss one of them.
        assert min(seconds, seconds_until_told(ours, 3)) < TOLD_WITHIN_S


def seconds_until_told(listening: Listening, version: int) -> float:
    started = time.monotonic()
    assert listening.told.get(timeout=60) == version
    return time.monotonic() - started


def _cut_the_database_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND query LIKE '%%wallet.changes_since(%%' AND pid <> pg_backend_pid()"""
        )
        assert cursor.rowcount == 1


@pytest.mark.django_db
def test_the_cursor_gives_no_amounts() -> None:
    a_cafe().guest(8000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wallet.changes_since(0, 10)")
        names = [column.name for column in cursor.description]
        rows = cursor.fetchall()
    assert names == ["entry_id", "business_id", "customer_id", "account_id", "version"]
    assert [row[-1] for row in rows] == [1]
