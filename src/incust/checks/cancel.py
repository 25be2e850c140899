"""The order was cancelled, or its guest removed: release what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from incust.businesses.terminal_access import Caller
from incust.businesses.till_call import call, digest


@dataclass(frozen=True, kw_only=True, slots=True)
class CancelCheck:
    """The check by our id or by the order's key at its till; one of the two."""

    caller: Caller
    check_id: int | None = None
    external_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CancelledCheck:
    """`check_id` is None where there was nothing to cancel."""

    check_id: int | None
    status: str
    replayed: bool


def cancel_check(request: CancelCheck, *, now: datetime) -> CancelledCheck:
    """Release the hold; repeating is fine. Raises `CheckFinalized`, `IdempotencyMismatch`, `Busy`, doors' errors."""
    ask = {"check_id": request.check_id, "external_id": request.external_id}
    reply = call(
        "checks.cancel",
        request.caller.as_json(),
        {**ask, "key": request.caller.request_id, "input_hash": digest("cancel", ask), "now": now.isoformat()},
    )
    return CancelledCheck(**reply["answer"], replayed=reply["replayed"])
