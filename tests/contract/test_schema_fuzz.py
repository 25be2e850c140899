"""Requests made from the OpenAPI document, right and wrong: answers always fit it, and nothing ever breaks."""

from __future__ import annotations

import json
import secrets
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, seed, settings
from jsonschema import Draft202012Validator

from incust.terminal_api.openapi import openapi_document

from .till import Cafe, KeyTill

EXAMPLES_MAX = 15
JSON = (dict, list, str, int, float, bool, type(None))

schema = schemathesis.openapi.from_dict(openapi_document())


@pytest.fixture
def standing_till(cafe: Cafe, key_till: KeyTill) -> tuple[KeyTill, str]:
    """A till with something behind its door, a program and a guest; and the guest's number."""
    cafe.publish_five_percent()
    return key_till, str(cafe.customer(phone="+380501112233", email="olena@example.org").pk)


@schema.parametrize()
@seed(20260901)
@settings(
    max_examples=EXAMPLES_MAX, deadline=None, derandomize=False, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_every_answer_fits_the_document(case: Any, standing_till: tuple[KeyTill, str]) -> None:
    till, customer_id = standing_till
    answer = till.client.post(
        case.operation.path.replace("{customer_id}", customer_id), _body(case, customer_id),
        content_type="application/json",
        headers={"Authorization": f"Bearer {till.key}", "Idempotency-Key": secrets.token_hex(16)},
    )  # fmt: skip
    documented = case.operation.definition.raw["responses"]
    assert answer.status_code < 500, answer.content
    assert str(answer.status_code) in documented
    [(content_type, content)] = documented[str(answer.status_code)]["content"].items()
    assert answer.headers["Content-Type"] == content_type
    validator = Draft202012Validator({**content["schema"], "components": openapi_document()["components"]})
    assert [error.message for error in validator.iter_errors(answer.json())] == []


def _body(case: Any, customer_id: str) -> bytes:
    """The generated body, with a guest and a currency that exist where it has well-formed ones: else every second
    request would end at the same refusal."""
    body = case.body if isinstance(case.body, JSON) else {}
    if isinstance(body, dict):
        if isinstance(body.get("customer_id"), str) and body["customer_id"]:
            body["customer_id"] = customer_id
        check = body.get("check")
        if isinstance(check, dict) and isinstance(check.get("currency"), str) and len(check["currency"]) == 3:
            check["currency"] = "UAH"
    return json.dumps(body).encode()
