"""Everything that panel and Poster's room say exists in all languages, with the same members."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOMS = Path(__file__).resolve().parents[3] / "src" / "incust"
CALLS = {"_": None, "gettext": None, "gettext_lazy": None}
# Labels of columns that no page shows.
UNSHOWN = ROOMS / "poster" / "models.py"


def said_by(room: str) -> Iterator[str]:
    for path in sorted((ROOMS / room).rglob("*.py")):
        if path != UNSHOWN:
            yield from texts_in(path.read_bytes())
    for path in sorted((ROOMS / room).rglob("*.html")):
        yield from texts_in(templatize(path.read_text(), origin=str(path)).encode())


def texts_in(source: bytes) -> Iterator[str]:
    for _line, text, _comments, _context in extract("python", io.BytesIO(source), keywords=CALLS):
        yield text if isinstance(text, str) else text[0]


def catalogue(language: str) -> dict[str, str]:
    """All rooms together, as Django merges them."""
    texts: dict[str, str] = {}
    for path in ROOMS.glob(f"*/locale/{language}/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            texts |= {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id and entry.string}
    return texts


@pytest.mark.parametrize("language", ["uk", "pl", "ru"])
@pytest.mark.parametrize("room", ["panel", "poster"])
def test_every_text_is_translated(room: str, language: str) -> None:
    known = catalogue(language)
    assert [text for text in said_by(room) if text and text not in known] == []


@pytest.mark.parametrize("language", ["uk", "pl", "ru"])
@pytest.mark.parametrize("room", ["panel", "poster"])
def test_translations_keep_the_members(room: str, language: str) -> None:
    with (ROOMS / room / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        entries = [(str(entry.id), str(entry.string)) for entry in read_po(file) if entry.id]
    wrong = [text for text, translated in entries if members(text) != members(translated)]
    assert wrong == []


def members(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)s", text))
