"""Everything that the program says exists in all languages, with the same members."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[3] / "src" / "incust"
ROOMS = sorted(path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists())
LANGUAGES = ("uk", "pl", "ru")
CATALOGUES = sorted(SOURCE.glob("*/locale/*/LC_MESSAGES/django.po"))
# What the engine refuses is translated by whoever shows it; its sentence is the second argument.
CALLS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "ProgramInvalid": (2,), "CheckInvalid": (2,),
}  # fmt: skip


def said_by(room: str) -> Iterator[str]:
    for path in sorted((SOURCE / room).rglob("*.py")):
        yield from texts_in(path.read_bytes())
    for kind in ("*.html", "*.txt"):
        for path in sorted((SOURCE / room).rglob(kind)):
            yield from texts_in(templatize(path.read_text(), origin=str(path)).encode())


def texts_in(source: bytes) -> Iterator[str]:
    for _line, text, _comments, _context in extract("python", io.BytesIO(source), keywords=CALLS):
        yield text if isinstance(text, str) else text[0]


def entries(path: Path) -> Iterator[tuple[str, str]]:
    """(text, translation) of each entry that is translated in full; of plurals each form."""
    with path.open("rb") as file:
        for entry in read_po(file):
            texts, translations = (each if isinstance(each, tuple) else (each,) for each in (entry.id, entry.string))
            if texts[0] and all(translations) and not entry.fuzzy:
                yield from ((texts[0], translation) for translation in translations)


def known_in(language: str) -> set[str]:
    """All rooms together, as Django merges them."""
    return {text for path in CATALOGUES if path.parts[-3] == language for text, _translation in entries(path)}


def members(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]|\{\w*\}", text))


def test_texts_of_all_kinds_are_found() -> None:
    source = """
_("plain"); gettext_lazy("lazy"); ngettext("one", "many", n)
raise ProgramInvalid(f"{path}.percent", "refused %(x)s", x=1)
"""
    assert list(texts_in(source.encode())) == ["plain", "lazy", "one", "refused %(x)s"]
    assert {room: any(said_by(room)) for room in ("engine", "panel", "wallet", "ledger")} == {
        "engine": True, "panel": True, "wallet": True, "ledger": True,
    }  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("room", ROOMS)
def test_every_text_is_translated(room: str, language: str) -> None:
    known = known_in(language)
    assert [text for text in dict.fromkeys(said_by(room)) if text and text not in known] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: f"{path.parts[-5]}-{path.parts[-3]}")
def test_translations_keep_the_members(path: Path) -> None:
    assert [text for text, translation in entries(path) if members(text) != members(translation)] == []


def test_every_room_that_has_a_catalogue_has_it_in_all_languages() -> None:
    rooms = {path.parts[-5] for path in CATALOGUES}
    assert {(path.parts[-5], path.parts[-3]) for path in CATALOGUES} == {
        (room, language) for room in rooms for language in LANGUAGES
    }
