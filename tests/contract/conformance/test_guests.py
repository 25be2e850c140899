"""Guests: the till learns who it is, recognises and registers."""

from __future__ import annotations

import pytest
from guest import Guest, new_email
from till import Till, new_key


def test_hello_tells_the_till_who_it_is(till: Till) -> None:
    said = till.post("hello", {"salesperson": {"external_id": "conformance", "name": "Conformance"}}).must(200)
    assert said["terminal"]["name"]
    assert said["poster"] is None, "a till with a key is none of Poster"
    assert (said["currency"]["code"], len(said["phone"]["country"])) == (till.currency, 2)


def test_an_unknown_guest_is_offered_for_registration(till: Till) -> None:
    email = new_email()
    problem = till.post("identify", {"identifier": f"  {email.upper()} "}).must_refuse(404, "customer-unknown")
    assert (problem["kind"], problem["normalized"]) == ("email", email)


def test_a_guest_is_registered_and_recognised_from_then_on(till: Till) -> None:
    email = new_email()
    body = {"email": email, "name": "Olena", "birthday": "1990-04-12", "gender": "female", "consent": True}
    registered = till.post("customers", body).must(201)
    assert registered["customer"]["is_new"] is True
    assert registered["profile_link"].startswith("http")
    known = till.post("identify", {"identifier": email}).must(200)
    assert known["customer"] == {**registered["customer"], "is_new": False}
    assert (known["customer"]["birthday"], known["customer"]["gender"]) == ("1990-04-12", "female")
    assert (known["identification"]["kind"], known["identification"]["strength"]) == ("email", "weak")
    assert known["customer"]["bonus"] == {"balance_minor": 0, "available_minor": 0, "expiring": []}


def test_without_consent_a_guest_may_only_collect(till: Till) -> None:
    customer = till.post("customers", {"email": new_email()}).must(201)["customer"]
    assert customer["status"] == "limited"


def test_a_known_guest_is_not_registered_again(newcomer: Guest) -> None:
    problem = newcomer.till.post("customers", {"email": newcomer.email}).must_refuse(409, "customer-exists")
    assert problem["customer"]["id"] == newcomer.customer_id
    assert problem["identification"]["kind"] == "email"


def test_registering_twice_with_one_key_gives_one_guest_and_one_answer(till: Till) -> None:
    key, body = new_key(), {"email": new_email(), "consent": True}
    first, second = (till.post("customers", body, key=key) for _ in range(2))
    assert first.must(201) == second.must(201)
    assert (first.replayed, second.replayed) == (False, True)


def test_a_wrong_address_registers_nobody(till: Till) -> None:
    till.post("customers", {"email": "no-address"}).must_refuse(422, "email-invalid")
    till.post("customers", {"phone": "12"}).must_refuse(422, "phone-invalid")
    till.post("customers", {}).must_refuse(422, "invalid-input")


def test_a_profile_keeps_what_is_not_given(newcomer: Guest) -> None:
    path = f"customers/{newcomer.customer_id}/profile"
    newcomer.till.post(path, {"birthday": "1990-04-12", "gender": "female"}).must(200)
    changed = newcomer.till.post(path, {"name": "Iryna", "gender": None}).must(200)["customer"]
    assert (changed["name"], changed["birthday"], changed["gender"]) == ("Iryna", "1990-04-12", None)


def test_an_unusable_code_says_no_more_than_that(till: Till) -> None:
    # One only: ten within five minutes would close the terminal to codes.
    answer = till.post("identify", {"identifier": "not a code"})
    if answer.code == "too-many-guesses":
        pytest.skip("the terminal has had ten wrong codes within five minutes")
    problem = answer.must_refuse(404, "identifier-unusable")
    assert set(problem) == {"type", "title", "status", "detail", "code"}
