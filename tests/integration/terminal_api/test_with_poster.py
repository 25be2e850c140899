"""The till's register beside a running Poster: what the server does there on the till's behalf."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contract.till import PosterTill
from tests.integration.poster.connecting import connect, make_business
from tests.integration.poster.poster_beside import APP_ID, SECRET, PosterBeside

from incust.businesses.models import Business, PointOfSale, Terminal
from incust.businesses.tenancy import in_business
from incust.customers.identify import forget_countries
from incust.customers.models import Customer, CustomerIdentifier
from incust.poster.models import Installation

ACCOUNT = "demo-cafe"


@pytest.fixture
def business(committed_database: str, poster: PosterBeside) -> Business:
    forget_countries()
    made, _owner = make_business()
    account = connect(poster, made)
    with in_business(made.pk):
        Terminal.objects.create(
            business=made, name="Bar", use_poster=True, poster_account=account, poster_location_id="1",
            poster_register_id="2", point_of_sale=PointOfSale.objects.filter(business=made).first(),
        )  # fmt: skip
    return made


@pytest.fixture
def till(business: Business) -> PosterTill:
    return PosterTill(account=ACCOUNT, tablet="2", secret=SECRET, application=APP_ID)


def register(till: PosterTill, **details: Any) -> str:
    return str(till.post("customers", {"phone": "+380671234567", **details}).body["customer"]["id"])


def test_hello_names_our_own_client_group(business: Business, till: PosterTill) -> None:
    with in_business(business.pk):
        group = Installation.objects.get().client_group_id
    assert till.post("hello").body["poster"] == {"client_group_id": int(group), "application_name": "inCust"}


def test_the_server_creates_and_links_the_client(business: Business, till: PosterTill) -> None:
    guest = register(till, name="Olena")
    created = till.post(f"customers/{guest}/poster-client", {})
    assert created.status == 200
    number = created.body["poster_client_id"]
    again = till.post(f"customers/{guest}/poster-client", {})
    assert again.body == {"poster_client_id": number}
    known = till.post("identify", {"poster_client": {"id": number}})
    assert (known.body["customer"]["id"], known.body["customer"]["poster_client_id"]) == (guest, number)


def test_the_same_request_again_gives_the_stored_answer(business: Business, till: PosterTill) -> None:
    guest = register(till)
    first, second = (till.post(f"customers/{guest}/poster-client", {}, rid="c" * 32) for _ in range(2))
    assert (first.body, second.headers["Idempotent-Replay"]) == (second.body, "true")


def test_poster_down_is_told_and_nothing_is_linked(business: Business, till: PosterTill, poster: PosterBeside) -> None:
    guest = register(till)
    poster.weather(web_api="down")
    answer = till.post(f"customers/{guest}/poster-client", {})
    assert (answer.status, answer.code) == (502, "poster-unavailable")
    with in_business(business.pk):
        assert not CustomerIdentifier.objects.filter(kind="poster_client").exists()
        assert Customer.objects.count() == 1


def test_a_token_that_poster_no_longer_takes_is_a_refusal(
    business: Business, till: PosterTill, poster: PosterBeside
) -> None:
    guest = register(till)
    poster.post_form("/demo-cafe/manage/installed/4242/expire-token", page="/demo-cafe/manage/installed")
    answer = till.post(f"customers/{guest}/poster-client", {})
    assert (answer.status, answer.code) == (502, "poster-refused")
