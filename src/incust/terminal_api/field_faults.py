"""What the parser says of a field, in two parts and in the caller's language."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_PLACE = re.compile(r"^(?P<detail>.*?)(?: - at `\$\.?(?P<field>.*)`)?$", re.DOTALL)
_MISSING = re.compile("missing required field `(.+)`")

_SENTENCES: tuple[tuple[re.Pattern[str], Promise], ...] = (
    (re.compile("^Object missing required field "), _("This is missing.")),
    (re.compile("^Expected `[^`]+` of length >= (?P<number>[0-9]+)$"), _("The length is at least %(number)s.")),
    (re.compile("^Expected `[^`]+` of length <= (?P<number>[0-9]+)$"), _("The length is at most %(number)s.")),
    (re.compile("^Expected `(?:int|float)` >= (?P<number>-?[0-9.]+)$"), _("The number is at least %(number)s.")),
    (re.compile("^Expected `(?:int|float)` <= (?P<number>-?[0-9.]+)$"), _("The number is at most %(number)s.")),
    (re.compile("^Expected `str` matching regex "), _("The text does not have the expected form.")),
    (re.compile("^Invalid enum value "), _("This value is not one of those that are known.")),
    (re.compile("^Expected `datetime` with a timezone|^Invalid RFC3339 encoded datetime"),
     _("A moment with its time zone is needed, such as 2026-01-31T12:00:00Z.")),
    (re.compile("^Invalid RFC3339 encoded date$"), _("A date is needed, such as 1990-04-12.")),
    (re.compile("^Expected `(?P<wanted>[^`]+)`, got `(?P<given>[^`]+)`$"),
     _("Expected `%(wanted)s`, got `%(given)s`.")),
)  # fmt: skip


def field_fault(message: str) -> dict[str, str]:
    """``Expected `int`, got `str` - at `$.check.total_minor``` in two parts. A missing member names itself.

    What is not among the known sentences stays as the parser says it.
    """
    found = _PLACE.match(message)
    detail, field = (found["detail"], found["field"] or "") if found else (message, "")
    missing = _MISSING.search(detail)
    if missing:
        field = ".".join(part for part in (field, missing[1]) if part)
    return {"field": field.replace("parsed_body.", ""), "detail": _in_words(detail)}


def _in_words(detail: str) -> str:
    for pattern, sentence in _SENTENCES:
        found = pattern.match(detail)
        if found:
            return str(sentence) % found.groupdict() if found.groupdict() else str(sentence)
    return detail
