"""Settings → Poster accounts → Guests from Poster, as the owner sees it."""

from __future__ import annotations

import re

import pytest
from tests.integration.panel.people import Person, colleague
from tests.integration.poster.importing import Cafe, lines_of_csv
from tests.integration.poster.poster_beside import PosterBeside

from incust.businesses.tenancy import in_business
from incust.poster.client_models import ClientImport

pytestmark = pytest.mark.django_db


@pytest.fixture
def cafe(poster: PosterBeside) -> Cafe:
    return Cafe(poster, [
        {"name": "=Koval Olena", "phone_digits": "380671234567", "bonus_minor": 250, "group_id": 2},
        {"name": "Koval Ivan", "phone_digits": "380671234567", "bonus_minor": 99},
        {"name": "=1+2", "phone_digits": "12345"},
    ])  # fmt: skip


@pytest.fixture
def owner(cafe: Cafe) -> Person:
    return Person(cafe.owner, cafe.business)


def address(cafe: Cafe, rest: str = "") -> str:
    return f"settings/poster/{cafe.account.pk}/guests/{rest}"


def newest(cafe: Cafe) -> ClientImport:
    with in_business(cafe.business.pk):
        return ClientImport.objects.latest("id")


def run_to_end(cafe: Cafe) -> ClientImport:
    while cafe.step(newest(cafe).pk):
        pass
    return newest(cafe)


def figure(page: str, name: str) -> str:
    found = re.search(rf'data-test="{name}">([^<]*)<', page)
    assert found, name
    return found[1]


def test_nothing_is_brought_over_before_it_was_tried(cafe: Cafe, owner: Person) -> None:
    page = owner.get(address(cafe)).content.decode()
    assert 'data-test="try"' in page
    assert 'data-test="bring"' not in page
    assert address(cafe) in owner.get("settings/poster/").content.decode()


def test_the_dry_run_is_told_and_then_done(cafe: Cafe, owner: Person) -> None:
    answer = owner.post(address(cafe, "start/"), {"do": "try", "with_balances": "1"})
    assert answer.status_code == 302
    running = owner.get(address(cafe, "state/")).content.decode()
    assert 'data-import="waiting"' in running
    assert 'data-test="try"' not in running
    run_to_end(cafe)
    page = owner.get(address(cafe)).content.decode()
    told = [figure(page, name) for name in ("created", "matched", "filled", "balance", "skipped")]
    assert told == ["9", "0", "0", "62.50", "2"]
    assert "another client in Poster has the same phone" in page
    assert "Bonuses of the skipped that stay in Poster: 0.99." in page
    assert cafe.rows("SELECT FROM customers.customer") == []
    owner.post(address(cafe, "start/"), {"do": "bring", "with_balances": "1"})
    done = run_to_end(cafe)
    assert (done.dry_run, done.created, done.balance_minor, done.actor) == (False, 9, 6250, f"user:{owner.user.pk}")
    assert cafe.rows("SELECT action FROM businesses.audit_entry WHERE action LIKE 'poster.guests%%' ORDER BY id") == [
        ("poster.guests_tried",), ("poster.guests_brought",),
    ]  # fmt: skip


def test_the_skipped_come_as_a_list_without_formulas(cafe: Cafe, owner: Person) -> None:
    cafe.run(dry_run=True)
    answer = owner.get(address(cafe, f"{newest(cafe).pk}/skipped.csv"))
    assert lines_of_csv(b"".join(answer)) == [
        ["Number in Poster", "Name", "Phone", "Balance", "Why skipped"],
        [
            str(cafe.first + 1),
            "Ivan Koval",
            "'+380 67 12-34-567",
            "0.99",
            "another client in Poster has the same phone",
        ],
        [str(cafe.first + 2), "'=1+2", "'+12345", "0.00", "the phone is not a valid number"],
    ]


def test_a_failure_is_said_and_gone_on_from(cafe: Cafe, owner: Person, poster: PosterBeside) -> None:
    poster.post_form("/demo-cafe/manage/installed/4242/expire-token", page="/demo-cafe/manage/installed")
    cafe.run()
    page = owner.get(address(cafe)).content.decode()
    assert "Poster no longer accepts our access to this account. Connect the account again." in page
    assert 'data-import="failed"' in page
    assert f"{newest(cafe).pk}/resume/" in page
    owner.post(address(cafe, f"{newest(cafe).pk}/resume/"))
    assert newest(cafe).state == "waiting"


@pytest.mark.parametrize("role", ["salesperson"])
def test_staff_look_and_start_nothing(cafe: Cafe, owner: Person, role: str) -> None:
    cafe.run(dry_run=True)
    staff = colleague(owner, role)
    page = staff.get(address(cafe)).content.decode()
    assert '<form method="post"' not in page.split("data-guests")[1]
    assert staff.post(address(cafe, "start/"), {"do": "bring"}).status_code == 403
    assert staff.get(address(cafe, f"{newest(cafe).pk}/skipped.csv")).status_code == 403
    assert newest(cafe).dry_run


def test_another_business_sees_nothing_of_it(cafe: Cafe, owner: Person) -> None:
    from tests.integration.panel.people import owner_of

    cafe.run(dry_run=True)
    stranger = owner_of("Piekarnia", "owner@piekarnia.example")
    assert stranger.get(address(cafe)).status_code == 404
    assert stranger.get(address(cafe, f"{newest(cafe).pk}/skipped.csv")).status_code == 404
    stranger.post(address(cafe, "start/"), {"do": "bring"})
    assert newest(cafe).dry_run
