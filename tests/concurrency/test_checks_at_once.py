"""Many tills at the same instant, on real connections: one effect, equal answers, nothing below zero."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from incust.businesses.terminal_access import Busy
from incust.checks.finalize import finalize_check
from incust.checks.problems import CheckMismatch, QuoteChanged
from incust.engine.program import Confirmation
from tests.integration.checks.factories import NOON, Cafe, a_cafe, a_check, rules

pytestmark = pytest.mark.usefixtures("committed_database")
CLIENTS = 8  # as many as the pool has connections
Result = TypeVar("Result")


@pytest.fixture
def cafe(committed_database: str) -> Cafe:
    return a_cafe(program=rules(redeem="100", confirmation=Confirmation.NEVER))


def at_once(actions: Sequence[Callable[[], Result]]) -> list[Result | Exception]:
    """Run all actions from one barrier, each on a connection of its own; a till that is told `busy` repeats."""
    connection.close()  # the pool has just enough for the clients
    barrier = Barrier(len(actions))

    def run(action: Callable[[], Result]) -> Result | Exception:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            for _ in range(20):
                try:
                    return action()
                except Busy:
                    continue
            raise AssertionError("busy twenty times over")
        except Exception as error:  # the test looks at it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def ledger_sum(cafe: Cafe) -> int:
    return int(cafe.rows("SELECT coalesce(sum(amount_minor), 0) FROM ledger.entry")[0][0])


@pytest.mark.parametrize("reserved", [True, False])
@pytest.mark.parametrize("same_key", [True, False])
def test_equal_finalizes_have_one_effect_and_equal_answers(cafe: Cafe, reserved: bool, same_key: bool) -> None:
    guest = cafe.guest(12_000)
    if reserved:
        guest.reserve(a_check(9000), 4000)
    request = guest.finalize_request(a_check(9000), 4000)
    requests = [request if same_key else replace(request, caller=cafe.caller()) for _ in range(CLIENTS)]

    answers = at_once([lambda r=r: finalize_check(r, now=NOON) for r in requests])  # type: ignore[misc]

    assert sorted(str(type(answer).__name__) for answer in answers) == ["FinalizedCheck"] * CLIENTS
    assert len({replace(answer, replayed=False) for answer in answers}) == 1  # type: ignore[type-var]
    assert [answer.replayed for answer in answers].count(False) == 1  # type: ignore[union-attr]
    assert guest.balance == (8250, 8250)
    assert cafe.rows("SELECT count(*) FROM ledger.posting WHERE kind = 'check' AND cause_id > 0") == [(1,)]
    assert cafe.rows("SELECT count(*) FROM messaging.outbox") == [(1,)]
    assert ledger_sum(cafe) == 0


def test_competing_redemptions_hold_exactly_what_fits(cafe: Cafe) -> None:
    guest = cafe.guest(3000)

    def reserve(order: int) -> int:
        while True:  # a till that is told "changed" quotes again
            quote = guest.quote(a_check(1000, external_id=str(order)))
            if quote.outcome.redeem_max_minor < 1000:
                return 0
            try:
                return guest.reserve(
                    a_check(1000, external_id=str(order)), 1000, seen_hash=quote.quote_hash
                ).redeem_minor
            except QuoteChanged:
                continue

    answers = at_once([lambda order=order: reserve(order) for order in range(CLIENTS)])  # type: ignore[misc]

    assert sorted(answers) == [0] * (CLIENTS - 3) + [1000] * 3  # type: ignore[type-var]
    assert guest.balance == (3000, 0)


def test_competing_receipts_take_what_is_there_and_leave_no_debt(cafe: Cafe) -> None:
    guest = cafe.guest(3000)
    answers = at_once(
        [lambda n=n: guest.finalize(a_check(1000, external_id=str(n)), 1000) for n in range(CLIENTS)]  # type: ignore[misc]
    )
    unbacked = [answer.unbacked_minor for answer in answers]  # type: ignore[union-attr]
    assert sorted(unbacked) == [0] * 3 + [1000] * (CLIENTS - 3)
    assert guest.balance == (0, 0)
    assert cafe.rows("SELECT sum(amount_minor) FROM ledger.entry WHERE system_account = 'unbacked'") == [(-5000,)]
    assert ledger_sum(cafe) == 0


def test_receipts_of_one_guest_at_once_are_all_earned(cafe: Cafe) -> None:
    guest = cafe.guest()
    answers = at_once(
        [lambda n=n: guest.finalize(a_check(9000, external_id=str(n))) for n in range(CLIENTS)]  # type: ignore[misc]
    )
    assert [answer.earned_minor for answer in answers] == [450] * CLIENTS  # type: ignore[union-attr]
    assert guest.balance == (450 * CLIENTS, 450 * CLIENTS)
    versions = cafe.rows(
        "SELECT account_version, balance_after_minor FROM ledger.entry WHERE account_id IS NOT NULL ORDER BY 1"
    )
    assert versions == [(n, 450 * n) for n in range(1, CLIENTS + 1)]


def test_receipts_of_one_guest_at_once_are_never_told_to_come_back(cafe: Cafe) -> None:
    guest = cafe.guest()
    connection.close()
    barrier = Barrier(2 * CLIENTS)

    def finalize(order: int) -> int:
        try:
            barrier.wait(timeout=20)
            return guest.finalize(a_check(9000, external_id=str(order))).earned_minor  # `Busy` would fail the test
        finally:
            connection.close()

    with ThreadPoolExecutor(2 * CLIENTS) as pool:
        assert list(pool.map(finalize, range(2 * CLIENTS))) == [450] * 2 * CLIENTS
    assert guest.balance == (450 * 2 * CLIENTS, 450 * 2 * CLIENTS)


def test_two_contents_of_one_receipt_post_one_and_refuse_the_other(cafe: Cafe) -> None:
    guest = cafe.guest(12_000)
    answers = at_once(
        [lambda n=n: guest.finalize(a_check(9000), 1000 + n % 2) for n in range(CLIENTS)]  # type: ignore[misc]
    )
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert {type(error) for error in refused} == {CheckMismatch}
    assert len(refused) == CLIENTS // 2
    assert cafe.rows("SELECT count(*) FROM checks.check") == [(1,)]


def test_guests_swapped_between_two_orders_do_not_deadlock(cafe: Cafe) -> None:
    first, second = cafe.guest(4000), cafe.guest(4000)
    one, two = a_check(external_id="1"), a_check(external_id="2")

    def swap(n: int) -> str:
        guest, other = (first, second) if n % 2 else (second, first)
        for check, who in ((one, guest), (two, other)):
            try:
                who.reserve(check, 1000)
            except QuoteChanged:
                continue
        return "done"

    assert at_once([lambda n=n: swap(n) for n in range(CLIENTS)]) == ["done"] * CLIENTS  # type: ignore[misc]
    holds = cafe.rows("SELECT count(*) FROM ledger.hold WHERE resolution IS NULL")[0][0]
    held = cafe.rows("SELECT sum(held_minor) FROM ledger.account")[0][0]
    assert (holds <= 2, held) == (True, 1000 * holds)


def test_a_lapsed_hold_is_taken_once_by_receipt_and_sweeper(cafe: Cafe) -> None:
    from incust.checks.expire import expire_reservations

    guest = cafe.guest(4000)
    guest.reserve(a_check(9000), 4000)
    late = NOON + timedelta(hours=1)
    request = guest.finalize_request(a_check(9000), 4000, now=late)
    answers = at_once([lambda: finalize_check(request, now=late), lambda: expire_reservations(now=late)])
    assert answers[0].unbacked_minor == 0  # type: ignore[union-attr]
    assert guest.balance_at(late) == (250, 250)
    assert cafe.rows("SELECT resolution FROM ledger.hold") == [("expired",)]
