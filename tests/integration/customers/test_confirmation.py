"""The one-time code of a redemption, down to the database."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from incust.businesses.tenancy import in_business
from incust.customers.confirmation import confirmation_hash, request_confirmation
from incust.customers.models import ConfirmationCode
from incust.customers.problems import NoConfirmationChannel, ResendTooSoon
from incust.messaging.outbox import unsealed

from .guests import Place, make_guest, open_place

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
CHECK = "1506511064579"


@pytest.fixture
def place() -> Place:
    return open_place()


def sent_code(place: Place) -> str:
    with in_business(place.business_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT payload->'code' FROM messaging.outbox WHERE topic = 'confirmation-code' ORDER BY id DESC LIMIT 1"
        )
        return str(unsealed(json.loads(cursor.fetchone()[0])))


def codes_sent(place: Place) -> int:
    with in_business(place.business_id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM messaging.outbox WHERE topic = 'confirmation-code'")
        return int(cursor.fetchone()[0])


def consume(
    place: Place, customer_id: int, code: str, *, amount_minor: int = 4000, check: str = CHECK, at: datetime = NOON
) -> tuple[str, int]:
    entered = confirmation_hash(
        business_id=place.business_id, customer_id=customer_id, external_id=check, amount_minor=amount_minor, code=code
    )
    with in_business(place.business_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM customers.consume_confirmation(%s, %s, %s, %s, %s, %s)",
            [place.business_id, customer_id, check, amount_minor, entered, at],
        )
        return cursor.fetchone()


class TestConsuming:
    def test_the_right_code_counts_once(self, place: Place) -> None:
        guest = make_guest(place, email="olena@example.org")
        request_confirmation(place.business_id, guest.pk, CHECK, 4000, "UAH", terminal_id=None, now=NOON)
        code = sent_code(place)
        assert consume(place, guest.pk, f" {code} ") == ("ok", 5)
        assert consume(place, guest.pk, code) == ("missing", 0)

    @pytest.mark.parametrize(("after", "status"), [(299, "ok"), (300, "expired")])
    def test_it_lives_five_minutes(self, place: Place, after: int, status: str) -> None:
        guest = make_guest(place, email="olena@example.org")
        request_confirmation(place.business_id, guest.pk, CHECK, 4000, "UAH", terminal_id=None, now=NOON)
        assert consume(place, guest.pk, sent_code(place), at=NOON + timedelta(seconds=after))[0] == status

    def test_a_code_for_another_amount_or_check_is_none(self, place: Place) -> None:
        guest = make_guest(place, email="olena@example.org")
        request_confirmation(place.business_id, guest.pk, CHECK, 4000, "UAH", terminal_id=None, now=NOON)
        code = sent_code(place)
        assert consume(place, guest.pk, code, amount_minor=3999) == ("missing", 0)
        assert consume(place, guest.pk, code, check="other") == ("missing", 0)

    def test_neither_the_code_nor_an_open_hash_of_it_is_kept(self, place: Place) -> None:
        import hashlib

        guest = make_guest(place, email="olena@example.org")
        request_confirmation(place.business_id, guest.pk, CHECK, 4000, "UAH", terminal_id=None, now=NOON)
        with in_business(place.business_id):
            kept = bytes(ConfirmationCode.objects.get().code_hash)
        assert len(kept) == 32
        assert kept != hashlib.sha256(sent_code(place).encode()).digest()

    def test_a_new_code_voids_the_old_one_and_gives_five_tries_again(self, place: Place) -> None:
        guest = make_guest(place, email="olena@example.org")
        request_confirmation(place.business_id, guest.pk, CHECK, 4000, "UAH", terminal_id=None, now=NOON)
        old = sent_code(place)
        consume(place, guest.pk, "wrong!")
        later = NOON + timedelta(seconds=31)
        request_confirmation(place.business_id, guest.pk, CHECK, 4000, "UAH", terminal_id=None, now=later, resend=True)
        new = sent_code(place)
        if old != new:
            assert consume(place, guest.pk, old, at=later) == ("wrong", 4)
        assert consume(place, guest.pk, new, at=later)[0] == "ok"


class TestSending:
    def test_email_is_cheaper_than_sms(self, place: Place) -> None:
        guest = make_guest(place, phone="+380501112233", email="olena@example.org")
        sent = request_confirmation(place.business_id, guest.pk, CHECK, 4000, "UAH", terminal_id=None, now=NOON)
        assert (sent.channel.name, sent.channel.masked, sent.resend_after_s) == ("email", "o•••@example.org", 30)

    def test_who_cannot_be_reached_is_not_sent_anything(self, place: Place) -> None:
        guest = make_guest(place, card="20251234")
        with pytest.raises(NoConfirmationChannel):
            request_confirmation(place.business_id, guest.pk, CHECK, 4000, "UAH", terminal_id=None, now=NOON)

    @pytest.mark.parametrize(("after", "wait"), [(0, 30), (29, 1), (30, None)])
    def test_another_one_at_the_earliest_after_thirty_seconds(self, place: Place, after: int, wait: int | None) -> None:
        guest = make_guest(place, email="olena@example.org")
        request_confirmation(place.business_id, guest.pk, CHECK, 4000, "UAH", terminal_id=None, now=NOON)
        again = NOON + timedelta(seconds=after)
        if wait is None:
            request_confirmation(
                place.business_id, guest.pk, CHECK, 4000, "UAH", terminal_id=None, now=again, resend=True
            )
            return
        with pytest.raises(ResendTooSoon) as refused:
            request_confirmation(
                place.business_id, guest.pk, CHECK, 4000, "UAH", terminal_id=None, now=again, resend=True
            )
        assert refused.value.members == {"retry_after_s": wait}

    def test_a_changed_amount_gets_its_own_code_at_once_but_six_are_the_most(self, place: Place) -> None:
        guest = make_guest(place, email="olena@example.org")
        for amount_minor in range(4000, 4006):
            request_confirmation(place.business_id, guest.pk, CHECK, amount_minor, "UAH", terminal_id=None, now=NOON)
        with pytest.raises(ResendTooSoon):
            request_confirmation(place.business_id, guest.pk, CHECK, 4006, "UAH", terminal_id=None, now=NOON)
        later = NOON + timedelta(minutes=60)
        sent = request_confirmation(place.business_id, guest.pk, CHECK, 4006, "UAH", terminal_id=None, now=later)
        assert sent.resend_after_s == 30

    def test_six_an_hour_for_a_guest_however_many_checks_are_invented(self, place: Place) -> None:
        guest = make_guest(place, email="olena@example.org")
        for number in range(6):
            at = NOON + timedelta(minutes=number)
            request_confirmation(place.business_id, guest.pk, f"check {number}", 4000, "UAH", terminal_id=None, now=at)
        with pytest.raises(ResendTooSoon) as refused:
            request_confirmation(
                place.business_id, guest.pk, "check 6", 4000, "UAH", terminal_id=None, now=NOON + timedelta(minutes=10)
            )
        assert refused.value.members == {"retry_after_s": 50 * 60}
        assert codes_sent(place) == 6
        other = make_guest(place, email="petro@example.org")
        request_confirmation(place.business_id, other.pk, "check 7", 4000, "UAH", terminal_id=None, now=NOON)
        assert codes_sent(place) == 7

    def test_a_terminal_sends_a_hundred_and_twenty_an_hour(self, place: Place) -> None:
        guests = [make_guest(place, email=f"guest{number}@example.org") for number in range(21)]
        for number in range(120):
            request_confirmation(
                place.business_id, guests[number // 6].pk, f"check {number}", 4000, "UAH",
                terminal_id=place.terminal_id, now=NOON,
            )  # fmt: skip
        last = guests[20].pk
        with pytest.raises(ResendTooSoon):
            request_confirmation(place.business_id, last, "x", 4000, "UAH", terminal_id=place.terminal_id, now=NOON)
        assert codes_sent(place) == 120


class TestGuessing:
    def test_fifteen_wrong_tries_an_hour_over_all_checks(self, place: Place) -> None:
        guest = make_guest(place, email="olena@example.org")
        checks = [f"check {number}" for number in range(4)]
        for check in checks:
            request_confirmation(place.business_id, guest.pk, check, 4000, "UAH", terminal_id=None, now=NOON)
        tried = [consume(place, guest.pk, "wrong!", check=check)[0] for check in checks[:3] for _ in range(5)]
        assert tried == ["wrong", "wrong", "wrong", "wrong", "exhausted"] * 3
        assert consume(place, guest.pk, sent_code(place), check="check 3") == ("exhausted", 0)  # although it is right

    def test_and_no_code_is_sent_until_the_hour_is_over(self, place: Place) -> None:
        guest = make_guest(place, email="olena@example.org")
        for number in range(3):
            check = f"check {number}"
            request_confirmation(place.business_id, guest.pk, check, 4000, "UAH", terminal_id=None, now=NOON)
            for _ in range(5):
                consume(place, guest.pk, "wrong!", check=check)
        at = NOON + timedelta(minutes=20)
        with pytest.raises(ResendTooSoon) as refused:
            request_confirmation(place.business_id, guest.pk, "another", 4000, "UAH", terminal_id=None, now=at)
        assert refused.value.members == {"retry_after_s": 40 * 60}
        at = NOON + timedelta(hours=1)
        request_confirmation(place.business_id, guest.pk, "another", 4000, "UAH", terminal_id=None, now=at)
        assert consume(place, guest.pk, sent_code(place), check="another", at=at)[0] == "ok"
