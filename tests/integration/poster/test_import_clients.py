"""Given clients in Poster, when they are brought over, then each is a guest once, with his balance, or has a reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from tests.integration.poster.importing import Cafe, counts
from tests.integration.poster.poster_beside import PosterBeside

from incust.businesses.models import Business
from incust.businesses.tenancy import in_business
from incust.customers.models import Customer, CustomerIdentifier
from incust.poster import client_pages, import_clients
from incust.poster.api_client import PosterApi
from incust.poster.import_clients import resume_import
from incust.poster.installations import api_of
from incust.poster.problems import ImportUnderWay

pytestmark = pytest.mark.django_db

SEEDED = {"read": 8, "created": 8, "balances": 6, "balance_minor": 6000}
"""What the sandbox has of its own: eight guests with phone, email and card, six of them with a balance."""


def known_guest(cafe: Cafe, name: str = "", **identifiers: str) -> Customer:
    with in_business(cafe.business.pk):
        guest = Customer.objects.create(business=cafe.business, name=name, status="full", created_at=timezone.now())
        for kind, value in identifiers.items():
            CustomerIdentifier.objects.create(
                business=cafe.business, customer=guest, kind=kind, value=value, added_at=timezone.now()
            )
    return guest


def test_a_client_becomes_a_limited_guest_with_all_that_poster_knows(poster: PosterBeside) -> None:
    cafe = Cafe(poster, [{
        "name": "Koval Olena", "phone_digits": "380671234567", "email": "Olena@Example.org",
        "card_number": "2000 0000-1234", "birthday": "1986-11-23", "sex": 2, "bonus_minor": 12345, "group_id": 3,
    }])  # fmt: skip
    result = cafe.run()
    assert cafe.guests() == [
        (0, "Olena Koval", "limited", "+380671234567", "olena@example.org", "200000001234", "1986-11-23", "female",
         12345, "Cash-back 5 %")
    ]  # fmt: skip
    assert counts(result) == {
        "read": 9, "created": 9, "matched": 0, "filled": 0, "balances": 7, "balance_minor": 6000 + 12345, "skipped": {},
        "left_minor": 0,
    }  # fmt: skip
    assert (result.state, result.expected, result.fault) == ("finished", 9, None)
    assert cafe.faults() == []


def test_what_poster_leaves_empty_stays_empty(poster: PosterBeside) -> None:
    cafe = Cafe(poster, [{"phone_digits": "380671234567", "card_number": "0", "city": "0", "email": "none"}])
    cafe.run()
    assert cafe.guests() == [(0, "", "limited", "+380671234567", None, None, None, "", 0, "Guests")]


@pytest.mark.parametrize("spelt", ["0671234567", "67 123 45 67", "8 (067) 123-45-67", "380671234567", "+38067-1234567"])
def test_a_phone_in_a_local_spelling_is_understood_by_the_country(poster: PosterBeside, spelt: str) -> None:
    cafe = Cafe(poster, [{"phone_digits": spelt}])
    cafe.run()
    found = [guest[3] for guest in cafe.guests()]
    assert found == ([] if spelt.startswith("8 ") else ["+380671234567"])


def test_a_known_guest_gets_only_what_he_lacks_and_no_way_into_his_account(poster: PosterBeside) -> None:
    cafe = Cafe(poster, [
        {"name": "Other Name", "phone_digits": "380671234567", "email": "new@example.org", "birthday": "1990-01-02",
         "sex": 1, "bonus_minor": 250, "card_number": "12345678"},
        {"name": "Only Name", "phone_digits": "380671234568"},
    ])  # fmt: skip
    guest = known_guest(cafe, "Olena", phone="+380671234567", card="87654321")
    known_guest(cafe, "Ivan", phone="+380671234568")
    result = cafe.run()
    assert cafe.guests() == [
        (0, "Olena", "full", "+380671234567", None, "87654321", "1990-01-02", "male", 250, "Guests"),
        (1, "Ivan", "full", "+380671234568", None, None, None, "", 0, "Guests"),
    ]
    assert (result.created, result.matched, result.filled) == (8, 2, 1)
    with in_business(cafe.business.pk):
        links = CustomerIdentifier.objects.filter(customer=guest, kind="poster_client").values_list("value", flat=True)
        assert list(links) == [f"{cafe.account.pk}/{cafe.first}"]


def test_each_skip_has_its_reason_and_its_balance_is_told(poster: PosterBeside) -> None:
    cafe = Cafe(poster, [
        {"phone_digits": "380671234567", "bonus_minor": 100},
        {"phone_digits": "380671234567", "bonus_minor": 20},
        {"phone_digits": "0671234567"},
        {"name": "Nobody Reachable", "bonus_minor": 3, "card_number": "12"},
        {"phone_digits": "12345", "bonus_minor": 4},
        {"phone_digits": "380671234599", "removed": True, "bonus_minor": 5},
        {"email": "guest1@example.org"},
        {"email": "shared@example.org"}, {"email": "shared@example.org", "card_number": "11112222"},
        {"card_number": "33334444"}, {"card_number": "33334444"},
        {"phone_digits": "380671230000", "email": "shared@example.org", "card_number": "33334444"},
    ])  # fmt: skip
    number = cafe.start()
    while cafe.step(number):
        pass
    assert cafe.skipped(number) == [
        (1, "duplicate-phone"), (2, "duplicate-phone"), (3, "no-contact"), (4, "bad-phone"), (5, "deleted"),
        (6, "duplicate-guest"), (8, "duplicate-guest"), (10, "duplicate-guest"),
    ]  # fmt: skip
    result = cafe.result(number)
    assert result.skipped == {
        "duplicate-phone": 2, "no-contact": 1, "bad-phone": 1, "deleted": 1, "duplicate-guest": 3,
    }  # fmt: skip
    assert (result.created, result.left_minor, result.balance_minor) == (8 + 4, 20 + 3 + 4 + 5, 6000 + 100)
    assert [guest[3:6] for guest in cafe.guests()] == [
        ("+380671234567", None, None), (None, "shared@example.org", None), (None, None, "33334444"),
        ("+380671230000", None, None),
    ]  # fmt: skip
    assert cafe.faults() == []


AWKWARD: list[dict[str, Any]] = [
    {"phone_digits": f"38067000{n // 2:04}", "email": f"e{n // 3}@example.org", "card_number": f"5000{n // 4:04}",
     "name": f"N{n}" if n % 3 else "", "bonus_minor": n, "birthday": "1990-05-06" if n % 5 else ""} for n in range(30)
] + [
    {"email": f"e{n}@example.org", "card_number": f"5000{n:04}", "bonus_minor": 7} for n in range(20)
] + [
    {"card_number": f"5000{n:04}", "sex": 1} for n in range(20)
]  # fmt: skip
"""Phones, emails and cards that go round among clients, over several small pages."""


@pytest.mark.parametrize("page", [1, 7, 500])
def test_a_dry_run_says_what_the_import_then_does(
    poster: PosterBeside, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(client_pages.page_after, "__kwdefaults__", {"size": page})
    cafe = Cafe(poster, AWKWARD)
    known_guest(cafe, "", phone="+380670000003", email="e9@example.org")
    known_guest(cafe, "Ivan", card="50000012")
    before = cafe.everything()
    told = cafe.run(dry_run=True)
    assert cafe.everything() == before
    assert told.created > 20
    assert told.skipped_count > 20
    assert (told.matched, told.filled) == (2, 2)
    done = cafe.run()
    assert counts(done) == counts(told)
    assert cafe.faults() == []
    assert len(cafe.rows("SELECT FROM customers.customer")) == told.created + 2


def test_the_same_import_again_changes_nothing(poster: PosterBeside) -> None:
    cafe = Cafe(poster, AWKWARD)
    first = cafe.run()
    before = cafe.everything()
    again = cafe.run()
    assert cafe.everything() == before
    assert counts(again) == counts(first) | {
        "created": 0, "matched": first.created, "balances": 0, "balance_minor": 0,
    }  # fmt: skip


def test_without_balances_none_come_and_they_may_come_later(poster: PosterBeside) -> None:
    cafe = Cafe(poster)
    result = cafe.run(with_balances=False)
    assert (result.created, result.balances, result.balance_minor, result.left_minor) == (8, 0, 0, 0)
    assert cafe.rows("SELECT FROM ledger.posting") == []
    later = cafe.run()
    assert (later.created, later.filled, later.balances, later.balance_minor) == (0, 0, 6, 6000)
    assert cafe.faults() == []


def test_a_balance_comes_once_though_it_grew_in_poster(poster: PosterBeside) -> None:
    cafe = Cafe(poster, [{"phone_digits": "380671234567", "bonus_minor": 100}])
    cafe.run()
    with api_of(cafe.business.pk, cafe.account.pk) as api:
        api.post("clients.updateClient", {"client_id": str(cafe.first), "bonus": "9.99"})
    assert cafe.run().balances == 0
    assert [guest[8] for guest in cafe.guests()] == [100]


def test_what_poster_grants_after_the_import_stays_there_where_there_was_nothing_before(poster: PosterBeside) -> None:
    cafe = Cafe(poster, [{"phone_digits": "380671234567"}])
    cafe.run()
    with api_of(cafe.business.pk, cafe.account.pk) as api:
        api.post("clients.updateClient", {"client_id": str(cafe.first), "bonus": "9.99"})
    cafe.add({"phone_digits": "380671234568", "bonus_minor": 30})
    postings = cafe.rows("SELECT count(*) FROM ledger.posting")[0][0]
    for told in (cafe.run(dry_run=True), cafe.run()):
        assert (told.created, told.balances, told.balance_minor) == (1, 1, 30)
    assert [guest[8] for guest in cafe.guests()] == [0, 30]
    assert cafe.rows("SELECT count(*) FROM ledger.posting") == [(postings + 1,)]
    assert cafe.faults() == []


def test_balances_are_of_the_accounts_currency_whatever_the_businesss(poster: PosterBeside) -> None:
    cafe = Cafe(poster)
    with in_business(cafe.business.pk):
        Business.objects.filter(id=cafe.business.pk).update(currency="EUR")
    result = cafe.run()
    assert (result.currency, result.balances, result.balance_minor) == ("UAH", 6, 6000)
    assert cafe.rows("SELECT unit, count(*), sum(balance_minor)::bigint FROM ledger.account GROUP BY unit") == [
        ("bonus:UAH", 6, 6000)
    ]
    assert cafe.faults() == []


def test_where_poster_does_not_tell_the_currency_guests_come_without_balances_alone(
    poster: PosterBeside, monkeypatch: pytest.MonkeyPatch
) -> None:
    cafe = Cafe(poster)
    told = PosterApi.get

    def silent(self: PosterApi, method: str, **asked: str) -> Any:
        answer = told(self, method, **asked)
        return {**answer, "currency": {}} if method == "settings.getAllSettings" else answer

    monkeypatch.setattr(PosterApi, "get", silent)
    for dry_run in (True, False):
        failed = cafe.run(dry_run=dry_run)
        assert (failed.state, failed.read) == ("failed", 0)
        assert failed.fault == {"code": "poster-currency-unknown", "members": {}}
    assert cafe.rows("SELECT FROM customers.customer") == []
    assert cafe.run(with_balances=False).created == 8


def test_whom_an_import_skipped_still_brings_his_balance_later(poster: PosterBeside) -> None:
    cafe = Cafe(poster, [{"name": "Nobody Reachable", "bonus_minor": 40}])
    assert cafe.run().left_minor == 40
    with api_of(cafe.business.pk, cafe.account.pk) as api:
        api.post("clients.updateClient", {"client_id": str(cafe.first), "phone": "380671234567"})
    assert cafe.run().balance_minor == 40
    assert [guest[8] for guest in cafe.guests()] == [40]


def test_twelve_hundred_clients_come_over_three_pages(poster: PosterBeside) -> None:
    poster.client.post("/sandbox/clients", json={"account": "demo-cafe", "count": 1200})
    cafe = Cafe(poster)
    result = cafe.run()
    in_poster_minor = sum(100 + number for number in range(0, 1200, 3))
    assert (result.read, result.created, result.skipped) == (1208, 1208, {})
    assert (result.balances, result.balance_minor) == (400 + 6, in_poster_minor + 6000)
    assert cafe.rows("SELECT sum(balance_minor)::bigint, count(*) FROM ledger.account") == [
        (in_poster_minor + 6000, 406)
    ]
    assert cafe.faults() == []


def test_nobody_is_passed_over_when_clients_vanish_from_the_list(
    poster: PosterBeside, monkeypatch: pytest.MonkeyPatch
) -> None:
    cafe = Cafe(poster)
    listed = [{"client_id": str(number)} for number in range(1, 21)]

    class Api:
        def get(self, _method: str, **asked: str) -> list[dict[str, str]]:
            return listed[int(asked["offset"]) :][: int(asked["num"])]

    seen: list[int] = []
    offset = last = 0
    for turn in range(20):
        page = client_pages.page_after(Api(), offset=offset, last_client_id=last, size=5)  # type: ignore[arg-type]
        seen += [int(row["client_id"]) for row in page.rows]
        offset, last = page.to_offset, max([last, *seen])
        if turn == 1:
            del listed[2:9]
        if page.is_last:
            break
    assert seen == list(range(1, 21))
    assert cafe.account.connected


def test_one_import_at_a_time(poster: PosterBeside) -> None:
    cafe = Cafe(poster)
    number = cafe.start(dry_run=True)
    with pytest.raises(ImportUnderWay):
        cafe.start()
    cafe.step(number)
    assert cafe.start() > number


def test_poster_away_is_waited_for_then_told_and_gone_on_from(
    poster: PosterBeside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_clients, "TRIES_MAX", 2)
    monkeypatch.setattr(client_pages.page_after, "__kwdefaults__", {"size": 4})
    monkeypatch.setattr(import_clients, "SLICE_S", 0.0)
    cafe = Cafe(poster)
    number = cafe.start()
    assert cafe.step(number)
    assert cafe.result(number).read == 5
    poster.weather(web_api="down")
    assert [cafe.step(number) for _ in range(3)] == [True, True, False]
    failed = cafe.result(number)
    assert (failed.state, failed.fault, failed.read) == ("failed", {"code": "poster-unavailable", "members": {}}, 5)
    assert not cafe.step(number)
    poster.weather(web_api="up")
    resume_import(business_id=cafe.business.pk, import_id=number, now=timezone.now())
    while cafe.step(number):
        pass
    done = cafe.result(number)
    assert (done.state, done.fault) == ("finished", None)
    assert {name: getattr(done, name) for name in SEEDED} == SEEDED


def test_a_refused_token_ends_it_with_a_word(poster: PosterBeside) -> None:
    cafe = Cafe(poster)
    poster.post_form("/demo-cafe/manage/installed/4242/expire-token", page="/demo-cafe/manage/installed")
    result = cafe.run()
    assert result.state == "failed"
    assert result.fault["code"] == "poster-token-refused"
    assert cafe.rows("SELECT FROM customers.customer") == []
