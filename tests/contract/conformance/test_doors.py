"""Doors: who is let in, and in which language the others are told."""

from __future__ import annotations

import pytest
from guest import new_email
from till import Till

LANGUAGES = ("en", "uk", "pl", "ru")


def test_without_credentials_nobody_is_let_in(till: Till) -> None:
    answer = till.post("hello", headers={"Authorization": ""})
    answer.must_refuse(401, "key-unknown")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_unknown_key_is_refused(till: Till) -> None:
    till.post("hello", headers={"Authorization": "Bearer nobody-has-this-key"}).must_refuse(401, "key-unknown")


def test_an_unknown_key_changes_nothing(till: Till) -> None:
    email = new_email()
    stranger = {"Authorization": "Bearer nobody-has-this-key"}
    till.post("customers", {"email": email}, headers=stranger).must_refuse(401, "key-unknown")
    till.post("identify", {"identifier": email}).must_refuse(404, "customer-unknown")


@pytest.mark.parametrize("operation", ["customers", "checks/reserve", "checks/finalize", "checks/cancel"])
def test_what_changes_something_needs_a_key_against_doubles(till: Till, operation: str) -> None:
    till.post(operation, {}, headers={"Idempotency-Key": ""}).must_refuse(400, "malformed-request")


def test_a_key_against_doubles_has_up_to_64_characters(till: Till) -> None:
    body = {"external_id": "conformance-never-reserved"}
    till.post("checks/cancel", body, key="x" * 65).must_refuse(400, "malformed-request")
    till.post("checks/cancel", body, key="conformance-".ljust(64, "x")).must(200)


def test_reads_need_no_key_against_doubles(till: Till) -> None:
    till.post("hello", headers={"Idempotency-Key": ""}).must(200)


def test_the_content_type_is_not_looked_at(till: Till) -> None:
    till.post("hello", headers={"Content-Type": "text/plain"}).must(200)


def test_an_unknown_operation_is_a_problem_too(till: Till) -> None:
    till.post("checks/nonsense").must_refuse(404, "operation-unknown")


def test_another_method_is_refused_and_the_right_one_named(till: Till) -> None:
    answer = till.get("/terminal/v1/hello")
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
    assert answer.headers["Allow"] == "POST"


def test_sentences_come_in_four_languages_and_codes_stay(till: Till) -> None:
    problem = {lang: till.post("identify", {}, lang=lang).must_refuse(422, "invalid-input") for lang in LANGUAGES}
    assert len({each["detail"] for each in problem.values()}) == len(LANGUAGES)
    assert len({each["type"] for each in problem.values()}) == 1


@pytest.mark.parametrize(("lang", "header", "same_as"), [
    ("ua", "", "uk"), ("", "pl", "pl"), ("uk", "pl", "uk"), ("fr", "", "en"), ("", "", "en"),
], ids=["ua is uk", "the header", "both", "an unknown language", "nothing"])  # fmt: skip
def test_the_query_wins_over_the_header_and_english_over_nothing(
    till: Till, lang: str, header: str, same_as: str
) -> None:
    """The query's language wins over the header's, and English over none."""
    answer = till.post("identify", {}, lang=lang, headers={"Accept-Language": header})
    said = {each: till.post("identify", {}, lang=each).body["detail"] for each in LANGUAGES}
    assert [each for each in LANGUAGES if said[each] == answer.must_refuse(422, "invalid-input")["detail"]] == [same_as]


def test_the_type_of_a_problem_leads_to_a_page_about_it(till: Till) -> None:
    problem = till.post("identify", {}).must_refuse(422, "invalid-input")
    assert problem["type"] == "/problems/invalid-input"
    assert till.get(problem["type"]).status_code == 200
