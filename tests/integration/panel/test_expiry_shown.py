"""The customer's page dates an expiry by the midnight of the business that ended the last day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.integration.checks.factories import NOON, a_cafe, a_check, rules
from tests.integration.panel.people import Person

from incust.businesses.models import Business, User
from incust.businesses.tenancy import in_business
from incust.ledger.expire_lots import expire_lots

pytestmark = pytest.mark.django_db


def test_an_expiry_that_was_recorded_late_shows_its_own_day() -> None:
    cafe = a_cafe(program=rules(credit={"lifetime_days": 30}))
    guest = cafe.guest()
    guest.finalize(a_check(9000), now=NOON)
    expire_lots(now=NOON + timedelta(days=80))
    with in_business(cafe.business_id):
        owner = Person(User.objects.get(username="owner of kava"), Business.objects.get(pk=cafe.business_id))
    page = owner.get(f"customers/customer/{guest.id}/change/").content.decode()
    assert "2 Oct 2026, 00:00" in page
    assert "20 Nov 2026" not in page
