"""In which language the caller is answered."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_from_request

from .query import query_of

POSTER_SPELLING = {"ua": "uk"}


def language_of(request: HttpRequest) -> str:
    """Query ``lang``, else ``Accept-Language``, else English. Poster's ``ua`` is ``uk``."""
    wished = query_of(request).get("lang", "").lower()
    wished = POSTER_SPELLING.get(wished, wished)[:2]
    if wished and wished in {code for code, _name in settings.LANGUAGES}:
        return wished
    if request.META.get("HTTP_ACCEPT_LANGUAGE"):
        return get_language_from_request(request)[:2]
    return "en"
