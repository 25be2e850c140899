"""Splits the body of an SQL function into tokens with their places; comments and blanks are left out."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?\*/|\s+)
    |(?P<text>[eE]?'(?:[^']|'')*')
    |(?P<word>[A-Za-z_][A-Za-z_0-9]*|"[^"]+")
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<operator>::|:=|[-+*/<>=~!@\#%^&|?]+)
    |(?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int

    def is_word(self, *words: str) -> bool:
        return self.kind == "word" and self.text.upper() in words


def tokens_of(body: str) -> list[Token]:
    return [
        Token(str(found.lastgroup), found.group(), found.start(), found.end())
        for found in _TOKEN.finditer(body)
        if found.lastgroup != "comment"
    ]
