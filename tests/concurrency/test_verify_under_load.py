"""Comparing the ledger of a café that goes on selling raises no false alarm."""

from __future__ import annotations

import threading

from django.db import connection

from incust.businesses.terminal_access import Busy
from incust.checks.verify import verify_ledger
from tests.integration.checks.factories import Cafe, Guest, a_check

COMPARED = 25


def sell_until(stop: threading.Event, guest: Guest, sold: list[int]) -> None:
    try:
        number = 0
        while not stop.is_set():
            number += 1
            check = a_check(9000, external_id=f"{guest.id}-{number}")
            try:
                if number % 2:
                    guest.reserve(check, 200)
                guest.finalize(check, 200)
            except Busy:
                continue
            sold.append(guest.id)
    finally:
        connection.close()


def test_a_ledger_that_is_written_meanwhile_is_compared_as_of_one_instant(cafe: Cafe) -> None:
    guests = [cafe.guest() for _ in range(3)]
    for guest in guests:
        guest.finalize(a_check(200_000, external_id=f"first of {guest.id}"))
    stop, sold = threading.Event(), list[int]()
    tills = [threading.Thread(target=sell_until, args=[stop, guest, sold]) for guest in guests]
    for till in tills:
        till.start()
    try:
        found = []
        for _ in range(COMPARED):
            before = len(sold)
            found += verify_ledger()
            while len(sold) == before:  # something was sold since, however crowded the machine
                assert all(till.is_alive() for till in tills)
                stop.wait(0.01)
    finally:
        stop.set()
        for till in tills:
            till.join()
    assert found == []
    assert len(sold) >= COMPARED
