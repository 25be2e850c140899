"""Many tills at the same instant, on real connections: one effect, equal answers, nothing below zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from incust.checks.expire import expire_reservations
from incust.checks.finalize import finalize_check
from incust.checks.problems import CheckMismatch, QuoteChanged
from tests.integration.checks.factories import NOON, Cafe, Guest, a_check

from .at_once import CLIENTS, at_once


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

    together = at_once([partial(finalize_check, r, now=NOON) for r in requests])

    assert (len(together.answers), together.errors) == (CLIENTS, [])
    assert len({replace(answer, replayed=False) for answer in together.answers}) == 1
    assert [answer.replayed for answer in together.answers].count(False) == 1
    assert guest.balance == (8250, 8250)
    assert cafe.rows("SELECT count(*) FROM ledger.posting WHERE kind = 'check' AND cause_id > 0") == [(1,)]
    assert cafe.rows("SELECT count(*) FROM messaging.outbox") == [(1,)]
    assert ledger_sum(cafe) == 0


def reserve_a_thousand(guest: Guest, order: int) -> int:
    """As a till does that is told "changed": it quotes again, until nothing can be redeemed any more."""
    check = a_check(1000, external_id=str(order))
    while True:
        quote = guest.quote(check)
        if quote.outcome.redeem_max_minor < 1000:
            return 0
        try:
            return guest.reserve(check, 1000, seen_hash=quote.quote_hash).redeem_minor
        except QuoteChanged:
            continue


def test_competing_redemptions_hold_exactly_what_fits(cafe: Cafe) -> None:
    guest = cafe.guest(5999)

    together = at_once([partial(reserve_a_thousand, guest, order) for order in range(CLIENTS)])

    assert (sorted(together.answers), together.errors) == ([0] * (CLIENTS - 5) + [1000] * 5, [])
    assert guest.balance == (5999, 999)
    assert cafe.rows("SELECT sum(amount_minor), count(*) FROM ledger.hold WHERE resolution IS NULL") == [(5000, 5)]


def test_competing_receipts_take_what_is_there_and_leave_no_debt(cafe: Cafe) -> None:
    guest = cafe.guest(9500)

    together = at_once([partial(guest.finalize, a_check(1000, external_id=str(n)), 1000) for n in range(CLIENTS)])

    unbacked = sorted(answer.unbacked_minor for answer in together.answers)
    assert (unbacked, together.errors) == ([0] * 9 + [500] + [1000] * (CLIENTS - 10), [])
    assert min(answer.balance_minor for answer in together.answers) == 0
    assert guest.balance == (0, 0)
    short = (CLIENTS - 10) * 1000 + 500
    assert cafe.rows("SELECT sum(amount_minor) FROM ledger.entry WHERE system_account = 'unbacked'") == [(-short,)]
    assert cafe.rows("SELECT min(balance_after_minor) FROM ledger.entry") == [(0,)]
    assert ledger_sum(cafe) == 0


def test_receipts_of_one_guest_at_once_are_all_earned(cafe: Cafe) -> None:
    guest = cafe.guest()
    together = at_once([partial(guest.finalize, a_check(9000, external_id=str(n))) for n in range(CLIENTS)])
    assert [answer.earned_minor for answer in together.answers] == [450] * CLIENTS
    assert guest.balance == (450 * CLIENTS, 450 * CLIENTS)
    versions = cafe.rows(
        "SELECT account_version, balance_after_minor FROM ledger.entry WHERE account_id IS NOT NULL ORDER BY 1"
    )
    assert versions == [(n, 450 * n) for n in range(1, CLIENTS + 1)]


def test_two_contents_of_one_receipt_post_one_and_refuse_the_other(cafe: Cafe) -> None:
    guest = cafe.guest(12_000)
    together = at_once([partial(guest.finalize, a_check(9000), 1000 + n % 2) for n in range(CLIENTS)])
    assert {type(error) for error in together.errors} == {CheckMismatch}
    assert len(together.errors) == CLIENTS // 2
    assert len({answer.redeemed_minor for answer in together.answers}) == 1
    assert cafe.rows("SELECT count(*) FROM checks.check") == [(1,)]


def test_a_lapsed_hold_is_taken_once_by_receipt_and_sweeper(cafe: Cafe) -> None:
    guest = cafe.guest(4000)
    guest.reserve(a_check(9000), 4000)
    late = NOON + timedelta(hours=1)
    request = guest.finalize_request(a_check(9000), 4000, now=late)
    receipt = at_once([partial(finalize_check, request, now=late), partial(expire_reservations, now=late)])
    assert [answer.unbacked_minor for answer in receipt.answers if not isinstance(answer, int)] == [0]
    assert guest.balance_at(late) == (250, 250)
    assert cafe.rows("SELECT resolution FROM ledger.hold") == [("expired",)]
