"""RFC 9457."""

from __future__ import annotations

import msgspec


class ProblemDetails(msgspec.Struct, frozen=True):
    """What went wrong. `code` is stable, `detail` a sentence for the cashier; further members are named at the
    operation."""

    type: str
    title: str
    status: int
    detail: str
    code: str
