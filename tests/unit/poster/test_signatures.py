"""The vectors of the contract page, and every way a body may have been encoded."""

from __future__ import annotations

import hashlib
import json

import pytest

from incust.poster.signatures import (
    request_is_signed,
    sign_request,
    webhook_is_signed,
    webhook_signature,
)

SECRET = "fe2bc8e865d8fc2236968ee53c3b2bd5"
URL = "https://app.example.test/poster/quote?order=1506511064579"
TIME = "1790051852"


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


class TestMakeRequest:
    def test_a_get_is_signed_as_in_the_vector(self) -> None:
        assert sign_request(url=URL, body="", time=TIME, secret=SECRET) == "cf3dd22180dc12608bb663fbd38dfcc3"

    @pytest.mark.parametrize(
        ("received", "signed"),
        [
            ('{"name":"Олена","card":"1/2"}', '{"name":"Олена","card":"1/2"}'),
            ('{"name":"\\u041e","card":"1/2"}', '{"name":"О","card":"1/2"}'),
            ('{"name":"О","card":"1/2"}', '{"name":"\\u041e","card":"1\\/2"}'),
            ('{ "sum": 1.0 }', '{"sum":1}'),
            ('{ "sum": 1.50 }', '{"sum":1.5}'),
        ],
        ids=["raw", "javascript", "php", "javascript writes whole numbers bare", "spaces and zeros"],
    )
    def test_each_encoding_of_the_body_is_accepted(self, received: str, signed: str) -> None:
        signature = md5(f"{URL}{signed}{TIME}{SECRET}")
        assert request_is_signed(url=URL, body=received.encode(), time=TIME, signature=signature, secret=SECRET)

    @pytest.mark.parametrize("part", ["url", "body", "time", "secret", "signature"])
    def test_a_change_of_any_part_is_noticed(self, part: str) -> None:
        body = b'{"redeem_minor":4000}'
        request = {"url": URL, "body": body, "time": TIME, "secret": SECRET}
        request["signature"] = sign_request(url=URL, body=body.decode(), time=TIME, secret=SECRET)
        assert request_is_signed(**request)
        changed = b'{"redeem_minor":4001}' if part == "body" else request[part] + "0"
        assert not request_is_signed(**(request | {part: changed}))

    def test_bytes_that_are_no_text_are_refused_not_raised(self) -> None:
        assert not request_is_signed(url=URL, body=b"\xff\xfe", time=TIME, signature="x", secret=SECRET)

    def test_a_body_nested_without_end_is_refused_not_raised(self) -> None:
        assert not request_is_signed(url=URL, body=b"[" * 200_000, time=TIME, signature="x", secret=SECRET)

    def test_a_signature_with_foreign_letters_is_refused_not_raised(self) -> None:
        assert not request_is_signed(url=URL, body=b"", time=TIME, signature="підпис", secret=SECRET)

    def test_half_a_surrogate_pair_is_a_wrong_signature_not_a_fault(self) -> None:
        body = b'{"a":"\\ud800"}'
        assert not request_is_signed(url=URL, body=body, time=TIME, signature="0" * 32, secret=SECRET)
        assert not request_is_signed(url=URL, body=b"", time=TIME, signature="\ud800", secret=SECRET)


class TestWebhook:
    EVENT = {"account": "api-demo", "object": "transaction", "object_id": 1, "action": "added", "time": "1518794257"}

    def test_it_is_signed_as_in_the_vector(self) -> None:
        assert webhook_signature(self.EVENT, SECRET) == "ba193c47db34623ff442c9967e0cfc7e"
        assert webhook_is_signed({**self.EVENT, "verify": "ba193c47db34623ff442c9967e0cfc7e"}, SECRET)

    def test_data_takes_part_as_the_raw_string(self) -> None:
        data = json.dumps({"value_absolute": "12.50"})
        expected = md5(f"api-demo;transaction;1;added;{data};1518794257;{SECRET}")
        assert webhook_signature({**self.EVENT, "data": data}, SECRET) == expected

    def test_another_secret_does_not_fit(self) -> None:
        assert not webhook_is_signed({**self.EVENT, "verify": "ba193c47db34623ff442c9967e0cfc7e"}, SECRET[::-1])

    def test_an_event_without_its_members_is_refused_not_raised(self) -> None:
        assert not webhook_is_signed({"account": "api-demo"}, SECRET)
