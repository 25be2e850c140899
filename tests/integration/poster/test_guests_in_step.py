"""Once a guest is on both sides, each fills what the other one lacks, and neither overwrites what the other owns."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from tests.integration.poster.importing import Cafe
from tests.integration.poster.poster_beside import PosterBeside

from incust.businesses.tenancy import in_business
from incust.customers.models import Customer
from incust.customers.update_profile import TOLD_TO_OTHERS, ProfileChange, change_profile
from incust.messaging.outbox import Event
from incust.poster.client_fields import (
    FIELDS,
    TOLD_WHEN_CHANGED,
    client_name_of,
    client_of_row,
    form_of_change,
    minor_of,
)
from incust.poster.connect_account import holder_of
from incust.poster.installations import api_of
from incust.poster.models import WebhookEvent
from incust.poster.problems import NoSuchObject
from incust.poster.process_webhook import process_webhook
from incust.poster.tell_client import tell_clients
from incust.poster.webhooks import store_webhook

pytestmark = pytest.mark.django_db

OLENA = {"name": "Koval Olena", "phone_digits": "380671234567"}


def in_poster(cafe: Cafe, client: int = 0) -> dict[str, Any]:
    with api_of(cafe.business.pk, cafe.account.pk) as api:
        return dict(api.get("clients.getClient", client_id=str(cafe.first + client))[0])


def change_in_poster(cafe: Cafe, client: int = 0, **fields: str) -> None:
    with api_of(cafe.business.pk, cafe.account.pk) as api:
        api.post("clients.updateClient", {"client_id": str(cafe.first + client), **fields})


def hook(cafe: Cafe, action: str = "changed", client: int = 0, at: int = 1_790_000_000) -> None:
    """Poster's hook arrives, and the worker does what it asks for."""
    event = {
        "account": "demo-cafe", "object": "client", "object_id": cafe.first + client, "action": action, "time": str(at),
    }  # fmt: skip
    holder = holder_of("demo-cafe")
    assert holder is not None
    store_webhook(holder, event, now=datetime.now(tz=UTC))
    waiting = cafe.rows("SELECT payload::text FROM messaging.outbox WHERE topic = 'poster-webhook' ORDER BY id DESC")
    assert waiting
    with in_business(cafe.business.pk):
        newest = WebhookEvent.objects.latest("id")
    process_webhook(
        Event(id=1, business_id=cafe.business.pk, topic="", payload={"event_id": newest.pk}, created_at=timezone.now())
    )
    with in_business(cafe.business.pk):
        assert WebhookEvent.objects.get(id=newest.pk).processed_at is not None


def change_with_us(cafe: Cafe, change: ProfileChange, client: int = 0) -> list[str]:
    """In the wallet; gives the fields of which clients in Poster were told."""
    with in_business(cafe.business.pk):
        ((customer,),) = cafe.rows("SELECT customer_id FROM poster.client WHERE client_id = %s", cafe.first + client)
        change_profile(cafe.business.pk, customer, change, source="wallet", now=timezone.now())
    told = cafe.rows(
        "SELECT payload->>'customer_id', payload->'fields' #>> '{}' FROM messaging.outbox"
        " WHERE topic = 'customer-changed' ORDER BY id"
    )
    if not told:
        return []
    fields = re.findall(r"\w+", told[-1][1])
    payload = {"customer_id": int(told[-1][0]), "fields": fields}
    tell_clients(Event(id=1, business_id=cafe.business.pk, topic="", payload=payload, created_at=timezone.now()))
    return fields


def test_what_poster_learns_fills_what_is_empty_with_us(poster: PosterBeside) -> None:
    cafe = Cafe(poster, [OLENA])
    cafe.run()
    change_in_poster(cafe, birthday="1986-11-23", client_sex="2")
    hook(cafe)
    assert cafe.guests() == [
        (0, "Olena Koval", "limited", "+380671234567", None, None, "1986-11-23", "female", 0, "Guests")
    ]


def test_whoever_edits_a_client_in_poster_gains_no_way_into_a_guests_account(poster: PosterBeside) -> None:
    cafe = Cafe(poster, [OLENA])
    cafe.run()
    change_in_poster(cafe, phone="380679999999", email="cashier@example.org", card_number="12345678")
    hook(cafe)
    assert cafe.rows(
        "SELECT kind, value FROM customers.customer_identifier i JOIN poster.client l USING (customer_id)"
        " WHERE l.client_id = %s ORDER BY kind", cafe.first,
    ) == [("phone", "+380671234567"), ("poster_client", f"{cafe.account.pk}/{cafe.first}")]  # fmt: skip
    assert cafe.rows(
        "SELECT FROM customers.customer_identifier WHERE value IN ('+380679999999', 'cashier@example.org', '12345678')"
    ) == []  # fmt: skip


def test_what_the_guest_said_is_not_overwritten_by_poster(poster: PosterBeside) -> None:
    cafe = Cafe(poster, [OLENA])
    cafe.run()
    change_with_us(cafe, ProfileChange(name="Lena", birthday=date(1990, 1, 2), gender="female"))
    change_in_poster(
        cafe, client_name="Somebody Else", birthday="1950-01-01", client_sex="1", client_groups_id_client="2",
        phone="380679999999", bonus="77",
    )  # fmt: skip
    hook(cafe)
    assert cafe.guests() == [
        (0, "Lena", "limited", "+380671234567", None, None, "1990-01-02", "female", 0, "Friends of the house")
    ]
    assert cafe.rows("SELECT count(*) FROM ledger.posting") == [(6,)]


def test_our_change_goes_to_poster_and_to_nothing_else_there(poster: PosterBeside) -> None:
    cafe = Cafe(poster, [OLENA | {"birthday": "1986-11-23", "group_id": 3, "bonus_minor": 500, "comment": "allergic"}])
    cafe.run()
    change_in_poster(cafe, client_name="Koval-Bilyk Olena")
    before = in_poster(cafe)
    assert change_with_us(cafe, ProfileChange(birthday=date(1987, 1, 2))) == ["birthday"]
    assert in_poster(cafe) == before | {"birthday": "1987-01-02"}
    assert change_with_us(cafe, ProfileChange(name="Lena Bilyk")) == ["name"]
    assert in_poster(cafe) == before | {"birthday": "1987-01-02", "lastname": "Bilyk", "firstname": "Lena"}


def test_our_change_does_not_come_back_as_another_one(poster: PosterBeside) -> None:
    cafe = Cafe(poster, [OLENA])
    cafe.run()
    change_with_us(cafe, ProfileChange(name="Lena"))
    before = cafe.everything()
    told = cafe.rows("SELECT count(*) FROM messaging.outbox WHERE topic = 'customer-changed'")
    hook(cafe)
    after = cafe.everything()
    assert {table: rows for table, rows in after.items() if rows != before[table]}.keys() == {"poster.webhook_event"}
    assert cafe.rows("SELECT count(*) FROM messaging.outbox WHERE topic = 'customer-changed'") == told


def test_a_change_that_changes_nothing_tells_nobody(poster: PosterBeside) -> None:
    cafe = Cafe(poster, [OLENA])
    cafe.run()
    assert change_with_us(cafe, ProfileChange(name="Olena Koval", consent=True)) == []


def test_a_guest_without_a_client_tells_nobody(poster: PosterBeside) -> None:
    cafe = Cafe(poster)
    with in_business(cafe.business.pk):
        guest = Customer.objects.create(business=cafe.business, status="full", created_at=timezone.now())
        change_profile(cafe.business.pk, guest.pk, ProfileChange(name="Lena"), source="wallet", now=timezone.now())
    assert cafe.rows("SELECT FROM messaging.outbox WHERE topic = 'customer-changed'") == []


def test_a_phone_that_poster_gave_to_another_leaves_the_rest_told(poster: PosterBeside) -> None:
    cafe = Cafe(poster, [OLENA])
    cafe.run()
    change_in_poster(cafe, phone="380671111111")
    cafe.add({"phone_digits": "380671234567"})
    assert change_with_us(cafe, ProfileChange(name="Lena", gender="female")) == ["name", "gender"]
    told = in_poster(cafe)
    assert (told["lastname"], told["client_sex"], told["phone_number"]) == ("Lena", "2", "380671111111")


def test_a_new_client_becomes_a_guest_only_once_guests_were_brought_over(poster: PosterBeside) -> None:
    cafe = Cafe(poster, [OLENA, {"phone_digits": "380671234568", "bonus_minor": 100}])
    hook(cafe, "added")
    assert cafe.rows("SELECT FROM customers.customer") == []
    cafe.run(dry_run=True)
    hook(cafe, "added", at=1_790_000_001)
    assert cafe.rows("SELECT FROM customers.customer") == []
    cafe.run()
    late = cafe.add({"name": "Late Guest", "phone_digits": "0671234569", "bonus_minor": 100}) - cafe.first
    hook(cafe, "added", client=late)
    assert cafe.guests()[-1] == (
        late, "Guest Late", "limited", "+380671234569", None, None, None, "", 0, "Guests"
    )  # fmt: skip


@pytest.mark.parametrize("action", ["removed", "changed"])
def test_a_removed_client_leaves_his_guest_without_a_link(poster: PosterBeside, action: str) -> None:
    """Hooks overtake one another: what counts is that he is not there any more."""
    cafe = Cafe(poster, [OLENA])
    cafe.run()
    with api_of(cafe.business.pk, cafe.account.pk) as api:
        api.post("clients.removeClient", {"client_id": str(cafe.first)})
        with pytest.raises(NoSuchObject):
            api.get("clients.getClient", client_id=str(cafe.first))
    hook(cafe, action)
    assert [guest[1:4] for guest in cafe.guests()] == [("Olena Koval", "limited", "+380671234567")]
    assert cafe.rows(
        "SELECT FROM customers.customer_identifier WHERE kind = 'poster_client' AND value = %s",
        f"{cafe.account.pk}/{cafe.first}",
    ) == []  # fmt: skip
    assert cafe.rows("SELECT removed_at IS NOT NULL FROM poster.client WHERE client_id = %s", cafe.first) == [(True,)]


def test_the_page_for_people_says_what_the_code_does() -> None:
    page = (Path(__file__).parents[3] / "docs/poster-guests.md").read_text()
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", page, re.M)
    words = {
        "fills-empty": "fills what is empty", "new-guest": "with a new guest only", "once": "once, with the import",
        "kept-beside": "kept beside the guest",
        "never": "never", "when-changed": "when it changes",
    }  # fmt: skip
    told = [(name, taken, given) for name, taken, given in rows if name not in ("Field", "---")]
    assert told[: len(FIELDS)] == [
        (field.name, words[field.from_poster], words[field.to_poster]) for field in FIELDS
    ]  # fmt: skip


def test_the_fields_that_go_there_when_they_change_are_those_whose_change_is_told() -> None:
    assert set(TOLD_TO_OTHERS) == TOLD_WHEN_CHANGED


def test_a_phone_email_or_card_of_posters_own_is_not_overwritten() -> None:
    row = {"client_id": "1", "phone": "+380670000000", "email": "a@example.org", "card_number": ""}
    guest = {"name": "", "phone": "+380671234567", "email": "b@example.org", "card": "12345678"}
    told = form_of_change(guest, row, ["phone", "email", "card"], country="UA")
    assert told == {"card_number": "12345678"}


@pytest.mark.parametrize(
    ("text", "minor"),
    [("12345", 12345), (12345, 12345), ("0", 0), ("", 0), (None, 0), ("10.5", 11), ("-3", -3), ("much", 0), ("NaN", 0)],
)
def test_minor_units_out_of_posters_text(text: Any, minor: int) -> None:
    assert minor_of(text) == minor


@pytest.mark.parametrize("name", ["Olena", "Olena Koval", "Olena Ivanivna Koval"])
def test_a_name_comes_back_as_it_was_told(name: str) -> None:
    last, _space, rest = client_name_of(name).partition(" ")
    first, _space, patronymic = rest.partition(" ")
    row = {"client_id": "1", "lastname": last, "firstname": first, "patronymic": patronymic}
    assert client_of_row(row, country="UA")["name"] == name


def test_nothing_is_emptied_in_poster() -> None:
    row = {"client_id": "1", "lastname": "Koval", "email": "a@example.org", "birthday": "1990-01-02"}
    guest = {"name": "", "birthday": None, "email": "", "phone": "+380671234567", "gender": ""}
    assert form_of_change(guest, row, ["name", "birthday"], country="UA") == {"phone": "+380671234567"}
