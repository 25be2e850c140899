"""The guest's history dates an expiry by the day on which it happened, however late it was recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.integration.checks.factories import NOON, a_cafe, a_check, rules
from tests.integration.wallet.guests import a_phone_with_card

from incust.ledger.expire_lots import expire_lots

pytestmark = pytest.mark.django_db


def test_each_day_of_expiry_stands_by_itself_with_its_own_date() -> None:
    guest = a_cafe(program=rules(credit={"lifetime_days": 30})).guest()
    guest.finalize(a_check(9000, external_id="1"), now=NOON)
    guest.finalize(a_check(5000, external_id="2"), now=NOON + timedelta(days=2))
    expire_lots(now=NOON + timedelta(days=80))
    history = a_phone_with_card(guest).get("/w/kava/state").json()["history"]["items"]
    assert [(item["at"], item["redeemed_minor"], item["balance_after_minor"]) for item in history[:2]] == [
        ("2026-10-03T21:00:00+00:00", 250, 0), ("2026-10-01T21:00:00+00:00", 450, 250),
    ]  # fmt: skip
    assert [item["kind"] for item in history] == ["expiry", "expiry", "check", "check"]
