"""Work put in within a transaction happens after it: once a job, at least once a handler, and never for nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from incust.businesses.create_business import CreateBusiness, create_business
from incust.businesses.models import Business, User
from incust.businesses.tenancy import in_business
from incust.config import database
from incust.messaging import outbox
from incust.messaging.outbox import Event, enqueue
from incust.messaging.relay import relay_once
from incust.messaging.tasks import HandlingFailed, handle_event
from incust.messaging.worker import PLACES


def make_business(name: str = "Kava") -> Business:
    return create_business(CreateBusiness(name=name, owner=User.objects.create(username=f"owner-of-{name}")))


def jobs() -> list[dict[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM public.procrastinate_jobs ORDER BY id")
        return [json.loads(row[0]) for row in cursor]


@pytest.fixture
def handled() -> Iterator[list[Event]]:
    seen: list[Event] = []
    outbox.handles("test-topic")(seen.append)
    yield seen
    outbox._handlers.pop("test-topic")


@pytest.mark.django_db
class TestEnqueue:
    def test_an_event_is_handled_and_then_gone(self, handled: list[Event]) -> None:
        business = make_business()
        with in_business(business.id):
            number = enqueue(business.id, "test-topic", {"n": 1})
        assert relay_once() == 1
        assert jobs() == [{"business_id": business.id, "event_id": number}]
        outbox.handle(business.id, number)
        outbox.handle(business.id, number)
        assert [(event.id, event.payload) for event in handled] == [(number, {"n": 1})]

    def test_what_takes_long_goes_to_places_of_its_own(self) -> None:
        business = make_business()
        topics = ("test-long", "registration", "confirmation-code", "poster-compare", "poster-client-import")
        outbox.handles("test-long", long=True)(print)
        try:
            with in_business(business.id):
                for topic in topics:
                    enqueue(business.id, topic, {})
            assert relay_once() == 5
        finally:
            outbox._handlers.pop("test-long")
            outbox._long_topics.remove("test-long")
        with connection.cursor() as cursor:
            cursor.execute("SELECT queue_name FROM public.procrastinate_jobs ORDER BY id")
            assert [row[0] for row in cursor] == ["long", "events", "codes", "long", "long"]
        assert [places for places, queues in PLACES if "long" in queues] == [2]
        assert [queues for _places, queues in PLACES if "long" in queues] == [("long",)]

    def test_every_queue_has_places(self) -> None:
        app.perform_import_paths()
        served = {queue for _places, queues in PLACES for queue in queues}
        assert {task.queue for task in app.tasks.values()} | {"codes", "long"} == served

    def test_another_business_cannot_be_written_for(self) -> None:
        ours, other = make_business("Kava"), make_business("Piekarnia")
        with pytest.raises(DatabaseError, match="row-level security"), in_business(ours.id):
            enqueue(other.id, "test-topic", {})

    def test_another_business_cannot_read_what_an_event_says(self) -> None:
        ours, other = make_business("Kava"), make_business("Piekarnia")
        with in_business(other.id):
            number = enqueue(other.id, "test-topic", {"secret": 1})
        with in_business(ours.id), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM messaging.outbox WHERE id = %s", [number])
            assert cursor.fetchone() == (0,)
        outbox.handle(ours.id, number)
        with in_business(other.id), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM messaging.outbox WHERE id = %s", [number])
            assert cursor.fetchone() == (1,)

    def test_a_relayed_event_is_not_relayed_again(self, handled: list[Event]) -> None:
        business = make_business()
        with in_business(business.id):
            enqueue(business.id, "test-topic", {})
        assert [relay_once(), relay_once()] == [1, 0]

    def test_the_relay_gets_no_payload_and_the_program_cannot_mark_events_as_relayed(self) -> None:
        business = make_business()
        with in_business(business.id):
            enqueue(business.id, "test-topic", {"secret": 1})
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM messaging.take_from_outbox(10)")
            assert [column.name for column in cursor.description] == ["business_id", "event_id", "topic"]
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            in_business(business.id),
            connection.cursor() as cursor,
        ):
            cursor.execute("UPDATE messaging.outbox SET relayed_at = now()")

    def test_an_event_without_a_job_is_put_back_and_one_with_a_job_is_not(self, handled: list[Event]) -> None:
        business = make_business()
        with in_business(business.id):
            lost, kept = (enqueue(business.id, "test-topic", {}) for _ in range(2))
        relay_once()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM public.procrastinate_jobs WHERE lock = %s", [f"event:{lost}"])
            cursor.execute("SELECT messaging.put_back_lost('0 seconds')")
            assert cursor.fetchone() == (1,)
        assert relay_once() == 1
        assert sorted(job["event_id"] for job in jobs()) == sorted([lost, kept])


class TestRelay:
    def test_two_relays_make_exactly_one_job_of_each_event(self, committed_database: str) -> None:
        business = make_business()
        with in_business(business.id):
            numbers = [enqueue(business.id, "test-topic", {"n": n}) for n in range(500)]
        moved: list[int] = []

        def drain() -> None:
            while count := relay_once():
                moved.append(count)
            connection.close()

        threads = [threading.Thread(target=drain) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(moved) == 500
        assert sorted(job["event_id"] for job in jobs()) == numbers

    def test_what_one_relay_holds_another_skips_and_gets_back_if_the_first_dies(self, committed_database: str) -> None:
        business = make_business()
        with in_business(business.id):
            enqueue(business.id, "test-topic", {})
        with psycopg.connect(**database.connection_parameters(role=database.APP_ROLE)) as dying:
            assert len(dying.execute("SELECT * FROM messaging.take_from_outbox(10)").fetchall()) == 1
            assert relay_once() == 0
            dying.rollback()
        assert relay_once() == 1

    def test_an_event_of_a_transaction_that_failed_never_was(self, committed_database: str) -> None:
        business = make_business()
        with transaction.atomic():
            with in_business(business.id):
                enqueue(business.id, "test-topic", {})
            transaction.set_rollback(True)
        assert relay_once() == 0


@pytest.mark.django_db
class TestTries:
    def test_putting_off_uses_up_no_tries_and_the_ninth_failure_is_the_last(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        business = make_business()
        raised: list[Exception] = [outbox.TryLater("poster-away", at=timezone.now())] * 12 + [OSError("broken")] * 9
        told = iter(raised)

        def refuse(_event: Event) -> None:
            raise next(told)

        monkeypatch.setitem(outbox._handlers, "test-topic", refuse)
        with in_business(business.id):
            number = enqueue(business.id, "test-topic", {})
        for _try in range(12):
            with pytest.raises(outbox.TryLater):
                handle_event(business_id=business.id, event_id=number)
        assert (failed(business, number), counted(handle_event, business, number)) == (False, 1)
        assert [counted(handle_event, business, number) for _try in range(7)] == [2, 3, 4, 5, 6, 7, 8]
        assert failed(business, number) is False
        assert (counted(handle_event, business, number), failed(business, number)) == (9, True)

    def test_codes_go_before_what_waits_already(self, handled: list[Event]) -> None:
        business = make_business()
        with in_business(business.id):
            notice, code = enqueue(business.id, "check-finalized", {}), enqueue(business.id, "confirmation-code", {})
        relay_once()
        with connection.cursor() as cursor:
            cursor.execute("SELECT lock FROM public.procrastinate_jobs ORDER BY priority DESC, id")
            assert [row[0] for row in cursor.fetchall()] == [f"event:{code}", f"event:{notice}"]


def counted(task: Any, business: Business, number: int) -> int:
    with pytest.raises(HandlingFailed) as caught:
        task(business_id=business.id, event_id=number)
    return caught.value.failures


def failed(business: Business, number: int) -> bool:
    with in_business(business.id), connection.cursor() as cursor:
        cursor.execute("SELECT failed_at IS NOT NULL FROM messaging.outbox WHERE id = %s", [number])
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_sealed_member_is_unreadable_in_the_table_and_plain_for_the_handler(handled: list[Event]) -> None:
    business = make_business()
    with in_business(business.pk), connection.cursor() as cursor:
        number = enqueue(business.pk, "test-topic", {"code": outbox.sealed("482913"), "amount_minor": 4000})
        cursor.execute("SELECT payload::text FROM messaging.outbox")
        assert "482913" not in cursor.fetchone()[0]
    outbox.handle(business.pk, number)
    assert [event.payload for event in handled] == [{"code": "482913", "amount_minor": 4000}]
