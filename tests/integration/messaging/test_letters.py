"""Letters by real SMTP and a real gateway: what arrives, what is recorded, and what an outage does."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings
from tests.free_port import free_port
from tests.integration.messaging.waiting import (
    EMAIL,
    PHONE,
    code_payload,
    make_business,
    put,
    receipt_payload,
    send,
    the_message,
)
from tests.phone_process import Phone

from incust.businesses.tenancy import in_business
from incust.messaging import outbox
from incust.messaging.channels import sms
from incust.messaging.models import Message
from incust.messaging.outbox import TryLater

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shared_phone() -> Iterator[Phone]:
    with Phone() as phone:
        yield phone


@pytest.fixture
def phone(shared_phone: Phone, settings: Settings) -> Iterator[Phone]:
    """The guest's phone, and the program set up to reach it."""
    import httpx

    httpx.delete(f"{shared_phone.url}/messages")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", shared_phone.smtp_port
    settings.SMS_URL = shared_phone.sms_url
    sms.register()
    yield shared_phone
    settings.SMS_URL = ""
    sms.register()


@contextmanager
def server_that_hangs_up(answer: bytes = b"") -> Iterator[int]:
    """Takes one request after the other, sends ``answer`` and closes; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    client, _ = listening.accept()
                except OSError:
                    return
                with client:
                    client.recv(65536)
                    client.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


class TestConfirmationCode:
    def test_it_arrives_by_email_in_the_guests_language_under_the_business_name(self, phone: Phone) -> None:
        business = make_business("Кава на розі", language="en")
        message = send(business, "confirmation-code", code_payload(language="uk"))
        (received,) = phone.messages(EMAIL)
        assert received["sender"] == "Кава на розі"
        assert received["subject"] == "482913 — ваш код для «Кава на розі»"
        assert received["text"].startswith("Кава на розі: ваш код 482913, щоб сплатити бонусами 40,00. Діє до ")
        assert (message.state, message.channel, message.masked_address) == ("sent", "email", "o•••@example.org")

    @pytest.mark.parametrize(
        ("language", "begins"),
        [
            ("en", "Kava: your code is 482913, to pay 40.00 with bonus points. Good until "),
            ("pl", "Kava: Twój kod to 482913, aby zapłacić punktami 40,00. Ważny do "),
            ("ru", "Kava: ваш код 482913, чтобы оплатить бонусами 40,00. Действует до "),
        ],
    )
    def test_it_speaks_each_language(self, phone: Phone, language: str, begins: str) -> None:
        send(make_business(), "confirmation-code", code_payload(language=language))
        assert phone.messages(EMAIL)[0]["text"].startswith(begins)

    def test_it_goes_by_sms_to_who_has_no_email(self, phone: Phone) -> None:
        message = send(make_business(), "confirmation-code", code_payload(contacts={"email": "", "phone": PHONE}))
        assert [m["code"] for m in phone.messages(PHONE)] == ["482913"]
        assert (message.channel, message.masked_address) == ("sms", "+380•••2233")

    def test_neither_code_nor_address_stays_in_the_database(self, phone: Phone) -> None:
        business = make_business()
        send(business, "confirmation-code", code_payload())
        with in_business(business.id), connection.cursor() as cursor:
            for table in ("messaging.outbox", "messaging.message", "public.procrastinate_jobs"):
                cursor.execute(f"SELECT coalesce(json_agg(t)::text, '') FROM {table} t")
                kept = cursor.fetchone()[0]
                assert "482913" not in kept
                assert EMAIL not in kept

    def test_an_expired_code_is_not_sent(self, phone: Phone) -> None:
        expired = code_payload(timezone.now() - timedelta(seconds=1))
        message = send(make_business(), "confirmation-code", expired)
        assert (message.state, message.attempts) == ("expired", 0)
        assert phone.messages() == []

    def test_the_same_key_is_sent_once(self, phone: Phone) -> None:
        business = make_business()
        for _ in range(2):
            send(business, "confirmation-code", code_payload(dedup_key="code-of-check-7"))
        assert len(phone.messages(EMAIL)) == 1

    def test_without_an_address_it_fails_and_says_so(self, phone: Phone) -> None:
        message = send(make_business(), "confirmation-code", code_payload(contacts={"card": "1"}))
        assert (message.state, message.error) == ("failed", "no-channel")


class TestReceiptNotice:
    def test_it_says_what_moved_and_the_balance(self, phone: Phone) -> None:
        send(make_business(), "check-finalized", receipt_payload(language="en"))
        assert phone.messages(EMAIL)[0]["text"] == "Kava: −40.00, +2.50. Balance: 82.50."

    def test_nothing_is_said_where_nothing_moved_or_nobody_is_known(self, phone: Phone) -> None:
        business = make_business()
        outbox.handle(business.id, put(business, "check-finalized", receipt_payload(redeemed_minor=0, earned_minor=0)))
        outbox.handle(business.id, put(business, "check-finalized", receipt_payload(customer_id=None)))
        assert phone.messages() == []

    def test_an_sms_is_paid_for_so_it_needs_the_setting(self, phone: Phone, settings: Settings) -> None:
        only_phone = receipt_payload(contacts={"phone": PHONE}, language="en")
        ours, other = make_business("Kava"), make_business("Piekarnia")
        assert send(ours, "check-finalized", only_phone).error == "no-channel"
        settings.RECEIPT_NOTICES_BY_SMS = True
        assert send(other, "check-finalized", only_phone).state == "sent"
        assert [m["sender"] for m in phone.messages(PHONE)] == ["Piekarnia"]


class TestRefundNotice:
    @pytest.mark.parametrize(
        ("returned", "taken", "text"),
        [
            (4000, 1200, "Kava, refund: 40.00 came back, 12.00 were taken off. Balance: 82.50."),
            (4000, 0, "Kava, refund: 40.00 came back. Balance: 82.50."),
            (0, 1200, "Kava, refund: 12.00 were taken off. Balance: 82.50."),
        ],
    )
    def test_it_says_what_came_back_and_what_was_taken(
        self, phone: Phone, returned: int, taken: int, text: str
    ) -> None:
        send(
            make_business(), "check-refunded",
            receipt_payload(language="en", returned_minor=returned, taken_back_minor=taken),
        )  # fmt: skip
        assert [message["text"] for message in phone.messages(EMAIL)] == [text]

    def test_nothing_is_said_where_nothing_moved(self, phone: Phone) -> None:
        business = make_business()
        payload = receipt_payload(returned_minor=0, taken_back_minor=0)
        outbox.handle(business.id, put(business, "check-refunded", payload))
        assert phone.messages() == []


class TestLinks:
    def test_a_path_becomes_a_public_address(self, phone: Phone) -> None:
        send(make_business(), "wallet-link", {"url": "w/l/abc", "contacts": {"email": EMAIL}, "language": "en"})
        assert phone.messages(EMAIL)[0]["links"] == ["http://localhost:8000/w/l/abc"]

    def test_a_new_guest_is_welcomed(self, phone: Phone) -> None:
        link = {"url": "https://bonus.example/w/l/abc", "contacts": {"phone": PHONE}, "language": "pl"}
        send(make_business(), "registration", link)
        (received,) = phone.messages(PHONE)
        assert received["text"].startswith("Kava: witamy!")
        assert received["links"] == ["https://bonus.example/w/l/abc"]


class TestOutage:
    def test_a_mail_server_that_is_down_delays_and_does_not_lose(self, settings: Settings) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
        business = make_business()
        number = put(business, "confirmation-code", code_payload())
        with pytest.raises(TryLater, match="smtp-unreachable") as later:
            outbox.handle(business.id, number)
        assert timedelta(0) < later.value.at - timezone.now() < timedelta(seconds=2)
        assert (the_message(business).state, the_message(business).attempts) == ("queued", 1)
        with Phone(smtp_port=settings.EMAIL_PORT) as phone:
            outbox.handle(business.id, number)
            assert [m["code"] for m in phone.messages(EMAIL)] == ["482913"]
        assert (the_message(business).state, the_message(business).attempts) == ("sent", 2)

    def test_a_code_is_given_up_when_it_would_come_too_late(self, settings: Settings) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
        message = send(make_business(), "confirmation-code", code_payload(timezone.now() + timedelta(milliseconds=500)))
        assert (message.state, message.error) == ("failed", "smtp-unreachable")

    @pytest.mark.parametrize(
        ("status", "state", "error"), [(b"422 No", "failed", "sms-422"), (b"503 Busy", "queued", "sms-503")]
    )
    def test_a_refusal_is_final_and_a_busy_gateway_is_not(
        self, phone: Phone, settings: Settings, status: bytes, state: str, error: str
    ) -> None:
        business = make_business()
        number = put(business, "wallet-link", {"url": "w/l/abc", "contacts": {"phone": PHONE}})
        with server_that_hangs_up(
            b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        ) as port:
            settings.SMS_URL = f"http://127.0.0.1:{port}/sms"
            sms.register()
            if state == "queued":
                with pytest.raises(TryLater):
                    outbox.handle(business.id, number)
            else:
                outbox.handle(business.id, number)
        assert (the_message(business).state, the_message(business).error) == (state, error)

    def test_without_an_answer_a_link_is_sent_again_and_a_receipt_notice_is_not(
        self, phone: Phone, settings: Settings
    ) -> None:
        settings.RECEIPT_NOTICES_BY_SMS = True
        ours, other = make_business("Kava"), make_business("Piekarnia")
        link = put(ours, "wallet-link", {"url": "w/l/abc", "contacts": {"phone": PHONE}})
        notice = put(other, "check-finalized", receipt_payload(contacts={"phone": PHONE}))
        with server_that_hangs_up() as port:
            settings.SMS_URL = f"http://127.0.0.1:{port}/sms"
            sms.register()
            with pytest.raises(TryLater, match="sms-no-answer"):
                outbox.handle(ours.id, link)
            outbox.handle(other.id, notice)
        assert (the_message(other).state, the_message(other).error) == ("ambiguous", "sms-no-answer")
        settings.SMS_URL = phone.sms_url
        sms.register()
        outbox.handle(ours.id, link)
        outbox.handle(other.id, notice)
        assert [m["sender"] for m in phone.messages(PHONE)] == ["Kava"]

    def test_after_a_death_in_the_middle_a_code_is_sent_and_a_receipt_notice_left(self, phone: Phone) -> None:
        ours, other = make_business("Kava"), make_business("Piekarnia")
        for business, topic, payload in (
            (ours, "confirmation-code", code_payload(dedup_key="k")),
            (other, "check-finalized", receipt_payload(dedup_key="k")),
        ):
            with in_business(business.id):
                Message.objects.create(
                    business=business, dedup_key="k", topic=topic, state="sending", attempts=1,
                    created_at=timezone.now(), changed_at=timezone.now(),
                )  # fmt: skip
            outbox.handle(business.id, put(business, topic, payload))
        assert (the_message(ours).state, the_message(ours).attempts) == ("sent", 2)
        assert (the_message(other).state, the_message(other).error) == ("ambiguous", "worker-died")
        assert [m["sender"] for m in phone.messages(EMAIL)] == ["Kava"]

    def test_logs_say_nothing_of_the_guest(
        self, phone: Phone, settings: Settings, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("DEBUG")
        send(make_business(), "confirmation-code", code_payload(contacts={"phone": PHONE}))
        assert phone.messages(PHONE) != []
        written = json.dumps([record.getMessage() for record in caplog.records])
        assert "482913" not in written
        assert PHONE not in written


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
class TestApprise:
    def test_any_apprise_url_serves_as_gateway(self, settings: Settings) -> None:
        with Phone() as phone:
            # Apprise's plain JSON request, its fields renamed to those of the phone's gateway.
            settings.SMS_URL = f"json://127.0.0.1:{phone.port}/sms?:message=text&:type=kind&+X-Test=1&:to={{to}}"
            sms.register()
            try:
                message = send(
                    make_business(), "wallet-link", {"url": "w/l/abc", "contacts": {"phone": PHONE}, "language": "en"}
                )
                assert message.state == "sent"
                assert phone.messages(PHONE)[0]["links"] == ["http://localhost:8000/w/l/abc"]
            finally:
                settings.SMS_URL = ""
                sms.register()
