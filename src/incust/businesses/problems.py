"""Typed errors. Each is defined beside what raises it and documents itself with a stable code and a sentence."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import psycopg
from django.utils.functional import Promise

SQLSTATE = "IC000"
"""SQL functions raise problems with this state: MESSAGE is the code, DETAIL the members as JSON."""


class Problem(Exception):
    """Base of every error that a caller may meet. Answers become RFC 9457 problem details.

    ``sentence`` is for people, translatable, and may name members as ``%(name)s``.
    """

    code: ClassVar[str]
    status: ClassVar[int]
    sentence: ClassVar[str | Promise]
    _by_code: ClassVar[dict[str, type[Problem]]] = {}

    def __init__(self, **members: Any) -> None:
        super().__init__(self.code)
        self.members = members

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        known = Problem._by_code.setdefault(cls.code, cls)
        if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(f"two problems share the code {cls.code}")

    @property
    def detail(self) -> str:
        """The sentence in the language that is active now."""
        return str(self.sentence) % self.members if self.members else str(self.sentence)

    def as_json(self) -> dict[str, Any]:
        """Problem details: ``type, title, status, detail, code`` and the members."""
        return {
            **self.members,
            "type": f"/problems/{self.code}",
            "title": self.code.replace("-", " ").capitalize(),
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }


def all_problems() -> dict[str, type[Problem]]:
    """Every problem by its code, for the documentation."""
    return dict(sorted(Problem._by_code.items()))


def problem_from_database(error: psycopg.Error) -> Problem | None:
    """The problem that an SQL function raised, or ``None`` for any other database error."""
    if error.sqlstate != SQLSTATE:
        return None
    code = error.diag.message_primary or ""
    members = json.loads(error.diag.message_detail) if error.diag.message_detail else {}
    return Problem._by_code[code](**members)
