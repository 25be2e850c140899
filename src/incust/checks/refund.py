"""Goods of a paid receipt went back: give back what was redeemed on them, take back what they earned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from incust.businesses.terminal_access import Caller
from incust.businesses.till_call import call, digest

from .finalize import SalespersonAtTill


@dataclass(frozen=True, kw_only=True, slots=True)
class ReturnedLine:
    """How much of a line is returned so far: a state, not a step."""

    line_id: str
    returned_quantity: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class RefundCheck:
    """The check by our id or by the receipt's own keys. `lines` None is the whole receipt; lines left out stay as is.

    `accomplished`: told afterwards, the goods have gone back already, so nothing can block it any more.
    """

    caller: Caller
    check_id: int | None = None
    external_id: str | None = None
    transaction_id: str = ""
    lines: tuple[ReturnedLine, ...] | None = None
    accomplished: bool = False
    refunded_at: datetime
    salesperson: SalespersonAtTill | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RefundedCheck:
    """Totals so far of this receipt, in minor units.

    `status` is `refunded` when all of it went back, else `partly_refunded`. `returned_minor`: redeemed points given
    back to the guest. Of the earned points `taken_back_minor` were taken, `absorbed_minor` could not be,
    `expired_minor` had expired before. `balance_minor` is the customer's balance right after the latest refund;
    `replayed` says that an earlier report had done it already.
    """

    check_id: int
    status: str
    returned_minor: int
    taken_back_minor: int
    absorbed_minor: int
    expired_minor: int
    balance_minor: int
    replayed: bool


def refund_check(request: RefundCheck, *, now: datetime) -> RefundedCheck:
    """Bring a paid receipt to the state of return that the till tells, once, however often it is told.

    Raises `CheckUnknown`, `CheckNotFinal`, `LineUnknown`, `ReturnedAboveBought`, `RefundBlocked`,
    `IdempotencyMismatch`, `Busy`, and the errors of the doors.
    """
    ask = {
        "check_id": request.check_id,
        "external_id": request.external_id,
        "transaction_id": request.transaction_id,
        "lines": request.lines
        if request.lines is None
        else [
            {"line_id": line.line_id, "returned_quantity": f"{line.returned_quantity:.3f}"} for line in request.lines
        ],
        "accomplished": request.accomplished,
        "refunded_at": request.refunded_at.isoformat(),
        "salesperson": request.salesperson
        and {"external_id": request.salesperson.external_id, "name": request.salesperson.name},
    }
    reply = call(
        "checks.refund",
        request.caller.as_json(),
        {**ask, "key": request.caller.request_id, "input_hash": digest("refund", ask), "now": now.isoformat()},
    )
    return RefundedCheck(**reply["answer"], replayed=reply["replayed"])
