"""Where a function can be broken, and how: one small change of its text at a time.

Not every change is a statement that PostgreSQL takes (`SET a <> b`); those are left out when they are installed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from .tokens import Token, tokens_of


class Change(NamedTuple):
    """`body[start:end]` becomes `text`."""

    kind: str
    start: int
    end: int
    text: str


FLIPPED = {"<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "=": ("<>",), "<>": ("=",)}
SWAPPED_WORDS = {"LEAST": "greatest", "GREATEST": "least", "AND": "OR", "OR": "AND"}
BEFORE_AN_OPERAND = ("SELECT", "THEN", "ELSE", "RETURN", "AND", "OR", "WHEN", "BY", "NOT", "CASE", "ON", "WHERE", "IN")
STATEMENTS = {
    "PERFORM": "perform",
    "UPDATE": "write",
    "INSERT": "write",
    "DELETE": "write",
    "RAISE": "raise",
    "WITH": "write",
}


def changes_of(body: str) -> Iterator[Change]:
    tokens = tokens_of(body)
    for position in range(len(tokens)):
        for operator in OPERATORS:
            yield from operator(tokens, position)


def comparisons(tokens: list[Token], at: int) -> Iterator[Change]:
    token = tokens[at]
    for flipped in FLIPPED.get(token.text, ()) if token.kind == "operator" else ():
        yield Change("comparison", token.start, token.end, flipped)
    if token.is_word("IS") and tokens[at + 1].is_word("NOT"):
        yield Change("comparison", tokens[at + 1].start, tokens[at + 1].end, "")
    elif token.is_word("IS") and tokens[at + 1].is_word("NULL", "DISTINCT"):
        yield Change("comparison", token.end, token.end, " NOT")
    elif token.is_word("NOT") and not tokens[at - 1].is_word("IS", "IF"):
        yield Change("comparison", token.start, token.end, "")


def conditions(tokens: list[Token], at: int) -> Iterator[Change]:
    """IF and ELSIF the other way round."""
    if not tokens[at].is_word("IF", "ELSIF") or tokens[at - 1].is_word("END"):
        return
    depth = 0
    for end in range(at + 1, len(tokens)):
        depth += tokens[end].is_word("CASE") - tokens[end].is_word("END")
        if depth == 0 and tokens[end].is_word("THEN"):
            asked = " ".join(token.text for token in tokens[at + 1 : end])
            yield Change("condition", tokens[at].end, tokens[end].start, f" NOT coalesce(({asked}), false) ")
            return


def signs(tokens: list[Token], at: int) -> Iterator[Change]:
    token, before = tokens[at], tokens[at - 1]
    if token.kind != "operator" or token.text not in ("+", "-", "*", "/"):
        return
    is_unary = before.kind == "operator" or before.text in ("(", ",", "[") or before.is_word(*BEFORE_AN_OPERAND)
    if is_unary and token.text == "-":
        yield Change("sign", token.start, token.end, "")
    elif not is_unary and before.text != ".":
        yield Change("sign", token.start, token.end, {"+": "-", "-": "+", "*": "/", "/": "*"}[token.text])


def words(tokens: list[Token], at: int) -> Iterator[Change]:
    token = tokens[at]
    if token.kind == "word" and token.text.upper() in SWAPPED_WORDS:
        yield Change("word", token.start, token.end, SWAPPED_WORDS[token.text.upper()])


def tenants(tokens: list[Token], at: int) -> Iterator[Change]:
    """`x.business_id = y` becomes true."""
    if tokens[at].text != "business_id" or at + 2 >= len(tokens) or tokens[at + 1].text != "=":
        return
    start = at - 2 if tokens[at - 1].text == "." else at
    if tokens[start - 1].is_word("SET") or tokens[start - 1].text == ",":
        return
    end = at + 4 if at + 4 < len(tokens) and tokens[at + 3].text == "." else at + 2
    yield Change("tenant", tokens[start].start, tokens[end].end, "true")


def locks(tokens: list[Token], at: int) -> Iterator[Change]:
    token = tokens[at]
    if token.is_word("SKIP") and tokens[at + 1].is_word("LOCKED"):
        yield Change("lock", token.start, tokens[at + 1].end, "")
    if token.is_word("FOR") and tokens[at + 1].is_word("UPDATE", "SHARE", "NO", "KEY"):
        end = at + 1
        while tokens[end + 1].is_word("KEY", "UPDATE", "SHARE", "SKIP", "LOCKED"):
            end += 1
        yield Change("lock", token.start, tokens[end].end, "")


def orders(tokens: list[Token], at: int) -> Iterator[Change]:
    """The first key of an ORDER BY the other way round."""
    if not (tokens[at].is_word("ORDER") and tokens[at + 1].is_word("BY")):
        return
    depth = 0
    for end in range(at + 2, len(tokens)):
        depth += (tokens[end].text == "(") - (tokens[end].text == ")")
        if tokens[end].is_word("DESC"):
            yield Change("order", tokens[end].start, tokens[end].end, "")
            return
        ends = tokens[end].text in (",", ";") or tokens[end].is_word("LIMIT", "OFFSET", "FOR", "ROWS", "LOOP")
        if depth < 0 or (depth == 0 and ends):
            yield Change("order", tokens[end].start, tokens[end].start, " DESC ")
            return


def statements(tokens: list[Token], at: int) -> Iterator[Change]:
    """Statements that act are left out, one at a time; so an `IF … RAISE` raises nothing."""
    token = tokens[at]
    starts = at == 0 or tokens[at - 1].text == ";" or tokens[at - 1].is_word("THEN", "ELSE", "BEGIN", "LOOP")
    returns = token.is_word("RETURN") and any(
        one.is_word("END") and two.is_word("IF")
        for one, two in zip(tokens[at + 1 : at + 40], tokens[at + 2 : at + 41], strict=False)
    )
    acts = token.kind == "word" and token.text.upper() in STATEMENTS
    if not starts or not (acts or returns):
        return
    depth = 0
    for end in range(at, len(tokens)):
        depth += (tokens[end].text == "(") - (tokens[end].text == ")")
        if depth == 0 and tokens[end].text == ";":
            yield Change(STATEMENTS.get(token.text.upper(), "return"), token.start, tokens[end].start, "NULL")
            return


def conflicts(tokens: list[Token], at: int) -> Iterator[Change]:
    """An INSERT that no longer steps aside."""
    if tokens[at].is_word("ON") and tokens[at + 1].is_word("CONFLICT"):
        end = next(end for end in range(at, len(tokens)) if tokens[end].is_word("NOTHING"))
        yield Change("conflict", tokens[at].start, tokens[end].end, "")


Operator = Callable[[list[Token], int], Iterator[Change]]
OPERATORS: tuple[Operator, ...] = (
    comparisons, conditions, signs, words, tenants, locks, orders, statements, conflicts,
)  # fmt: skip
