"""A till never waits for long: locks are waited for three times at most, a lost connection is taken up anew."""

from __future__ import annotations

import threading
import time
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from incust.businesses.terminal_access import Busy
from incust.config import database
from incust.customers.at_terminal import at_terminal
from incust.customers.identify import Identify, identify_customer
from incust.customers.problems import IdentifierUnusable
from incust.engine.program import Confirmation
from tests.integration.checks.factories import NOON, Cafe, a_cafe, a_check, rules
from tests.integration.checks.refunding import refund

DEADLINE_S = 1.2


@pytest.fixture
def cafe(committed_database: str) -> Cafe:
    return a_cafe(program=rules(confirmation=Confirmation.NEVER))


def test_a_locked_account_is_busy_within_the_deadline(cafe: Cafe, as_owner: psycopg.Connection[Any]) -> None:
    guest = cafe.guest(4000)
    as_owner.execute("SELECT set_config('incust.business_id', %s, false)", [str(cafe.business_id)])
    as_owner.execute("SELECT FROM ledger.account FOR UPDATE")
    started = time.perf_counter()
    with pytest.raises(Busy):
        guest.finalize(a_check())
    waited_s = time.perf_counter() - started
    assert 0.9 <= waited_s < DEADLINE_S + 1  # three locks of 300 ms, and a crowded machine
    as_owner.rollback()
    assert guest.finalize(a_check()).earned_minor == 450


def test_a_refund_of_a_locked_account_or_receipt_is_busy_within_the_deadline(
    cafe: Cafe, as_owner: psycopg.Connection[Any]
) -> None:
    guest = cafe.guest(4000)
    check_id = guest.finalize(a_check()).check_id
    for locked in ("ledger.account", "checks.check"):
        as_owner.execute("SELECT set_config('incust.business_id', %s, false)", [str(cafe.business_id)])
        as_owner.execute(f"SELECT FROM {locked} FOR UPDATE")
        started = time.perf_counter()
        with pytest.raises(Busy):
            refund(cafe, check_id)
        assert 0.9 <= time.perf_counter() - started < DEADLINE_S + 1
        as_owner.rollback()
    assert cafe.rows("SELECT count(*) FROM checks.refund") == [(0,)]
    assert refund(cafe, check_id).taken_back_minor == 450


def test_a_lock_that_is_given_up_in_time_is_waited_for(cafe: Cafe, as_owner: psycopg.Connection[Any]) -> None:
    guest = cafe.guest(4000)
    as_owner.execute("SELECT set_config('incust.business_id', %s, false)", [str(cafe.business_id)])
    as_owner.execute("SELECT FROM ledger.account FOR UPDATE")
    letting_go = threading.Timer(0.4, as_owner.rollback)
    letting_go.start()
    assert guest.finalize(a_check()).earned_minor == 450
    letting_go.join()


def test_a_lost_connection_is_taken_up_anew(cafe: Cafe) -> None:
    guest = cafe.guest(4000)
    guest.finalize(a_check())
    connection.ensure_connection()
    lost = connection.connection.info.backend_pid
    with psycopg.connect(**database.connection_parameters(role=database.APP_ROLE), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 2000)", [lost])
    assert guest.finalize(a_check(1000, external_id="2")).balance_minor == 4000 + 450 + 50


def test_a_till_that_recognises_a_guest_does_not_wait_behind_a_lock(
    cafe: Cafe, as_owner: psycopg.Connection[Any]
) -> None:
    def identify() -> None:
        identify_customer(Identify(caller=cafe.caller(), identifier="123456"), now=NOON)

    with pytest.raises(IdentifierUnusable):
        identify()
    as_owner.execute("SELECT set_config('incust.business_id', %s, false)", [str(cafe.business_id)])
    as_owner.execute("SELECT FROM customers.guess_window FOR UPDATE")
    started = time.perf_counter()
    with pytest.raises(Busy):
        identify()
    assert time.perf_counter() - started < DEADLINE_S + 1
    as_owner.rollback()


def test_a_statement_of_a_terminals_transaction_ends_in_time(cafe: Cafe) -> None:
    started = time.perf_counter()
    with pytest.raises(Busy), at_terminal(cafe.caller()), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(10)")
    assert 1.1 <= time.perf_counter() - started < 3.0


def test_a_database_that_is_away_is_told_within_the_deadline(cafe: Cafe) -> None:
    guest = cafe.guest()
    connection.close()
    connection.close_pool()
    port, connection.settings_dict["PORT"] = connection.settings_dict["PORT"], "1"
    try:
        started = time.perf_counter()
        with pytest.raises(OperationalError):
            guest.quote(a_check())
        assert time.perf_counter() - started < DEADLINE_S + 1
    finally:
        connection.close()
        connection.close_pool()
        connection.settings_dict["PORT"] = port
