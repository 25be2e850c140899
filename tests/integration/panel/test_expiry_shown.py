"""The customer's page shows what has ended as ended, whether a job has recorded it or not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.integration.checks.factories import NOON, Guest, a_cafe, a_check, rules
from tests.integration.panel.people import Person

from incust.businesses.models import Business, User
from incust.businesses.tenancy import in_business
from incust.engine.program import Confirmation
from incust.ledger.expire_lots import expire_lots
from incust.ledger.models import Account

pytestmark = pytest.mark.django_db


def test_an_expiry_that_was_recorded_late_shows_its_own_day() -> None:
    cafe = a_cafe(program=rules(credit={"lifetime_days": 30}))
    guest = cafe.guest()
    guest.finalize(a_check(9000), now=NOON)
    expire_lots(now=NOON + timedelta(days=80))
    page = _page_of(guest)
    assert "2 Oct 2026, 00:00" in page
    assert "20 Nov 2026" not in page


def test_what_no_job_has_recorded_yet_is_over_on_the_page_as_well() -> None:
    """The worker stands still: a hold has lapsed, and of two credits one is past its last day."""
    cafe = a_cafe(program=rules(credit={"lifetime_days": 30}, confirmation=Confirmation.NEVER))
    guest = cafe.guest()
    now = timezone.now()
    guest.finalize(a_check(9000, external_id="1"), now=now - timedelta(days=40))
    guest.finalize(a_check(2000, external_id="2"), now=now - timedelta(days=12))
    guest.reserve(a_check(3000, external_id="3"), 70, now=now - timedelta(days=11))
    page = _page_of(guest)
    assert 'data-test="balance">1.00<' in page
    assert "are held for an open receipt" not in page
    expires = page.partition("<h2>Expires</h2>")[2].partition("</section>")[0]
    assert ("1.00" in expires, "4.50" in expires) == (True, False)
    with in_business(cafe.business_id):
        assert (Account.objects.get().balance_minor, Account.objects.get().held_minor) == (550, 70), "still unrecorded"


def test_a_hold_that_lives_is_shown() -> None:
    cafe = a_cafe(program=rules(credit={"lifetime_days": 30}, confirmation=Confirmation.NEVER))
    guest = cafe.guest()
    guest.finalize(a_check(9000, external_id="1"), now=timezone.now())
    guest.reserve(a_check(3000, external_id="2"), 70, now=timezone.now())
    page = _page_of(guest)
    assert 'data-test="balance">4.50<' in page
    assert "of which 0.70 are held for an open receipt" in page


def _page_of(guest: Guest) -> str:
    with in_business(guest.cafe.business_id):
        owner = Person(
            User.objects.get(username="owner of kava"), Business.objects.get(pk=guest.cafe.business_id)
        )  # fmt: skip
    return owner.get(f"customers/customer/{guest.id}/change/").content.decode()
