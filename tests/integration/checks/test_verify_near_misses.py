"""Given a hold that alone kept points from expiring, when its receipt takes some, then the rest expires at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from incust.engine.program import Confirmation

from .factories import Cafe, a_cafe, a_check, rules

pytestmark = pytest.mark.django_db
LAST_MINUTES = datetime(2026, 10, 1, 20, 50, tzinfo=UTC)


def faults(cafe: Cafe) -> list[Any]:
    return cafe.rows("SELECT * FROM checks.verify_answers(%s)", cafe.business_id)


def test_the_till_may_have_been_told_the_balance_after_it_and_no_other() -> None:
    cafe = a_cafe(program=rules(credit={"lifetime_days": 30}, confirmation=Confirmation.NEVER))
    guest = cafe.guest()
    guest.finalize(a_check(20_000, external_id="1"))
    guest.reserve(a_check(2000, external_id="2"), 1000, now=LAST_MINUTES)
    told = guest.finalize(a_check(2000, external_id="2"), 300, now=LAST_MINUTES + timedelta(minutes=20))
    assert told.balance_minor == 85
    assert cafe.rows(
        "SELECT p.kind, e.amount_minor, e.balance_after_minor FROM ledger.entry e"
        " JOIN ledger.posting p ON p.id = e.posting_id WHERE e.account_id IS NOT NULL ORDER BY e.account_version"
    ) == [("check", 1000, 1000), ("check", -300, 700), ("check", 85, 785), ("expiry", -700, 85)]
    assert faults(cafe) == []
    for other_minor in (1000, 700, 84):
        cafe.rows(
            "UPDATE checks.check SET answer = answer || jsonb_build_object('balance_minor', %s::bigint)"
            " WHERE id = %s RETURNING id",
            other_minor, told.check_id,
        )  # fmt: skip
        assert faults(cafe) == [("answer-balance", told.check_id, 785, other_minor)]
