"""What this process answered quotes on, so that the reserve that follows takes one call instead of two.

Only a guess, as the cashier thought a while: `checks.reserve` compares it with what it finds. What he saw stands in the
quote's hash, so that a remembered context is of exactly that quote.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import Any

from incust.businesses.terminal_access import Caller

from .assumption import till_of

QUOTES_MAX = 5_000
"""That a process remembers, some kilobyte each; the oldest goes first. Of another process's quotes it knows nothing."""
KEPT_S = 600
"""A cashier who thinks longer costs a call."""

_contexts: OrderedDict[tuple[object, ...], tuple[float, dict[str, Any]]] = OrderedDict()
_turn = threading.Lock()  # a request is a thread, and two of them may find the memory full


def remember_quote(
    caller: Caller, customer_id: int, identification_id: int | None, quote_hash: str, context: dict[str, Any]
) -> None:
    """Keep what `checks.load` answered for it; of the guest's contacts only which kinds there are."""
    key, now = _key(caller, customer_id, identification_id, quote_hash), time.monotonic()
    kept = {**context, "contacts": {kind: kind for kind in context["contacts"]}}
    with _turn:
        _contexts.pop(key, None)
        _contexts[key] = now, kept
        while len(_contexts) > QUOTES_MAX or next(iter(_contexts.values()))[0] < now - KEPT_S:
            _contexts.popitem(last=False)


def remembered_context(
    caller: Caller, customer_id: int, identification_id: int | None, quote_hash: str
) -> dict[str, Any] | None:
    """The context of that quote, given once: who decides anew has seen a new quote."""
    with _turn:
        quoted_at, context = _contexts.pop(_key(caller, customer_id, identification_id, quote_hash), (0.0, None))
    return context if time.monotonic() - quoted_at <= KEPT_S else None


def _key(caller: Caller, *quoted: object) -> tuple[object, ...]:
    return (*till_of(caller), *quoted)
