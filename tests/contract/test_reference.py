"""The contract, readable by machines and people."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from openapi_spec_validator import validate

from incust.businesses.problems import all_problems
from incust.terminal_api.adapter import Operation
from incust.terminal_api.openapi import openapi_document, problems_of


@pytest.fixture
def browser() -> Client:
    return Client()


class TestOpenApi:
    def test_the_document_is_valid_openapi_3_1(self, browser: Client) -> None:
        document: dict[str, Any] = browser.get("/terminal/v1/openapi.json").json()
        assert document["openapi"] == "3.1.0"
        validate(document)

    def test_it_has_every_operation_of_the_contract(self, browser: Client) -> None:
        paths = browser.get("/terminal/v1/openapi.json").json()["paths"]
        assert sorted(path.removeprefix("/terminal/v1/") for path in paths) == [
            "checks/cancel", "checks/finalize", "checks/quote", "checks/refund", "checks/reserve", "confirmations",
            "customers", "customers/{customer_id}/poster-client", "customers/{customer_id}/profile", "hello",
            "identify",
        ]  # fmt: skip

    def test_what_changes_something_names_the_key_against_doubles(self) -> None:
        reads = {"hello", "identify", "quote-check"}
        for item in openapi_document()["paths"].values():
            operation = item["post"]
            named = any(p["name"] == "Idempotency-Key" for p in operation["parameters"])
            assert named is (operation["operationId"] not in reads), operation["operationId"]


class TestPages:
    def test_the_reference_shows_every_operation_and_loads_nothing_foreign(self, browser: Client) -> None:
        page = browser.get("/terminal/v1/")
        text = page.content.decode()
        for path in openapi_document()["paths"]:
            assert path in text
        assert "http://" not in text
        assert "https://" not in text
        assert "<script" not in text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]

    def test_every_problem_has_a_page_in_four_languages(self, browser: Client) -> None:
        for code, problem in all_problems().items():
            page = browser.get(f"/problems/{code}")
            assert page.status_code == 200, code
            assert str(problem.status) in page.content.decode()
        text = browser.get("/problems/customer-unknown").content.decode()
        assert [text.count(f'lang="{language}"') for language in ("uk", "pl", "ru")] == [1, 1, 1]

    @pytest.mark.parametrize("language", ["uk", "pl", "ru"])
    def test_every_sentence_of_an_operation_is_translated(self, language: str) -> None:
        codes = {code for operation in Operation.__subclasses__() for code in problems_of(operation)}
        sentences = {code: all_problems()[code].sentence for code in codes}
        with translation.override("en"):
            english = {code: str(sentence) for code, sentence in sentences.items()}
        with translation.override(language):
            assert [code for code, sentence in sentences.items() if str(sentence) == english[code]] == []

    def test_a_problem_nobody_knows_has_none(self, browser: Client) -> None:
        assert browser.get("/problems/nonsense").status_code == 404
