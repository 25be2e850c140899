from __future__ import annotations

from datetime import UTC, datetime

from guest_phone.inbox import Inbox, Received


def sms(text: str, *, to: str = "+380501112233", key: str = "") -> Received:
    return Received(channel="sms", to=to, sender="Kava", subject="", text=text, at=datetime.now(UTC), key=key)


class TestReceived:
    def test_a_six_digit_number_is_the_code(self) -> None:
        assert sms("Kava: your code is 482913, to pay 40.00.").code == "482913"

    def test_longer_numbers_and_addresses_are_no_codes(self) -> None:
        assert sms("Call +380501112233 or open http://localhost/w/123456").code is None

    def test_links_end_before_the_sentence_does(self) -> None:
        assert sms("Open http://localhost:8000/w/l/a-b_c.").links == ["http://localhost:8000/w/l/a-b_c"]


class TestInbox:
    def test_the_newest_comes_first_and_each_address_has_its_own(self) -> None:
        inbox = Inbox()
        inbox.put(sms("one"))
        inbox.put(sms("two", to="+48600100200"))
        inbox.put(sms("three"))
        assert [m.text for m in inbox.messages()] == ["three", "two", "one"]
        assert [m.text for m in inbox.messages("+380501112233")] == ["three", "one"]
        inbox.clear()
        assert inbox.messages() == []

    def test_a_message_sent_again_with_its_key_is_taken_once(self) -> None:
        inbox = Inbox()
        assert [inbox.put(sms("one", key="k")).id for _ in range(2)] == [1, 1]
        assert len(inbox.messages()) == 1
