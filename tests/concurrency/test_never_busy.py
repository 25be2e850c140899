"""What the program promises about waiting, with as many clients as its pool has connections, or more."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from incust.engine.program import Confirmation
from tests.integration.checks.factories import a_cafe, a_check, rules

CLIENTS = 16  # twice the pool's connections, as it is set for a web process


def test_receipts_of_one_guest_at_once_are_never_told_to_come_back(committed_database: str) -> None:
    guest = a_cafe(program=rules(redeem="100", confirmation=Confirmation.NEVER)).guest()
    connection.close()
    barrier = Barrier(CLIENTS)

    def finalize(order: int) -> int:
        try:
            barrier.wait(timeout=20)
            return guest.finalize(a_check(9000, external_id=str(order))).earned_minor  # `Busy` would fail the test
        finally:
            connection.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        assert list(pool.map(finalize, range(CLIENTS))) == [450] * CLIENTS
    assert guest.balance == (450 * CLIENTS, 450 * CLIENTS)
