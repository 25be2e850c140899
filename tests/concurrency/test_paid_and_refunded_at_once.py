"""A refund overtakes its payment, or comes many times under one key: each of both happens once."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from incust.checks.finalize import finalize_check
from incust.checks.problems import CheckNotFinal, CheckUnknown
from incust.checks.refund import RefundCheck, refund_check
from tests.integration.checks.factories import NOON, Cafe, a_check

from .at_once import CLIENTS, at_once


def test_one_request_told_many_times_refunds_once(cafe: Cafe) -> None:
    guest = cafe.guest(12_000)
    paid = guest.finalize(a_check(9000), 4000)
    request = RefundCheck(caller=cafe.caller(), check_id=paid.check_id, refunded_at=NOON)

    together = at_once([partial(refund_check, request, now=NOON)] * CLIENTS)

    assert (len(together.answers), together.errors) == (CLIENTS, [])
    assert len({replace(answer, replayed=False) for answer in together.answers}) == 1
    assert [answer.replayed for answer in together.answers].count(False) == 1
    assert guest.balance == (12_000, 12_000)
    assert cafe.rows("SELECT count(*) FROM ledger.posting WHERE kind = 'refund'") == [(1,)]


def test_a_receipt_that_is_paid_and_refunded_at_once_is_each_of_it_once(cafe: Cafe) -> None:
    """Told in whatever order; a till that is told "unknown" or "not paid" comes again after the payment."""
    guest = cafe.guest(12_000)
    paying = guest.finalize_request(a_check(9000), 4000)
    returning = RefundCheck(caller=cafe.caller(), external_id=paying.check.external_id, refunded_at=NOON)

    def give_back() -> str:
        while True:
            try:
                return refund_check(replace(returning, caller=cafe.caller()), now=NOON).status
            except (CheckUnknown, CheckNotFinal):
                continue

    def pay() -> str:
        return finalize_check(replace(paying, caller=cafe.caller()), now=NOON).status

    together = at_once([give_back if n % 2 else pay for n in range(CLIENTS)])

    assert together.errors == []
    assert (together.answers.count("finalized"), together.answers.count("refunded")) == (CLIENTS // 2, CLIENTS // 2)
    kinds = cafe.rows("SELECT kind, count(*) FROM ledger.posting WHERE cause_id > 0 GROUP BY 1 ORDER BY 1")
    assert kinds == [("check", 1), ("refund", 1)]
    assert guest.balance == (12_000, 12_000)
