"""Given receipts of a business, when its owner looks for those that need a look, then he finds them and reads why."""

from __future__ import annotations

import re

import pytest
from tests.integration.checks.factories import Cafe, a_cafe, a_check, leave_business
from tests.integration.checks.refunding import paid, refund

from incust.businesses.models import Business, User
from incust.businesses.tenancy import in_business

from .people import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def cafe() -> Cafe:
    return a_cafe()


@pytest.fixture
def owner(cafe: Cafe) -> Person:
    with in_business(cafe.business_id):
        business = Business.objects.get(pk=cafe.business_id)
    leave_business()
    return Person(User.objects.get(username=f"owner of {cafe.name}"), business)


def test_the_filter_shows_what_tills_took_beyond_their_rights(cafe: Cafe, owner: Person) -> None:
    guest = cafe.guest(12_000)
    guest.reserve(a_check(9000, "as-reserved"), 4000)
    guest.finalize(a_check(9000, "as-reserved"), 4000)
    guest.finalize(a_check(1000, "too-much"), 5000)
    leave_business()

    everything = owner.get("checks/check/").content.decode()
    assert "as-reserved" in everything
    assert "too-much" in everything
    leave_business()
    to_look_at = owner.get("checks/check/?look=yes").content.decode()
    assert "too-much" in to_look_at
    assert "as-reserved" not in to_look_at


@pytest.mark.parametrize("door", ["key", "poster"])
def test_the_search_finds_a_receipt_by_its_whole_number(cafe: Cafe, owner: Person, door: str) -> None:
    guest = cafe.guest(12_000)
    caller = cafe.register if door == "poster" else cafe.caller
    for number in ("order-7", "order-77"):
        guest.finalize(a_check(9000, number), caller=caller())
    leave_business()
    page = owner.get("checks/check/?q=order-7").content.decode()
    assert len(re.findall("checks/check/[0-9]+/change/", page)) == 1
    assert "order-77" not in page
    leave_business()
    assert "Nothing fits" in owner.get("checks/check/?q=order").content.decode()


def test_the_receipt_says_why_in_the_readers_language(cafe: Cafe, owner: Person) -> None:
    done = cafe.guest(12_000).finalize(a_check(1000), 5000)
    leave_business()
    page = owner.get(f"checks/check/{done.check_id}/change/").content.decode()
    assert "The receipt was reduced by more than its total." in page
    assert "More bonuses were redeemed than the program allows on this check." in page
    assert "-40.00" not in page  # nobody pays less than nothing
    leave_business()
    owner.client.cookies["incust_language"] = "uk"
    page = owner.get(f"checks/check/{done.check_id}/change/").content.decode()
    assert "Чек зменшено більше, ніж на його суму." in page


def test_a_receipt_as_it_was_reserved_says_nothing(cafe: Cafe, owner: Person) -> None:
    guest = cafe.guest(12_000)
    guest.reserve(a_check(9000), 4000)
    done = guest.finalize(a_check(9000), 4000)
    leave_business()
    assert 'data-test="concerns"' not in owner.get(f"checks/check/{done.check_id}/change/").content.decode()


class TestRefunds:
    def test_the_receipt_lists_them_with_what_each_moved(self, cafe: Cafe, owner: Person) -> None:
        check_id = paid(cafe.guest(12_000), 4000)
        refund(cafe, check_id, {"coffee": 2})
        leave_business()
        page = owner.get(f"checks/check/{check_id}/change/").content.decode()
        assert "partly refunded" in page
        assert "#12 × 2" in page
        assert "2 returned" in page
        leave_business()
        assert "partly refunded" in owner.get("checks/check/").content.decode()
        refund(cafe, check_id)
        leave_business()
        page = owner.get(f"checks/check/{check_id}/change/").content.decode()
        assert "partly refunded" not in page
        section = page.partition('data-test="refunds"')[2]
        assert [section.count(words) for words in ("17.78", "22.22", "1.11", "1.39", "the whole receipt")] == [1] * 5
        leave_business()
        page = owner.get("checks/check/").content.decode()
        assert "refunded" in page
        assert "partly refunded" not in page

    def test_what_the_business_bears_needs_a_look(self, cafe: Cafe, owner: Person) -> None:
        guest = cafe.guest()
        check_id = paid(guest)
        guest.finalize(a_check(400, "spent it", total_minor=400), 400)
        refund(cafe, check_id)
        leave_business()
        assert "1506511064579" in owner.get("checks/check/?look=yes").content.decode()
        leave_business()
        page = owner.get(f"checks/check/{check_id}/change/").content.decode()
        assert "had been spent, or was promised to another open receipt" in page
        assert "Borne by the business" in page

    def test_the_customers_movements_lead_to_the_receipt(self, cafe: Cafe, owner: Person) -> None:
        guest = cafe.guest(12_000)
        check_id = paid(guest, 4000)
        refund(cafe, check_id, {"cake": 1})
        leave_business()
        page = owner.get(f"customers/customer/{guest.id}/change/").content.decode()
        assert page.count(f'/checks/check/{check_id}/change/">refund</a>') == 2
        assert "<td>refunded</td>" not in page
        refund(cafe, check_id)
        leave_business()
        assert "<td>refunded</td>" in owner.get(f"customers/customer/{guest.id}/change/").content.decode()
