"""What is kept of codes, tries and recognitions, whom it binds, and when it is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from incust.businesses.models import Terminal
from incust.businesses.tenancy import in_business
from incust.customers.models import Identification

from .guests import Place, make_guest, open_place

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
A_MOMENT = timedelta(microseconds=1)


@pytest.fixture
def place() -> Place:
    return open_place()


def ask(place: Place, call: str, *parameters: Any) -> Any:
    with in_business(place.business_id), connection.cursor() as cursor:
        cursor.execute(f"SELECT {call}", [place.business_id, *parameters])
        return cursor.fetchone()[0]


def rows(place: Place, query: str) -> list[Any]:
    with in_business(place.business_id), connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def second_terminal(place: Place) -> int:
    with in_business(place.business_id):
        first = Terminal.objects.get(pk=place.terminal_id)
        return Terminal.objects.create(
            business_id=place.business_id, name="Hall", point_of_sale_id=first.point_of_sale_id
        ).pk


class TestTriesAtCodes:
    def note(self, place: Place, guest: int, terminal: int | None, at: datetime, what: str = "wrong") -> None:
        ask(place, "customers.note_confirmation(%s, %s, %s, %s, %s)", guest, terminal, what, at)

    def may_try(self, place: Place, guest: int, at: datetime) -> bool:
        return bool(ask(place, "customers.may_try_confirmation(%s, %s, %s)", guest, at))

    def test_fifteen_of_one_guest_bind_him_alone_until_the_hour_is_over(self, place: Place) -> None:
        guest, other = make_guest(place).pk, make_guest(place).pk
        for _ in range(14):
            self.note(place, guest, None, NOON)
        self.note(place, guest, None, NOON, what="sent")
        self.note(place, other, None, NOON)
        assert self.may_try(place, guest, NOON)
        self.note(place, guest, None, NOON)
        assert not self.may_try(place, guest, NOON + HOUR - A_MOMENT)
        assert self.may_try(place, guest, NOON + HOUR)
        assert self.may_try(place, other, NOON)

    def test_what_is_an_hour_old_goes_with_the_next_one_of_the_guest_or_the_terminal(self, place: Place) -> None:
        guest, other = make_guest(place).pk, make_guest(place).pk
        hall = second_terminal(place)
        self.note(place, guest, None, NOON)
        self.note(place, guest, None, NOON + A_MOMENT)
        self.note(place, other, None, NOON)
        self.note(place, other, place.terminal_id, NOON, what="sent")
        self.note(place, other, hall, NOON, what="sent")
        self.note(place, guest, place.terminal_id, NOON + HOUR, what="sent")
        kept = "SELECT customer_id, terminal_id, happened_at FROM customers.confirmation_event ORDER BY id"
        assert rows(place, kept) == [
            (guest, None, NOON + A_MOMENT), (other, None, NOON), (other, hall, NOON),
            (guest, place.terminal_id, NOON + HOUR),
        ]  # fmt: skip


class TestSignedReads:
    def read(self, place: Place, terminal: int, number: str, at: datetime = NOON) -> None:
        ask(place, "customers.refuse_replay(%s, %s, %s, %s)", terminal, number, at)

    def test_a_terminal_uses_a_number_once(self, place: Place) -> None:
        hall = second_terminal(place)
        self.read(place, place.terminal_id, "a")
        self.read(place, hall, "a")
        with pytest.raises(DatabaseError, match="replayed-request"), transaction.atomic():
            self.read(place, place.terminal_id, "a", NOON + timedelta(minutes=15))

    def test_numbers_are_kept_for_a_quarter_of_an_hour(self, place: Place) -> None:
        hall = second_terminal(place)
        kept = "SELECT request_id FROM customers.read_request ORDER BY request_id"
        self.read(place, place.terminal_id, "a")
        self.read(place, hall, "b")
        later = NOON + timedelta(minutes=15)
        self.read(place, place.terminal_id, "c0", later)
        assert rows(place, kept) == [("a",), ("b",), ("c0",)]
        self.read(place, place.terminal_id, "d", later + A_MOMENT)  # Every sixteenth number forgets, those with a 0.
        assert rows(place, kept) == [("a",), ("b",), ("c0",), ("d",)]
        self.read(place, place.terminal_id, "e0", later + A_MOMENT)
        assert rows(place, kept) == [("b",), ("c0",), ("d",), ("e0",)]


class TestRecognised:
    def recognise(self, place: Place, guest: int, strength: str = "strong") -> int:
        with in_business(place.business_id):
            return Identification.objects.create(
                business_id=place.business_id, customer_id=guest, terminal_id=place.terminal_id, kind="qr",
                strength=strength, happened_at=NOON,
            ).pk  # fmt: skip

    def strength(
        self, place: Place, guest: int, seen: int, *, check: int | None = None, at: datetime = NOON, terminal: int = 0
    ) -> str:
        return str(
            ask(
                place, "customers.strength_of(%s, %s, %s, %s, %s, %s)", guest, terminal or place.terminal_id, seen,
                check, at,
            )
        )  # fmt: skip

    def use(self, place: Place, seen: int, check: int) -> bool:
        return bool(ask(place, "customers.use_identification(%s, %s, %s)", seen, check))

    def test_surely_only_this_guest_at_this_terminal_for_two_hours(self, place: Place) -> None:
        guest, other = make_guest(place).pk, make_guest(place).pk
        seen = self.recognise(place, guest)
        assert self.strength(place, guest, seen) == "strong"
        assert self.strength(place, guest, seen, check=5) == "strong"
        assert self.strength(place, other, seen) == "weak"
        assert self.strength(place, guest, seen + 1) == "weak"
        assert self.strength(place, guest, seen, terminal=second_terminal(place)) == "weak"
        assert self.strength(place, guest, seen, at=NOON + 2 * HOUR - A_MOMENT) == "strong"
        assert self.strength(place, guest, seen, at=NOON + 2 * HOUR) == "weak"
        assert self.strength(place, guest, self.recognise(place, guest, "weak")) == "weak"

    def test_and_for_the_first_check_that_used_it(self, place: Place) -> None:
        guest = make_guest(place).pk
        seen, another = self.recognise(place, guest), self.recognise(place, guest)
        assert self.use(place, another, 5)
        assert [self.use(place, seen, check) for check in (6, 6, 5)] == [True, True, False]
        assert self.strength(place, guest, seen, check=6) == "strong"
        assert self.strength(place, guest, seen, check=5) == "weak"
        assert self.strength(place, guest, seen) == "weak"

    def test_nobody_uses_what_is_not_there(self, place: Place) -> None:
        seen = self.recognise(place, make_guest(place).pk)
        assert self.use(place, seen, 5)
        assert not self.use(place, seen + 1, 5)
