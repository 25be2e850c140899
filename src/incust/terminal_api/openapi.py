"""The OpenAPI 3.1 document: the framework's, completed by what it cannot know (problems, doors, languages)."""

from __future__ import annotations

import copy
from functools import cache
from http import HTTPStatus
from typing import Any

from django.conf import settings
from dmr.openapi import OpenAPIConfig, build_schema

from incust.businesses.problems import all_problems

from .adapter import PROBLEM_JSON, Operation

OF_EVERY_OPERATION = (
    "signature-wrong", "signature-stale", "key-unknown", "register-unknown", "account-disconnected", "terminal-off",
    "malformed-request", "request-too-large", "invalid-input", "busy", "internal-error",
)  # fmt: skip
DESCRIPTION = """What any till speaks with the server: JSON over HTTP, `POST` only.

**Money** is an integer in minor units of the terminal's currency; one bonus point is one currency unit. **Quantities**
are decimals as text. **Times** carry their offset. **Identifiers** are texts without a meaning. **Errors** are problem
details (RFC 9457) with a stable `code` and a `detail` for the cashier in his language.

A till comes in by one of two doors: an **API key** of its terminal, or **Poster's proxy**, whose signature covers URL
and body, and whose signed query carries `account`, `spot`, `tablet`, `application` and `rid`. What changes something
carries a key against doubles: the header `Idempotency-Key`, or `rid` at Poster's door."""
LANGUAGE_PARAMETER = {
    "name": "lang", "in": "query", "required": False, "schema": {"type": "string"},
    "description": "Language of the sentences: en, uk (or ua), pl, ru.",
}  # fmt: skip
IDEMPOTENCY_PARAMETER = {
    "name": "Idempotency-Key", "in": "header", "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[!-~]+$"},
    "description": "New for each request, kept when it is repeated. At Poster's door `rid` takes its place.",
}  # fmt: skip


@cache
def openapi_document() -> dict[str, Any]:
    """The document, as JSON can hold it. Treat it as read-only."""
    from .urls import router

    config = OpenAPIConfig(title="inCust terminal API", version="1", description=DESCRIPTION)
    document: dict[str, Any] = copy.deepcopy(dict(build_schema(router, config=config).convert()))
    document["servers"] = [{"url": settings.PUBLIC_URL}]
    operations = {operation_id: (cls, writes) for operation_id, cls, writes in _operations()}
    for item in document["paths"].values():
        operation = item["post"]
        cls, writes = operations[operation["operationId"]]
        _complete(operation, cls, writes=writes)
    return document


def problems_of(operation: type[Operation]) -> list[str]:
    """Codes of the problems that an operation may answer with, its own first."""
    return list(dict.fromkeys([*operation.problems, *OF_EVERY_OPERATION]))


def _operations() -> list[tuple[str, type[Operation], bool]]:
    found = []
    for cls in Operation.__subclasses__():
        metadata = cls.api_endpoints["POST"].metadata
        writes = all(door.writes for door in metadata.auth)
        found.append((str(metadata.operation_id), cls, writes))
    return found


def _complete(operation: dict[str, Any], cls: type[Operation], *, writes: bool) -> None:
    own = {status: said for status, said in operation["responses"].items() if status.startswith("2")}
    operation["responses"] = own | _refusals(problems_of(cls))
    operation["security"] = [{"api_key": []}, {"poster_signature": []}]
    parameters = operation.setdefault("parameters", [])
    parameters.append(LANGUAGE_PARAMETER)
    if writes:
        parameters.append(IDEMPOTENCY_PARAMETER)


def _refusals(codes: list[str]) -> dict[str, Any]:
    known, by_status = all_problems(), dict[int, list[str]]()
    for code in codes:
        by_status.setdefault(known[code].status, []).append(code)
    return {
        str(status): {
            "description": f"{HTTPStatus(status).phrase}: " + ", ".join(f"`{code}`" for code in sorted(of_status)),
            "content": {
                PROBLEM_JSON: {
                    "schema": {
                        "allOf": [
                            {"$ref": "#/components/schemas/ProblemDetails"},
                            {"properties": {"code": {"enum": sorted(of_status)}}},
                        ]
                    }
                }
            },
        }
        for status, of_status in sorted(by_status.items())
    }
