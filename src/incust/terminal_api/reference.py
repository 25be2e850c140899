"""The OpenAPI document, arranged for a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from incust.businesses.problems import all_problems

ORDER = (
    "hello", "identify", "register", "change-profile", "link-poster-client", "quote-check", "reserve-check",
    "send-confirmation", "finalize-check", "cancel-check", "refund-check",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Member:
    """``links`` are the shapes its type mentions."""

    name: str
    kind: str
    links: tuple[str, ...]
    required: bool
    description: str


@dataclass(frozen=True, kw_only=True)
class Shape:
    name: str
    description: str
    members: tuple[Member, ...]


@dataclass(frozen=True, kw_only=True)
class OperationEntry:
    operation_id: str
    path: str
    summary: str
    description: str
    request: str
    success_status: str
    answer: str
    writes: bool
    problems: tuple[tuple[int, str], ...]


@dataclass(frozen=True, kw_only=True)
class Reference:
    title: str
    paragraphs: tuple[str, ...]
    operations: tuple[OperationEntry, ...]
    shapes: tuple[Shape, ...]


def reference_of(document: dict[str, Any]) -> Reference:
    """Operations in the order of a sale, and all shapes by name."""
    entries = [_operation(path, item["post"]) for path, item in document["paths"].items()]
    entries.sort(key=lambda entry: ORDER.index(entry.operation_id))
    schemas = document["components"]["schemas"]
    return Reference(
        title=document["info"]["title"],
        paragraphs=tuple(document["info"]["description"].split("\n\n")),
        operations=tuple(entries),
        shapes=tuple(_shape(name, schema) for name, schema in sorted(schemas.items()) if schema.get("properties")),
    )


def _operation(path: str, operation: dict[str, Any]) -> OperationEntry:
    status, success = next((s, r) for s, r in operation["responses"].items() if s.startswith("2"))
    codes = [
        code
        for refusal in operation["responses"].values()
        for content in refusal["content"].values()
        for part in content["schema"].get("allOf", [])
        for code in part.get("properties", {}).get("code", {}).get("enum", [])
    ]
    known = all_problems()
    return OperationEntry(
        operation_id=operation["operationId"], path=path, summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        request=_shape_name(operation["requestBody"]["content"]["application/json"]["schema"]),
        success_status=status, answer=_shape_name(success["content"]["application/json"]["schema"]),
        writes=any(p.get("name") == "Idempotency-Key" for p in operation.get("parameters", [])),
        problems=tuple(sorted((known[code].status, code) for code in codes)),
    )  # fmt: skip


def _shape(name: str, schema: dict[str, Any]) -> Shape:
    required = set(schema.get("required", ()))
    members = tuple(
        Member(
            name=member, kind=_kind(of), links=tuple(_links(of)), required=member in required,
            description=of.get("description", ""),
        )
        for member, of in schema["properties"].items()
    )  # fmt: skip
    return Shape(name=name, description=schema.get("description", ""), members=members)


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return _shape_name(schema)
    for union in ("anyOf", "oneOf", "allOf"):
        if union in schema:
            return " or ".join(_kind(part) for part in schema[union])
    if "enum" in schema:
        return " | ".join("null" if value is None else f"“{value}”" for value in schema["enum"])
    kind = schema.get("type", "any")
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    written = " or ".join(kind) if isinstance(kind, list) else str(kind)
    return f"{written} ({schema['format']})" if "format" in schema else written


def _links(schema: dict[str, Any]) -> list[str]:
    if "$ref" in schema:
        return [_shape_name(schema)]
    parts = [part for union in ("anyOf", "oneOf", "allOf") for part in schema.get(union, [])]
    parts += [schema["items"]] if isinstance(schema.get("items"), dict) else []
    return [link for part in parts for link in _links(part)]


def _shape_name(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]
