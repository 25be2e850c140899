"""The parameters of a request's URL."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from django.http import HttpRequest


def query_of(request: HttpRequest) -> Mapping[str, str]:
    """Read once for each request; of equal names the last counts, as in Django's `QueryDict`, which takes several times
    as long to make."""
    known: Mapping[str, str] | None = request.__dict__.get("till_query")
    if known is None:
        known = _parameters(request.META.get("QUERY_STRING", ""))
        request.till_query = known  # type: ignore[attr-defined]
    return known


def _parameters(query: str) -> dict[str, str]:
    if "%" in query or "+" in query:
        return dict(parse_qsl(query, keep_blank_values=True))
    # What nothing is escaped in, as registers write it, needs no more than to be cut.
    return {name: value for name, _, value in (pair.partition("=") for pair in query.split("&") if pair)}
