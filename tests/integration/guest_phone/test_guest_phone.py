"""The program as a whole: real SMTP and HTTP in, page and JSON out."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import httpx
import pytest
from playwright.sync_api import Page, expect
from tests.e2e.browser import running_browser
from tests.phone_process import Phone

MARKUP = "<img src=x onerror=alert(1)> 135790"


@pytest.fixture(scope="module")
def phone() -> Iterator[Phone]:
    with Phone() as phone:
        yield phone


@pytest.fixture
def page() -> Iterator[Page]:
    with running_browser() as browser:
        yield browser.new_page(viewport={"width": 390, "height": 844})


def send_email(phone: Phone, to: str, text: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Кава <no-reply@incust.example>", to, "Бонуси"
    message.set_content(text)
    with smtplib.SMTP("127.0.0.1", phone.smtp_port) as smtp:
        smtp.send_message(message)


def test_an_email_arrives_with_sender_subject_and_text(phone: Phone) -> None:
    send_email(phone, "olena@example.org", "Ваш код 482913.")
    (message,) = phone.messages("olena@example.org")
    assert (message["channel"], message["sender"], message["subject"]) == ("email", "Кава", "Бонуси")
    assert (message["text"], message["code"]) == ("Ваш код 482913.", "482913")


def test_an_sms_arrives_and_nonsense_is_refused(phone: Phone) -> None:
    assert httpx.post(phone.sms_url, json={"to": "+48600100200", "text": "Cześć"}).status_code == 202
    assert [m["text"] for m in phone.messages("+48600100200")] == ["Cześć"]
    for nonsense in (b"", b"[]", b"{}", b'{"to": 1, "text": "x"}', b"\xff"):
        assert httpx.post(phone.sms_url, content=nonsense).status_code == 400


def test_the_page_shows_a_message_without_reload_and_takes_markup_as_text(phone: Phone, page: Page) -> None:
    page.goto(phone.url)
    # Tabs tell recipients apart, so there are two.
    httpx.post(phone.sms_url, json={"to": "+48600100200", "text": "Cześć"})
    httpx.post(
        phone.sms_url, json={"to": "+380671234567", "text": "<img src=x onerror=alert(1)> 135790", "sender": "K"}
    )
    expect(page.locator("[data-code='135790']").first).to_be_visible()
    expect(page.get_by_text(MARKUP)).to_be_visible()
    page.get_by_role("tab", name="+380671234567").click()
    expect(page.locator(".message")).to_have_count(1)
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("No messages yet")).to_be_visible()
    assert phone.messages() == []
