"""Who is let in, and what the others are told; what any till can try by itself is in `conformance/`."""

from __future__ import annotations

import time
from typing import Any

import pytest

from incust.businesses.models import TerminalKey, TillAccount
from incust.businesses.tenancy import in_business
from incust.poster.applications import register_application

from .till import Cafe, KeyTill, PosterTill


class TestPosterDoor:
    def test_a_signed_request_of_a_linked_register_is_answered(self, poster_till: PosterTill) -> None:
        answer = poster_till.post("hello")
        assert (answer.status, answer.body["terminal"]["name"]) == (200, "Bar")

    def test_a_wrong_signature_is_refused(self, cafe: Cafe) -> None:
        answer = PosterTill(account=cafe.account.name, secret="another").post("hello")
        assert (answer.status, answer.code) == (401, "signature-wrong")
        assert answer.headers["Content-Type"] == "application/problem+json"

    def test_a_body_changed_on_the_way_is_refused(self, poster_till: PosterTill) -> None:
        answer = poster_till.post("identify", {"identifier": "0501112233"}, signed_as='{"identifier": "0671112233"}')
        assert (answer.status, answer.code) == (401, "signature-wrong")

    @pytest.mark.parametrize(
        "signed_as", ['{"salesperson":{"external_id":"4","name":"Є / ї"}}',
                      '{"salesperson":{"external_id":"4","name":"\\u0404 \\/ \\u0457"}}'],
    )  # fmt: skip
    def test_posters_two_ways_of_writing_json_are_both_signed(self, poster_till: PosterTill, signed_as: str) -> None:
        body = {"salesperson": {"external_id": "4", "name": "Є / ї"}}
        assert poster_till.post("hello", body, signed_as=signed_as).status == 200

    def test_half_a_surrogate_pair_is_a_wrong_signature(self, poster_till: PosterTill) -> None:
        answer = poster_till.post("hello", raw=b'{"a":"\\ud800"}', signed_as="something else")
        assert (answer.status, answer.code) == (401, "signature-wrong")

    def test_an_unknown_application_is_a_wrong_signature(self, poster_till: PosterTill) -> None:
        answer = poster_till.post("hello", query={"application": "999"})
        assert (answer.status, answer.code) == (401, "signature-wrong")

    def test_the_secret_of_another_application_opens_none_of_our_accounts(self, cafe: Cafe) -> None:
        register_application(application_id="999", name="Partner", secret="the-partner-knows-it")
        partner = PosterTill(account=cafe.account.name, application="999", secret="the-partner-knows-it")
        cafe.customer(phone="+380501112233")
        answer = partner.post("identify", {"identifier": "+380501112233"})
        assert (answer.status, answer.code) == (403, "account-disconnected")
        assert "customer" not in answer.body

    @pytest.mark.parametrize("header", ["X-Poster-Url", "X-Poster-Spot-Id", "X-Poster-Tablet-Id"])
    def test_a_header_that_disagrees_with_the_signed_query_is_refused(
        self, poster_till: PosterTill, header: str
    ) -> None:
        answer = poster_till.post("hello", headers={header: "8"})
        assert (answer.status, answer.code) == (401, "signature-wrong")

    def test_the_host_header_has_no_say(self, poster_till: PosterTill, settings: Any) -> None:
        settings.ALLOWED_HOSTS = ["*"]
        assert poster_till.post("hello", headers={"Host": "evil.example"}).status == 200

    @pytest.mark.parametrize("offset_s", [-301, 330])
    def test_a_time_more_than_five_minutes_off_is_stale(self, poster_till: PosterTill, offset_s: int) -> None:
        answer = poster_till.post("hello", at=time.time() + offset_s)
        assert (answer.status, answer.code) == (401, "signature-stale")

    @pytest.mark.parametrize("offset_s", [-270, 290])
    def test_a_time_within_five_minutes_is_good(self, poster_till: PosterTill, offset_s: int) -> None:
        assert poster_till.post("hello", at=time.time() + offset_s).status == 200

    @pytest.mark.parametrize("operation", ["hello", "identify"])
    def test_a_read_is_answered_once(self, poster_till: PosterTill, cafe: Cafe, operation: str) -> None:
        cafe.customer(phone="+380501112233")
        body = {"identifier": "+380501112233"} if operation == "identify" else {}
        first, second = (poster_till.post(operation, body, rid="b" * 32) for _ in range(2))
        assert (first.status, second.status, second.code) == (200, 401, "replayed-request")

    @pytest.mark.parametrize("parameter", ["account", "spot", "tablet", "application", "rid"])
    def test_a_missing_parameter_is_named(self, poster_till: PosterTill, parameter: str) -> None:
        answer = poster_till.post("hello", query={parameter: ""})
        assert (answer.status, answer.code) == (400, "malformed-request")
        assert parameter in answer.body["reason"]

    def test_a_register_without_a_terminal_is_told_so(self, cafe: Cafe) -> None:
        answer = PosterTill(account=cafe.account.name, tablet="6").post("hello")
        assert (answer.status, answer.code) == (403, "register-unknown")
        assert answer.body["type"] == "/problems/register-unknown"

    def test_a_disconnected_account_is_told_so(self, cafe: Cafe, poster_till: PosterTill) -> None:
        with in_business(cafe.business.pk):
            TillAccount.objects.filter(business=cafe.business).update(connected=False)
        answer = poster_till.post("hello")
        assert (answer.status, answer.code) == (403, "account-disconnected")

    def test_an_account_nobody_connected_is_told_the_same(self, cafe: Cafe) -> None:
        assert PosterTill(account="stranger").post("hello").code == "account-disconnected"

    def test_a_terminal_that_is_switched_off_is_told_so(self, cafe: Cafe, poster_till: PosterTill) -> None:
        cafe.change_terminal(enabled=False)
        answer = poster_till.post("hello")
        assert (answer.status, answer.code) == (403, "terminal-off")


class TestKeyDoor:
    def test_a_revoked_key_is_refused(self, cafe: Cafe, key_till: KeyTill) -> None:
        with in_business(cafe.business.pk):
            TerminalKey.objects.update(revoked_at="2026-01-01T00:00:00Z")
        assert key_till.post("hello").code == "key-unknown"


class TestLanguage:
    @pytest.mark.parametrize(("lang", "start"), [("en", "No terminal"), ("fr", "No terminal"), ("", "No terminal")])
    def test_an_unknown_language_is_answered_in_english(self, cafe: Cafe, lang: str, start: str) -> None:
        assert (
            PosterTill(account=cafe.account.name, tablet="6", lang=lang).post("hello").body["detail"].startswith(start)
        )
