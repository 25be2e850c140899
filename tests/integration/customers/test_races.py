"""Requests at the same moment: what may happen once happens once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from incust.businesses.problems import Problem
from incust.businesses.tenancy import in_business
from incust.customers.confirmation import confirmation_hash, request_confirmation
from incust.customers.identify import Identify, identify_customer
from incust.customers.models import Customer, CustomerIdentifier
from incust.customers.register import RegisterCustomer, register_customer
from incust.customers.temporary_codes import issue_temporary_code

from .guests import Place, make_guest, open_place

AT_ONCE = 6


@pytest.fixture
def place(committed_database: str) -> Place:
    return open_place()


def all_at_once(do: Callable[[int], Any], times: int = AT_ONCE) -> list[Any]:
    """The answers, or the code of the problem each one met."""

    def attempt(number: int) -> Any:
        try:
            return do(number)
        except Problem as problem:
            return problem.code
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(attempt, range(times)))


def test_a_temporary_code_is_taken_by_one(place: Place) -> None:
    code = issue_temporary_code(place.business_id, make_guest(place).pk, now=timezone.now()).code
    answers = all_at_once(
        lambda _n: bool(identify_customer(Identify(caller=place.caller(), identifier=code), now=timezone.now()))
    )
    assert Counter(answers) == {True: 1, "identifier-unusable": AT_ONCE - 1}


def test_guesses_are_counted_one_by_one(place: Place) -> None:
    answers = all_at_once(
        lambda _n: [
            all_at_once_code(lambda: identify_customer(
                Identify(caller=place.caller(), identifier="000000"), now=timezone.now()
            ))
            for _ in range(3)
        ]
    )  # fmt: skip
    assert Counter(code for codes in answers for code in codes) == {"identifier-unusable": 10, "too-many-guesses": 8}


def all_at_once_code(do: Callable[[], Any]) -> str:
    try:
        do()
    except Problem as problem:
        return problem.code
    return "ok"


def test_a_guest_is_registered_by_one(place: Place) -> None:
    answers = all_at_once(
        lambda _n: register_customer(
            RegisterCustomer(caller=place.caller(), phone="0501112233", new_customer_status=lambda _business: "full"),
            now=timezone.now(),
        ).body["customer"]["is_new"]
    )
    assert Counter(answers) == {True: 1, "customer-exists": AT_ONCE - 1}
    with in_business(place.business_id):
        assert (Customer.objects.count(), CustomerIdentifier.objects.count()) == (1, 1)


def test_one_request_that_arrives_many_times_has_one_answer(place: Place) -> None:
    answers = all_at_once(
        lambda _n: register_customer(
            RegisterCustomer(
                caller=place.caller("once"), phone="0501112233", new_customer_status=lambda _business: "full"
            ),
            now=timezone.now(),
        )
    )
    assert len({str(answer.body) for answer in answers}) == 1
    assert sum(not answer.repeated for answer in answers) == 1


def test_wrong_confirmation_codes_are_counted_one_by_one(place: Place) -> None:
    guest, now = make_guest(place, email="olena@example.org"), timezone.now()
    request_confirmation(place.business_id, guest.pk, "check", 4000, "UAH", terminal_id=None, now=now)
    wrong = confirmation_hash(
        business_id=place.business_id, customer_id=guest.pk, external_id="check", amount_minor=4000, code="nonsense"
    )

    def attempt(_number: int) -> tuple[str, int]:
        with in_business(place.business_id), connection.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM customers.consume_confirmation(%s, %s, 'check', 4000, %s, %s)",
                [place.business_id, guest.pk, wrong, now],
            )
            return cursor.fetchone()

    assert sorted(all_at_once(attempt)) == [
        ("exhausted", 0), ("exhausted", 0), ("wrong", 1), ("wrong", 2), ("wrong", 3), ("wrong", 4),
    ]  # fmt: skip


def test_two_tills_do_not_send_two_codes_at_once(place: Place) -> None:
    guest, now = make_guest(place, email="olena@example.org"), timezone.now()
    all_at_once(
        lambda _n: request_confirmation(place.business_id, guest.pk, "check", 4000, "UAH", terminal_id=None, now=now)
    )
    with in_business(place.business_id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM messaging.outbox WHERE topic = 'confirmation-code'")
        assert cursor.fetchone()[0] == 1
