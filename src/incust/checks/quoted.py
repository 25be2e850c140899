"""What this process answered quotes on, so that the reserve that follows takes one call instead of two.

Only a guess, as the cashier thought a while: `checks.reserve` compares it with what it finds. What he saw stands in the
quote's hash, so that a remembered context is of exactly that quote.
"""

from __future__ import annotations

from typing import Any

from incust.businesses.terminal_access import Caller

from .assumption import till_of

QUOTES_MAX = 5_000
"""That a process remembers, some kilobyte each; the oldest goes first. Of another process's quotes it knows nothing."""

_contexts: dict[tuple[object, ...], dict[str, Any]] = {}


def remember_quote(
    caller: Caller, customer_id: int, identification_id: int | None, quote_hash: str, context: dict[str, Any]
) -> None:
    """Keep what `checks.load` answered for it."""
    if len(_contexts) >= QUOTES_MAX:
        _contexts.pop(next(iter(_contexts)), None)
    _contexts[_key(caller, customer_id, identification_id, quote_hash)] = context


def remembered_context(
    caller: Caller, customer_id: int, identification_id: int | None, quote_hash: str
) -> dict[str, Any] | None:
    """The context of that quote, given once: who decides anew has seen a new quote."""
    return _contexts.pop(_key(caller, customer_id, identification_id, quote_hash), None)


def _key(caller: Caller, *quoted: object) -> tuple[object, ...]:
    return (*till_of(caller), *quoted)
