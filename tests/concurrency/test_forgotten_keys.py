"""Old keys are forgotten while tills repeat under them: the receipt's own keys answer, and nothing is posted again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from incust.checks.expire import IDEMPOTENCY_KEYS_KEPT, prune_idempotency_keys
from incust.checks.finalize import finalize_check
from incust.checks.refund import RefundCheck, refund_check
from tests.integration.checks.factories import NOON, Cafe, a_check

from .at_once import CLIENTS, at_once

LATER = NOON + IDEMPOTENCY_KEYS_KEPT + timedelta(minutes=1)


def test_repeats_that_race_with_forgetting_get_the_answer_once_given(cafe: Cafe) -> None:
    guest = cafe.guest(12_000)
    paying = guest.finalize_request(a_check(9000), 4000)
    paid = finalize_check(paying, now=NOON)
    returning = RefundCheck(caller=cafe.caller(), check_id=paid.check_id, refunded_at=NOON)
    returned = refund_check(returning, now=NOON)

    for _round in range(3):
        together = at_once(
            [
                partial(prune_idempotency_keys, now=LATER) if n % 8 == 0
                else partial(finalize_check, paying, now=LATER) if n % 2
                else partial(refund_check, returning, now=LATER)
                for n in range(CLIENTS)
            ]
        )  # fmt: skip
        assert together.errors == []
        answers = {answer for answer in together.answers if not isinstance(answer, int)}
        assert answers == {replace(paid, replayed=True), replace(returned, replayed=True)}

    assert cafe.rows("SELECT kind, count(*) FROM ledger.posting WHERE cause_id > 0 GROUP BY 1 ORDER BY 1") == [
        ("check", 1), ("refund", 1),
    ]  # fmt: skip
    assert guest.balance == (12_000, 12_000)
