"""The job that posts what expired, while tills redeem the same points: each point goes one way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

from incust.checks.finalize import finalize_check
from incust.checks.verify import verify_ledger
from incust.engine.program import Confirmation
from incust.ledger.expire_lots import expire_lots
from tests.integration.checks.factories import NOON, a_cafe, a_check, rules

from .at_once import CLIENTS, at_once

LAST_DAY_ENDS = datetime(2026, 9, 2, 21, tzinfo=UTC)
EARLY, LATE = LAST_DAY_ENDS - timedelta(microseconds=1), LAST_DAY_ENDS


def test_points_that_expire_while_tills_redeem_go_one_way_each(many_connections: str) -> None:
    cafe = a_cafe(program=rules(redeem="100", confirmation=Confirmation.NEVER, credit={"lifetime_days": 1}))
    guest = cafe.guest()
    guest.finalize(a_check(64_000, external_id="earned"), now=NOON)
    assert guest.balance == (3200, 3200)
    tills = [
        partial(finalize_check, guest.finalize_request(a_check(100, external_id=f"{number}"), 100, now), now=now)
        for number, now in enumerate([EARLY, LATE] * ((CLIENTS - 2) // 2))
    ]
    jobs = [partial(expire_lots, now=LATE)] * 2

    together = at_once([*tills, *jobs])

    assert together.errors == []
    expire_lots(now=LATE)  # had a till kept both jobs waiting
    redeemed = [answer.redeemed_minor - answer.unbacked_minor for answer in together.answers[: len(tills)]]
    assert redeemed[1::2] == [0] * (len(tills) // 2), "nothing is left from that instant on"
    assert set(redeemed) <= {0, 100}
    assert cafe.rows("SELECT coalesce(sum(amount_minor), 0) FROM ledger.entry WHERE system_account = 'expired'") == [
        (3200 - sum(redeemed),)
    ]
    assert cafe.rows("SELECT DISTINCT happened_at FROM ledger.posting WHERE kind = 'expiry'") == [(LAST_DAY_ENDS,)]
    assert guest.balance_at(LATE) == (0, 0)
    assert verify_ledger() == []
