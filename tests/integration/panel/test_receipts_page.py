"""Given receipts of a day in all states, when the owner opens the page, then the numbers add up and each reason
is told."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from tests.integration.panel.people import Person, colleague, owner_of

from incust.businesses.models import TillAccount
from incust.businesses.tenancy import in_business
from incust.poster.models import Location, Receipt, ReceiptRun, WebhookEvent
from incust.poster.receipt_words import reason
from incust.poster.tasks import prune_nightly

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Person:
    return owner_of()


def account_of(person: Person) -> TillAccount:
    with in_business(person.business.id):
        account, _made = TillAccount.objects.get_or_create(business=person.business, name="demo-cafe", connected=True)
        for number, name in (("1", "Center"), ("2", "Station")):
            Location.objects.get_or_create(
                business=person.business, till_account=account, external_id=number, defaults={"name": name}
            )
    return account


def receipt(person: Person, number: str, verdict: str, *why: object, location: str = "1", days_ago: int = 0) -> None:
    account = account_of(person)
    with in_business(person.business.id):
        Receipt.objects.create(
            business=person.business, till_account=account, transaction_id=number, location=location, status=2,
            closed_at=timezone.now() - timedelta(days=days_ago), total_minor=20500, verdict=verdict, why=list(why),
        )  # fmt: skip


def figures(page: str, prefix: str = "receipts") -> dict[str, int]:
    return {name: int(number) for name, number in re.findall(rf'data-test="{prefix}-(\w+)">(\d+)<', page)}


class TestReceipts:
    def test_numbers_of_the_day_and_what_did_not_match(self, owner: Person) -> None:
        for number in range(3):
            receipt(owner, f"10{number}", "matched")
        receipt(owner, "110", "no-guest")
        receipt(owner, "111", "accrued")
        receipt(owner, "112", "differs", reason("paid-differs", paid_minor=20500, expected_minor=15000))
        receipt(owner, "113", "waiting", reason("register-unlinked", register="3", location="2"), location="2")
        receipt(owner, "90", "differs", reason("other-guest"), days_ago=1)
        page = owner.get("receipts/").content.decode()
        assert figures(page) == {"all": 7, "matched": 5, "nobody": 1, "corrected": 1, "differs": 1, "waiting": 1}
        assert page.count('data-test="receipt-row"') == 3
        assert "Poster was paid 205.00 UAH; by our check 150.00 UAH were due." in page.replace("\xa0", " ")
        assert "no terminal is linked to register 3 of location 2" in page
        assert "No register had reported it." in page
        assert "№&nbsp;90" not in page

    def test_a_location_and_a_day_are_chosen(self, owner: Person) -> None:
        receipt(owner, "100", "matched")
        receipt(owner, "101", "matched", location="2")
        receipt(owner, "90", "differs", reason("other-guest"), days_ago=1)
        account = account_of(owner)
        page = owner.get(f"receipts/?location={account.id}/2").content.decode()
        assert figures(page)["all"] == 1
        assert "Everything matches" in page
        yesterday = (timezone.now() - timedelta(days=1)).astimezone(ZoneInfo(owner.business.time_zone)).date()
        page = owner.get(f"receipts/?day={yesterday}").content.decode()
        assert figures(page)["differs"] == 1
        assert "№&nbsp;90" in page

    @pytest.mark.parametrize("query", ["?day=nonsense", "?day=2999-01-01", "?day=9999-12-31", "?day=0001-01-01",
                                       "?day=0000-00-00", "?location=x/1", "?location=1/%00", "?location=1",
                                       "?location=99999999999999999999/1", "?day=%00&location=%00"])  # fmt: skip
    def test_nonsense_in_the_address_shows_all_of_today(self, owner: Person, query: str) -> None:
        receipt(owner, "100", "matched")
        answer = owner.get(f"receipts/{query}")
        assert (answer.status_code, figures(answer.content.decode())["all"]) == (200, 1)

    def test_an_account_that_is_not_there_has_no_receipts(self, owner: Person) -> None:
        receipt(owner, "100", "matched")
        assert figures(owner.get("receipts/?location=999999/1").content.decode())["all"] == 0

    def test_an_account_that_could_not_be_compared_is_named_with_the_reason(self, owner: Person) -> None:
        account = account_of(owner)
        with in_business(owner.business.id):
            ReceiptRun.objects.create(
                business=owner.business, till_account=account, failures=1,
                fault={"code": "poster-token-refused", "members": {"poster_code": 12, "poster_message": "x"}},
            )  # fmt: skip
        page = owner.get("receipts/").content.decode()
        assert "Poster no longer accepts our access to this account." in page

    def test_nothing_of_another_business_is_shown(self, owner: Person) -> None:
        other = owner_of("Piekarnia", "owner@piekarnia.example")
        with in_business(other.business.id):
            account = TillAccount.objects.create(business=other.business, name="second-cafe", connected=True)
            Receipt.objects.create(
                business=other.business, till_account=account, transaction_id="7", status=2, closed_at=timezone.now(),
                verdict="differs", why=[],
            )  # fmt: skip
        page = owner.get("receipts/").content.decode()
        assert figures(page)["all"] == 0
        assert "No Poster account is connected" in page


class TestWithoutAClosingTime:
    def without(self, person: Person, number: str, **values: object) -> Receipt:
        account = account_of(person)
        with in_business(person.business.id):
            return Receipt.objects.create(
                business=person.business, till_account=account, transaction_id=number, location="1",
                **{"looked_at": timezone.now(), "why": [], **values},
            )  # fmt: skip

    def test_it_counts_on_the_day_on_which_it_was_looked_at_and_says_so(self, owner: Person) -> None:
        self.without(owner, "50", status=1, verdict="differs", why=[reason("gone")])
        self.without(owner, "51", status=3, verdict="reversed", why=[reason("hold-released")])
        self.without(owner, "52", status=1, verdict="waiting", looked_at=None, failing_since=timezone.now())
        self.without(owner, "53", status=1, verdict="waiting", why=[reason("open")])
        self.without(owner, "49", status=3, verdict="reversed", looked_at=timezone.now() - timedelta(days=1))
        page = owner.get("receipts/").content.decode()
        assert figures(page) == {"all": 3, "matched": 1, "nobody": 0, "corrected": 1, "differs": 1, "waiting": 1}
        assert re.findall(r"№&nbsp;(\d+)", page) == ["52", "51", "50"]
        assert page.count("Poster tells no closing time; noticed at ") == 3
        assert "Poster does not know this receipt any more." in page

    def test_the_closing_time_counts_where_there_is_one(self, owner: Person) -> None:
        self.without(owner, "50", status=2, verdict="differs", closed_at=timezone.now() - timedelta(days=1))
        assert figures(owner.get("receipts/").content.decode())["all"] == 0

    def test_it_is_forgotten_in_time_and_not_before(self, owner: Person) -> None:
        old, young = timezone.now() - timedelta(days=401), timezone.now() - timedelta(days=399)
        self.without(owner, "40", looked_at=old)
        self.without(owner, "41", looked_at=None, failing_since=old)
        self.without(owner, "42", closed_at=old)
        self.without(owner, "43", looked_at=old, closed_at=young)
        self.without(owner, "44", looked_at=young)
        self.without(owner, "45", looked_at=None)
        prune_nightly(0)
        with in_business(owner.business.id):
            left = list(Receipt.objects.order_by("transaction_id").values_list("transaction_id", flat=True))
        assert left == ["43", "44", "45"]


class TestMoreThanOnePage:
    def numbers(self, page: str) -> list[int]:
        return [int(number) for number in re.findall(r"№&nbsp;(\d+)", page)]

    def more(self, page: str) -> tuple[str, str] | None:
        found = re.search(r'href="(\?[^"]+)" data-test="receipts-more">([^<]+)<', page)
        return (unescape(found[1]), found[2]) if found else None

    def test_the_list_goes_on_behind_the_last_one_shown(self, owner: Person) -> None:
        noon = timezone.now()
        account = account_of(owner)
        with in_business(owner.business.id):
            for number in range(130):  # three at each instant, also where a page ends
                Receipt.objects.create(
                    business=owner.business, till_account=account, transaction_id=str(1000 + number), location="1",
                    status=2, verdict="accrued", why=[], closed_at=noon - timedelta(microseconds=(129 - number) // 3),
                )  # fmt: skip
        first = owner.get("receipts/").content.decode()
        assert self.numbers(first) == list(range(1129, 1079, -1))
        link, words = self.more(first) or ("", "")
        assert words == "Show 80 more"
        receipt(owner, "2000", "accrued", days_ago=0)  # comes to the top meanwhile, and moves nothing
        second = owner.get(f"receipts/{link}").content.decode()
        assert self.numbers(second) == list(range(1079, 1029, -1))
        assert figures(second)["all"] == 131
        link, words = self.more(second) or ("", "")
        assert words == "Show 30 more"
        third = owner.get(f"receipts/{link}").content.decode()
        assert self.numbers(third) == list(range(1029, 999, -1))
        assert self.more(third) is None
        assert 'data-test="receipts-top"' in third

    def test_the_location_stays_chosen(self, owner: Person) -> None:
        account = account_of(owner)
        for number in range(51):
            receipt(owner, f"1{number:02}", "accrued", location="2")
        receipt(owner, "300", "accrued", location="1")
        link, _words = self.more(owner.get(f"receipts/?location={account.id}/2").content.decode()) or ("", "")
        assert self.numbers(owner.get(f"receipts/{link}").content.decode()) == [100]

    @pytest.mark.parametrize("after", ["x", "1", "1-2-3", "99999999999999999999-1", "1-9999999999999999999", "%00"])
    def test_nonsense_as_a_place_begins_at_the_top(self, owner: Person, after: str) -> None:
        receipt(owner, "100", "accrued")
        assert self.numbers(owner.get(f"receipts/?after={after}").content.decode()) == [100]


def failed_hook(person: Person) -> WebhookEvent:
    now = timezone.now()
    with in_business(person.business.id):
        return WebhookEvent.objects.create(
            business=person.business, account="demo-cafe", object="transaction", object_id="100", action="closed",
            sent_at=now, received_at=now, tries=6, failed_at=now, digest="d" * 32,
            fault={"code": "poster-unavailable", "members": {}},
        )  # fmt: skip


class TestWebhooks:
    def test_a_failed_one_says_why_and_is_tried_again(self, owner: Person) -> None:
        hook = failed_hook(owner)
        page = owner.get("webhooks/?state=failed").content.decode()
        assert figures(page, "webhooks") == {"received": 1, "processed": 0, "waiting": 0, "failed": 1}
        assert "Poster does not answer right now." in page
        assert owner.post(f"webhooks/{hook.id}/again/").status_code == 302
        with in_business(owner.business.id):
            hook.refresh_from_db()
        assert (hook.failed_at, hook.tries) == (None, 0)
        assert 'data-test="webhook-again"' not in owner.get("webhooks/").content.decode()

    def test_a_salesperson_reads_and_starts_nothing(self, owner: Person) -> None:
        hook, seller = failed_hook(owner), colleague(owner, "salesperson")
        assert 'data-test="webhook-again"' not in seller.get("webhooks/").content.decode()
        assert seller.post(f"webhooks/{hook.id}/again/").status_code == 403
        with in_business(owner.business.id):
            hook.refresh_from_db()
        assert hook.failed_at is not None

    def test_an_empty_page_says_so(self, owner: Person) -> None:
        assert "Nothing here" in owner.get("webhooks/").content.decode()
