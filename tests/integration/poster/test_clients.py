"""Guests among Poster's clients, found or created by the server."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any

import pytest
from tests.integration.poster.connecting import connect, make_business
from tests.integration.poster.poster_beside import PosterBeside

from incust.businesses.models import Business
from incust.businesses.tenancy import in_business
from incust.poster.clients import ClientDetails, find_or_create_client
from incust.poster.installations import api_of
from incust.poster.models import Installation
from incust.poster.problems import PosterRefused, PosterUnavailable

pytestmark = pytest.mark.django_db


@pytest.fixture
def business(poster: PosterBeside) -> Business:
    made, _owner = make_business()
    connect(poster, made)
    return made


def find_or_create(business: Business, **details: object) -> int:
    with in_business(business.id):
        account_id = Installation.objects.get().till_account_id
    return find_or_create_client(
        business_id=business.id,
        account_id=account_id,
        details=ClientDetails(**details),  # type: ignore[arg-type]
    )


def client_in_poster(business: Business, number: int) -> dict[str, str]:
    with in_business(business.id):
        account_id = Installation.objects.get().till_account_id
    with api_of(business.id, account_id) as api:
        return dict(api.get("clients.getClient", client_id=str(number))[0])


def test_a_client_with_this_phone_is_found(business: Business) -> None:
    number = find_or_create(business, phone="+380501110003", name="Somebody else")
    assert client_in_poster(business, number)["phone_number"] == "380501110003"
    assert client_in_poster(business, number)["lastname"] != "Somebody else"


def test_a_new_client_is_created_in_our_group_and_found_again(business: Business) -> None:
    details = {
        "phone": "+380671234567", "name": "Guest", "email": "guest@example.org", "birthday": date(1990, 4, 12),
        "gender": "female", "card_number": "12345678",
    }  # fmt: skip
    number = find_or_create(business, **details)
    client = client_in_poster(business, number)
    with in_business(business.id):
        assert client["client_groups_id"] == Installation.objects.get().client_group_id
    assert (client["birthday"], client["client_sex"], client["card_number"]) == ("1990-04-12", "2", "12345678")
    assert find_or_create(business, **details) == number


def test_poster_down_is_told(business: Business, poster: PosterBeside) -> None:
    poster.weather(web_api="down")
    with pytest.raises(PosterUnavailable):
        find_or_create(business, phone="+380671234567")


def test_a_refusal_has_one_code_for_the_till(business: Business, poster: PosterBeside) -> None:
    poster.post_form("/demo-cafe/manage/installed/4242/expire-token", page="/demo-cafe/manage/installed")
    with pytest.raises(PosterRefused) as caught:
        find_or_create(business, phone="+380671234567")
    assert (caught.value.code, type(caught.value)) == ("poster-refused", PosterRefused)


def test_an_account_that_is_not_connected_is_refused(business: Business) -> None:
    with pytest.raises(PosterRefused, match="poster-refused"):
        find_or_create_client(business_id=business.id, account_id=2**40, details=ClientDetails(phone="+380"))


@pytest.mark.parametrize("trickles", [False, True])
def test_a_poster_that_hangs_holds_the_till_for_little_more_than_a_second(
    business: Business, settings: Any, trickles: bool
) -> None:
    with hanging_server(trickles=trickles) as port:
        settings.POSTER_ACCOUNT_URL = f"http://127.0.0.1:{port}/{{account}}"
        started = time.perf_counter()
        with pytest.raises(PosterUnavailable):
            find_or_create(business, phone="+380671234567")
        assert 1.0 <= time.perf_counter() - started < 2.5  # on a crowded machine


@contextmanager
def hanging_server(*, trickles: bool) -> Iterator[int]:
    """Takes connections and never comes to an end, silent or with a byte of its answer now and then."""
    stop = threading.Event()

    def serve() -> None:
        with suppress(OSError):
            connection, _peer = listening.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" if trickles else b"")
                while not stop.wait(0.1):
                    connection.sendall(b" " if trickles else b"")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        yield int(listening.getsockname()[1])
        stop.set()
        thread.join(5)
