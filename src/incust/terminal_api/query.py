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
        known = dict(parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True))
        request.till_query = known  # type: ignore[attr-defined]
    return known
