"""Recognising, registering and describing guests, as a till sees it."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from incust.businesses.models import Salesperson, Terminal
from incust.businesses.tenancy import in_business
from incust.customers.devices import bind_device, revoke_device
from incust.customers.models import Consent, Customer, CustomerIdentifier, Identification, WalletLink
from incust.customers.rotating_code import rotating_code, step_at
from incust.customers.temporary_codes import issue_temporary_code
from incust.engine.customer import CustomerStatus
from incust.engine.program import Program
from incust.messaging.outbox import unsealed

from .till import Answer, Cafe, KeyTill, PosterTill, open_cafe


def seen(cafe: Cafe) -> tuple[str, datetime | None]:
    with in_business(cafe.business.pk):
        terminal = Terminal.objects.get()
    return terminal.last_seen_version, terminal.last_seen_at


class TestHello:
    def test_it_tells_the_till_who_it_is(self, cafe: Cafe, poster_till: PosterTill) -> None:
        body = poster_till.post("hello").body
        assert body["terminal"] == {"id": str(cafe.terminal.pk), "name": "Bar"}
        assert body["point_of_sale"]["name"] == "Center"
        assert body["currency"] == {"code": "UAH", "digits": 2, "symbol": "₴"}
        assert body["phone"] == {"country": "UA", "calling_code": "380"}
        assert body["settings"] == {
            "ask_at_pay": False, "profile_display": "always", "always_show_benefits": False,
            "create_poster_customers": True, "post_from_register": True,
        }  # fmt: skip
        assert (body["program"], body["poster"]["client_group_id"]) == (None, None)

    def test_a_register_keeps_posting_what_only_it_knows(self, cafe: Cafe, poster_till: PosterTill) -> None:
        cafe.change_terminal(poster_back_office_only=True)
        assert poster_till.post("hello").body["settings"]["post_from_register"] is True

    def test_it_tells_of_the_published_program_in_the_tills_language(self, cafe: Cafe, poster_till: PosterTill) -> None:
        cafe.publish_five_percent()
        poster_till.lang = "ua"
        assert poster_till.post("hello").body["program"] == {
            "title": "Бонусний клуб", "version": 1, "earn_percent": "5", "redeem_percent": "50",
        }  # fmt: skip

    def test_it_notes_when_and_with_which_version_the_register_was_seen(
        self, cafe: Cafe, poster_till: PosterTill
    ) -> None:
        poster_till.post("hello")
        with in_business(cafe.business.pk):
            terminal = Terminal.objects.get()
        assert (terminal.last_seen_version, timezone.now() - terminal.last_seen_at < timedelta(seconds=30)) == (
            "0.1.0", True,
        )  # fmt: skip

    def test_within_a_minute_it_notes_nothing_but_another_version(self, cafe: Cafe, poster_till: PosterTill) -> None:
        earlier = timezone.now() - timedelta(seconds=50)
        cafe.change_terminal(last_seen_at=earlier, last_seen_version="0.1.0")
        poster_till.post("hello")
        assert seen(cafe) == ("0.1.0", earlier)
        poster_till.post("hello", query={"v": "0.2.0"})
        version, at = seen(cafe)
        assert (version, at > earlier) == ("0.2.0", True)

    def test_after_a_minute_it_notes_the_same_version_anew(self, cafe: Cafe, poster_till: PosterTill) -> None:
        earlier = timezone.now() - timedelta(seconds=60)
        cafe.change_terminal(last_seen_at=earlier, last_seen_version="0.1.0")
        poster_till.post("hello")
        version, at = seen(cafe)
        assert (version, at > earlier) == ("0.1.0", True)

    def test_a_till_without_poster_hears_nothing_of_it(self, cafe: Cafe, key_till: KeyTill) -> None:
        body = key_till.post("hello", {"salesperson": {"external_id": "4", "name": "Ivan"}}).body
        assert (body["terminal"]["name"], body["poster"]) == ("Bar", None)
        with in_business(cafe.business.pk):
            assert list(Salesperson.objects.values_list("terminal_system", "external_id")) == [("key", "4")]

    def test_a_salesperson_who_comes_without_a_name_keeps_the_known_one(
        self, cafe: Cafe, poster_till: PosterTill
    ) -> None:
        for name in ("Ivan", ""):
            poster_till.post("hello", {"salesperson": {"external_id": "4", "name": name}})
        with in_business(cafe.business.pk):
            assert list(Salesperson.objects.values_list("external_id", "name")) == [("4", "Ivan")]

    def test_it_names_the_application_of_the_terminal(self, cafe: Cafe, poster_till: PosterTill) -> None:
        cafe.change_terminal(poster_application="Kava club")
        assert poster_till.post("hello").body["poster"]["application_name"] == "Kava club"

    def test_it_knows_the_salesperson_by_the_tills_number(self, cafe: Cafe, poster_till: PosterTill) -> None:
        for name in ("Ivan", "Ivan K."):
            poster_till.post("hello", {"salesperson": {"external_id": "4", "name": name}})
        with in_business(cafe.business.pk):
            assert list(Salesperson.objects.values_list("external_id", "name")) == [("4", "Ivan K.")]


class TestIdentify:
    @pytest.mark.parametrize(
        ("typed", "kind"),
        [
            ("+380501112233", "phone"), ("0501112233", "phone"), ("380501112233", "phone"),
            ("+38 (050) 111-22-33", "phone"), (" Olena@Example.ORG ", "email"), ("20251234", "card"),
            ("4820000000017", "card"),
        ],
    )  # fmt: skip
    def test_one_field_recognises_phone_email_and_card(
        self, cafe: Cafe, key_till: KeyTill, typed: str, kind: str
    ) -> None:
        card = typed if kind == "card" else "99990000"
        customer = cafe.customer(phone="+380501112233", email="olena@example.org", card=card)
        answer = key_till.post("identify", {"identifier": typed})
        assert answer.status == 200
        assert answer.body["customer"]["id"] == str(customer.pk)
        assert (answer.body["identification"]["kind"], answer.body["identification"]["strength"]) == (kind, "weak")

    def test_the_customer_comes_with_profile_and_balance(self, cafe: Cafe, key_till: KeyTill) -> None:
        customer = cafe.customer(phone="+380501112233", email="olena@example.org", card="20251234")
        assert key_till.post("identify", {"identifier": "0501112233"}).body["customer"] == {
            "id": str(customer.pk), "name": "Olena", "status": "full", "phone": "+380501112233",
            "email": "olena@example.org", "card_number": "20251234", "birthday": None, "gender": None, "category": "",
            "bonus": {"balance_minor": 0, "available_minor": 0, "expiring": []}, "poster_client_id": None,
            "is_new": False,
        }  # fmt: skip

    def test_an_unknown_phone_is_offered_for_registration(self, key_till: KeyTill) -> None:
        answer = key_till.post("identify", {"identifier": "050 111 22 33"})
        assert (answer.status, answer.code) == (404, "customer-unknown")
        assert (answer.body["kind"], answer.body["normalized"]) == ("phone", "+380501112233")

    def test_a_phone_without_calling_code_is_of_the_business_country(self, contract_database: str) -> None:
        polish = open_cafe(f"piekarnia{secrets.token_hex(3)}", country="PL")
        answer = KeyTill(key=polish.api_key()).post("identify", {"identifier": "512345678"})
        assert answer.body["normalized"] == "+48512345678"

    def test_a_temporary_code_is_strong_and_works_once(self, cafe: Cafe, key_till: KeyTill) -> None:
        customer = cafe.customer()
        code = issue_temporary_code(cafe.business.pk, customer.pk, now=timezone.now()).code
        first, second = (key_till.post("identify", {"identifier": code}) for _ in range(2))
        assert (first.status, first.body["identification"]["strength"]) == (200, "strong")
        assert (second.status, second.code) == (404, "identifier-unusable")

    def test_a_temporary_code_is_good_for_three_minutes(self, cafe: Cafe, key_till: KeyTill) -> None:
        issued_at = timezone.now() - timedelta(minutes=3, seconds=1)
        code = issue_temporary_code(cafe.business.pk, cafe.customer().pk, now=issued_at).code
        assert key_till.post("identify", {"identifier": code}).code == "identifier-unusable"

    def test_a_rotating_code_is_strong_and_works_once_per_step(self, cafe: Cafe, key_till: KeyTill) -> None:
        device = bind_device(cafe.business.pk, cafe.customer().pk, now=timezone.now())
        code = rotating_code(device_number=device.number, secret=device.secret, step=step_at(timezone.now()))
        first, second = (key_till.post("identify", {"identifier": code}) for _ in range(2))
        assert (first.status, first.body["identification"]["kind"], first.body["identification"]["strength"]) == (
            200, "qr", "strong",
        )  # fmt: skip
        assert (second.status, second.code) == (404, "identifier-unusable")

    def test_every_unusable_code_gets_one_and_the_same_answer(self, cafe: Cafe, key_till: KeyTill) -> None:
        now, other = timezone.now(), open_cafe(f"other{secrets.token_hex(3)}")
        device = bind_device(cafe.business.pk, cafe.customer().pk, now=now)
        theirs = bind_device(other.business.pk, other.customer().pk, now=now)
        revoked = bind_device(cafe.business.pk, cafe.customer().pk, now=now)
        revoke_device(cafe.business.pk, revoked.device_id, now=now)
        step = step_at(now)
        unusable = [
            rotating_code(device_number=device.number, secret=device.secret, step=step - 3),
            rotating_code(device_number=device.number, secret=b"guessed", step=step),
            rotating_code(device_number="0000000000", secret=device.secret, step=step),
            rotating_code(device_number=theirs.number, secret=theirs.secret, step=step),
            rotating_code(device_number=revoked.number, secret=revoked.secret, step=step),
            issue_temporary_code(other.business.pk, other.customer().pk, now=now).code,
            "99999999", "nonsense",
        ]  # fmt: skip
        answers = [key_till.post("identify", {"identifier": typed}) for typed in unusable]
        assert [answer.status for answer in answers] == [404] * len(unusable)
        assert len({tuple(sorted(answer.body.items())) for answer in answers}) == 1
        assert answers[0].code == "identifier-unusable"

    def test_ten_unusable_codes_close_the_terminal_to_codes_but_not_to_phones(
        self, cafe: Cafe, key_till: KeyTill
    ) -> None:
        customer = cafe.customer(phone="+380501112233")
        guesses = [key_till.post("identify", {"identifier": "123456"}).code for _ in range(11)]
        assert guesses == ["identifier-unusable"] * 10 + ["too-many-guesses"]
        right = issue_temporary_code(cafe.business.pk, customer.pk, now=timezone.now()).code
        answer = key_till.post("identify", {"identifier": right})
        assert (answer.status, answer.code) == (429, "too-many-guesses")
        assert 0 < answer.body["retry_after_s"] <= 300
        assert answer.headers["Retry-After"] == str(answer.body["retry_after_s"])
        assert key_till.post("identify", {"identifier": "0501112233"}).status == 200

    def test_a_customer_of_another_business_is_unknown(self, key_till: KeyTill) -> None:
        open_cafe(f"other{secrets.token_hex(3)}").customer(phone="+380501112233")
        assert key_till.post("identify", {"identifier": "0501112233"}).code == "customer-unknown"

    def test_the_sentence_is_in_the_tills_language(self, key_till: KeyTill) -> None:
        answers = {}
        for lang in ("en", "uk"):
            key_till.lang = lang
            answers[lang] = key_till.post("identify", {"identifier": "99999999"}).body["detail"]
        assert answers["en"] == "This code or card cannot be used. Ask the guest for a fresh code."


class TestGuestAttachedInPoster:
    def identify(self, till: PosterTill, **client: Any) -> Any:
        return till.post("identify", {"poster_client": {"id": 12, **client}})

    def test_he_is_recognised_by_his_phone_and_by_the_link_from_then_on(
        self, cafe: Cafe, poster_till: PosterTill
    ) -> None:
        customer = cafe.customer(phone="+380501112233")
        first = self.identify(poster_till, phone="+380 50 111-22-33")
        again = self.identify(poster_till)
        assert first.body["customer"]["id"] == again.body["customer"]["id"] == str(customer.pk)
        assert again.body["customer"]["poster_client_id"] == 12
        assert (again.body["identification"]["kind"], again.body["identification"]["strength"]) == (
            "poster_client", "weak",
        )  # fmt: skip

    def test_a_known_link_wins_over_the_phone(self, cafe: Cafe, poster_till: PosterTill) -> None:
        linked = cafe.customer(poster_client=f"{cafe.account.pk}/12")
        cafe.customer(phone="+380501112233")
        assert self.identify(poster_till, phone="0501112233").body["customer"]["id"] == str(linked.pk)

    def test_the_card_comes_last(self, cafe: Cafe, poster_till: PosterTill) -> None:
        customer = cafe.customer(card="20251234")
        assert self.identify(poster_till, phone="bad", card_number="20251234").body["customer"]["id"] == str(
            customer.pk
        )

    def test_an_unknown_client_is_offered_for_registration_with_his_phone(self, poster_till: PosterTill) -> None:
        answer = self.identify(poster_till, phone="0501112233")
        assert (answer.status, answer.body["kind"], answer.body["normalized"]) == (
            404, "poster_client", "+380501112233",
        )  # fmt: skip

    def test_an_unknown_card_at_poster_is_an_unknown_guest_however_often(self, poster_till: PosterTill) -> None:
        codes = {self.identify(poster_till, card_number="90000000").code for _ in range(12)}
        assert codes == {"customer-unknown"}


class TestRegister:
    PHONE = {"phone": "050 111 22 33"}

    def test_a_guest_is_registered_recognised_and_gets_his_link(self, cafe: Cafe, key_till: KeyTill) -> None:
        answer = key_till.post(
            "customers",
            {**self.PHONE, "name": " Olena ", "birthday": "1990-04-12", "gender": "female", "consent": True},
        )
        assert answer.status == 201
        customer = answer.body["customer"]
        assert (customer["name"], customer["phone"], customer["birthday"], customer["gender"]) == (
            "Olena", "+380501112233", "1990-04-12", "female",
        )  # fmt: skip
        assert (customer["status"], customer["is_new"]) == ("full", True)
        assert answer.body["identification"]["strength"] == "weak"
        assert "/w/l/" in answer.body["profile_link"]
        with in_business(cafe.business.pk):
            assert Consent.objects.filter(given=True, source="till").count() == 1
            assert WalletLink.objects.count() == 1

    def test_he_is_written_to_in_the_terminals_language(self, cafe: Cafe, poster_till: PosterTill) -> None:
        cafe.change_terminal(language="pl")
        poster_till.lang = "uk"
        poster_till.post("customers", self.PHONE)
        with in_business(cafe.business.pk):
            assert Customer.objects.get().language == "pl"

    def test_the_link_is_sent_to_him_as_well(self, cafe: Cafe, key_till: KeyTill, as_owner: Any) -> None:
        answer = key_till.post("customers", self.PHONE)
        as_owner.execute("SELECT set_config('incust.business_id', %s, true)", [str(cafe.business.pk)])
        topic, payload = as_owner.execute("SELECT topic, payload FROM messaging.outbox").fetchone()
        assert topic == "registration"
        assert answer.body["profile_link"].endswith(unsealed(payload["url"]))

    def test_with_consent_he_gets_the_programs_status(self, cafe: Cafe, key_till: KeyTill) -> None:
        cafe.publish(Program(rules=(), new_customer_status=CustomerStatus.NONE))
        assert key_till.post("customers", {**self.PHONE, "consent": True}).body["customer"]["status"] == "none"

    def test_a_known_guest_comes_back_as_identify_has_him(self, cafe: Cafe, key_till: KeyTill) -> None:
        known = cafe.customer(phone="+380501112233")
        answer = key_till.post("customers", self.PHONE)
        assert (answer.status, answer.code) == (409, "customer-exists")
        assert answer.body["customer"]["id"] == str(known.pk)
        with in_business(cafe.business.pk):
            identification = Identification.objects.get(pk=int(answer.body["identification"]["id"]))
        assert identification.customer_id == known.pk

    def test_repeating_gives_the_stored_answer_and_registers_once(self, cafe: Cafe, key_till: KeyTill) -> None:
        first, second = (key_till.post("customers", self.PHONE, key="once") for _ in range(2))
        assert first.body == second.body
        assert ("Idempotent-Replay" in first.headers, second.headers["Idempotent-Replay"]) == (False, "true")
        with in_business(cafe.business.pk):
            assert CustomerIdentifier.objects.count() == 1

    def test_the_same_key_for_another_guest_is_refused(self, cafe: Cafe, key_till: KeyTill) -> None:
        key_till.post("customers", self.PHONE, key="once")
        answer = key_till.post("customers", {"phone": "0671112233"}, key="once")
        assert (answer.status, answer.code) == (409, "idempotency-mismatch")

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"phone": "123"}, "phone-invalid"), ({"phone": "+999"}, "phone-invalid"),
            ({"email": "a@b"}, "email-invalid"),
            ({}, "invalid-input"), ({"phone": "0501112233", "email": "a@example.org"}, "invalid-input"),
            ({"phone": "0501112233", "birthday": "1990-13-01"}, "invalid-input"),
            ({"phone": "0501112233", "birthday": "2990-01-01"}, "invalid-input"),
            ({"phone": "0501112233", "gender": "x"}, "invalid-input"),
            ({"phone": "0501112233", "name": "x" * 201}, "invalid-input"),
        ],
    )  # fmt: skip
    def test_bad_details_register_nobody(self, cafe: Cafe, key_till: KeyTill, body: dict[str, Any], code: str) -> None:
        answer = key_till.post("customers", body)
        assert (answer.status, answer.code) == (422, code)
        with in_business(cafe.business.pk):
            assert CustomerIdentifier.objects.count() == 0


class TestProfile:
    def test_what_is_given_is_changed_and_what_is_absent_stays(self, cafe: Cafe, key_till: KeyTill) -> None:
        customer = cafe.customer(name="Olena", status="limited")
        path = f"customers/{customer.pk}/profile"
        key_till.post(path, {"birthday": "1990-04-12", "gender": "female"})
        changed = key_till.post(path, {"gender": None}).body["customer"]
        assert (changed["name"], changed["birthday"], changed["gender"], changed["status"]) == (
            "Olena", "1990-04-12", None, "limited",
        )  # fmt: skip

    def test_consent_lifts_limited_and_is_logged_once(self, cafe: Cafe, key_till: KeyTill) -> None:
        customer = cafe.customer(status="limited")
        for _ in range(2):
            answer = key_till.post(f"customers/{customer.pk}/profile", {"consent": True})
        assert answer.body["customer"]["status"] == "full"
        with in_business(cafe.business.pk):
            assert Consent.objects.count() == 1

    def test_consent_cannot_be_taken_back_at_the_till(self, cafe: Cafe, key_till: KeyTill) -> None:
        answer = key_till.post(f"customers/{cafe.customer().pk}/profile", {"consent": False})
        assert (answer.status, answer.code) == (422, "invalid-input")

    @pytest.mark.parametrize("identifier", ["999999999", "0", "abc", "1%20or%201"])
    def test_an_unknown_customer(self, key_till: KeyTill, identifier: str) -> None:
        answer = key_till.post(f"customers/{identifier}/profile", {"name": "X"})
        assert (answer.status, answer.code) == (404, "customer-unknown")

    def test_a_customer_of_another_business_is_unknown(self, key_till: KeyTill) -> None:
        theirs = open_cafe(f"other{secrets.token_hex(3)}").customer()
        assert key_till.post(f"customers/{theirs.pk}/profile", {"name": "X"}).code == "customer-unknown"


class TestPosterClient:
    def test_the_till_links_the_client_it_found(self, cafe: Cafe, poster_till: PosterTill) -> None:
        customer = cafe.customer()
        answer = poster_till.post(f"customers/{customer.pk}/poster-client", {"poster_client_id": 12})
        assert (answer.status, answer.body) == (200, {"poster_client_id": 12})
        known = poster_till.post("identify", {"poster_client": {"id": 12}})
        assert known.body["customer"]["id"] == str(customer.pk)

    def test_the_latest_link_counts(self, cafe: Cafe, poster_till: PosterTill) -> None:
        one, two = cafe.customer(name="One"), cafe.customer(name="Two")
        for customer in (one, two):
            poster_till.post(f"customers/{customer.pk}/poster-client", {"poster_client_id": 12})
        assert poster_till.post("identify", {"poster_client": {"id": 12}}).body["customer"]["name"] == "Two"

    def test_the_till_with_a_key_links_where_its_terminal_is_integrated(self, cafe: Cafe, key_till: KeyTill) -> None:
        customer = cafe.customer()
        answer = key_till.post(f"customers/{customer.pk}/poster-client", {"poster_client_id": 12})
        assert (answer.status, answer.body) == (200, {"poster_client_id": 12})

    def test_without_a_poster_account_there_is_nothing_to_link(self, cafe: Cafe, key_till: KeyTill) -> None:
        cafe.change_terminal(use_poster=False)
        answer = key_till.post(f"customers/{cafe.customer().pk}/poster-client", {"poster_client_id": 12})
        assert (answer.status, answer.code) == (409, "no-poster-account")


class TestGuessingCards:
    def guess(self, till: PosterTill | KeyTill, number: int) -> Answer:
        if isinstance(till, PosterTill):
            client = {"id": 500 + number, "card_number": str(87654300 + number)}
            return till.post("identify", {"poster_client": client})
        return till.post("identify", {"identifier": f"38050111{2200 + number}"})

    def test_a_card_with_a_client_of_poster_is_a_guess_like_any_other(
        self, cafe: Cafe, poster_till: PosterTill
    ) -> None:
        cafe.customer(card="12345678")
        mine = {"poster_client": {"id": 5, "card_number": "12345678"}}
        assert {self.guess(poster_till, number).code for number in range(10)} == {"customer-unknown"}
        answer = poster_till.post("identify", mine)
        assert (answer.status, answer.code) == (404, "customer-unknown")
        assert poster_till.post("identify", {"identifier": "12345678"}).code == "too-many-guesses"

    def test_a_card_that_looks_like_a_phone_is_counted_and_codes_go_on(self, cafe: Cafe, key_till: KeyTill) -> None:
        customer = cafe.customer(card="380501119999")
        assert {self.guess(key_till, number).code for number in range(10)} == {"customer-unknown"}
        assert key_till.post("identify", {"identifier": "380501119999"}).code == "customer-unknown"
        code = issue_temporary_code(cafe.business.pk, customer.pk, now=timezone.now()).code
        assert key_till.post("identify", {"identifier": code}).body["customer"]["id"] == str(customer.pk)
