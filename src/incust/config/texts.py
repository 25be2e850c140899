"""Compile the translations (``locale/*/LC_MESSAGES/django.po``, of the program and of its rooms) with Babel, so that
GNU gettext is not needed.

Run as ``python -m incust.config.texts``; `make` does it whenever a catalogue is newer.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parent.parent


def compile_texts(folder: Path = SOURCE) -> int:
    """Write a ``.mo`` beside each ``.po``; gives how many."""
    catalogues = sorted(folder.rglob("locale/*/LC_MESSAGES/django.po"))
    for source in catalogues:
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)
    return len(catalogues)


if __name__ == "__main__":
    compile_texts()
