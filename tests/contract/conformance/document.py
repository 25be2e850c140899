"""The published OpenAPI document, and whether answers fit it."""

from __future__ import annotations

import re
from typing import Any

from jsonschema import Draft202012Validator

PREFIX = "/terminal/v1/"


class Document:
    """Holds every answer against the document and keeps what does not fit in `faults`."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content
        self.faults: list[str] = []
        self.answers_seen = 0
        self._templates = [(_pattern(path), path) for path in content["paths"]]
        self._validators: dict[tuple[str, str], Draft202012Validator] = {}

    def has(self, operation: str) -> bool:
        """Whether the server publishes this operation."""
        return self._path_of(operation) is not None

    def note(self, operation: str, status: int, content_type: str, body: Any) -> None:
        """Compare one answer. What is no operation of the document has its own promises."""
        path = self._path_of(operation)
        if path is None:
            return
        self.answers_seen += 1
        self.faults.extend(
            f"{operation} {status}: {fault}" for fault in self._faults_of(path, str(status), content_type, body)
        )

    def _faults_of(self, path: str, status: str, content_type: str, body: Any) -> list[str]:
        responses = self.content["paths"][path]["post"]["responses"]
        if status not in responses:
            return ["this status is not in the document"]
        published = responses[status]["content"]
        if content_type not in published:
            return [f"came as {content_type!r}, published is {', '.join(published)}"]
        validator = self._validators.get((path, status))
        if validator is None:
            schema = {**published[content_type]["schema"], "components": self.content["components"]}
            validator = self._validators[path, status] = Draft202012Validator(schema)
        return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(body)]

    def _path_of(self, operation: str) -> str | None:
        asked = PREFIX + operation
        return next((path for pattern, path in self._templates if pattern.fullmatch(asked)), None)


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]+\}", path)
    return re.compile("[^/]+".join(re.escape(part) for part in parts))
