"""Calling a function of the database that answers in JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection


def json_call(function: str, arguments: Sequence[object]) -> Any:
    """The decoded answer of ``function(*arguments)``; ``None`` for NULL. Django hands JSON over as text."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}({', '.join(['%s'] * len(arguments))})", arguments)
        answer = cursor.fetchone()[0]
    return None if answer is None else json.loads(answer)
