"""The check as a till reports it: what was ordered and what is due, before any redemption of ours."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal

from incust.engine.invalid import Invalid

#: Bounds that no real receipt reaches; they keep sums far inside 64 bits and one request inside one packet or two.
AMOUNT_MINOR_MAX = 10**12
LINES_MAX = 500
QUANTITY_MAX = Decimal(1_000_000)

# Made once: with other settings than its own, json.dumps makes an encoder for each call.
_canonical = json.JSONEncoder(separators=(",", ":")).encode


class CheckInvalid(Invalid):
    """The check contradicts itself. `field` names the member as the terminal API spells it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One position of the order. `amount_minor` is the whole line's sum after the till's own discounts."""

    line_id: str
    product_id: str
    amount_minor: int
    quantity: Decimal = Decimal(1)
    modification_id: str = ""
    discountable: bool = True
    promotion: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """A receipt of any till.

    `total_minor` is what is due before our redemption. Lines and total may differ by `service_minor` (service charge
    and tips: neither earn nor may be paid with bonuses) and by the till's rounding.
    """

    external_id: str
    currency: str
    lines: tuple[Line, ...]
    total_minor: int
    service_minor: int = 0
    transaction_id: str = ""
    pre_check_printed: bool = False

    def __post_init__(self) -> None:
        """Raise `CheckInvalid` for a check that no till could mean.

        A line of quantity zero was taken off the order again: it is left out, not refused.
        """
        object.__setattr__(self, "lines", tuple(line for line in self.lines if line.quantity != 0))
        if not self.external_id:
            raise CheckInvalid("external_id", "The order's key on its till is missing.")
        if len(self.lines) > LINES_MAX:
            raise CheckInvalid("lines", "There are more than %(number)s lines.", number=LINES_MAX)
        if len({line.line_id for line in self.lines}) != len(self.lines):
            raise CheckInvalid("lines", "Two lines have the same line_id.")
        for line in self.lines:
            _require_amount("lines.amount_minor", line.amount_minor)
            if not 0 < line.quantity <= QUANTITY_MAX or line.quantity != round(line.quantity, 3):
                raise CheckInvalid("lines.quantity", "A quantity is positive and has at most three places.")
        _require_amount("total_minor", self.total_minor)
        _require_amount("service_minor", self.service_minor)

    @property
    def goods_due_minor(self) -> int:
        """What is to be paid for goods: the total without service charge and tips."""
        return max(0, self.total_minor - self.service_minor)


def content_hash(check: Check) -> str:
    """Return 64 hex characters that are equal exactly for checks of equal content.

    Content is what a rule could look at: lines (their order does not matter), total, service, currency. The keys of the
    receipt are left out, because a till may learn its transaction id between quote and finalize.
    """
    lines = sorted(
        [
            line.line_id,
            line.product_id,
            line.modification_id,
            f"{line.quantity:.3f}",
            line.amount_minor,
            line.discountable,
            line.promotion,
        ]
        for line in check.lines
    )
    canonical = _canonical([check.currency, check.total_minor, check.service_minor, lines])
    return hashlib.sha256(canonical.encode()).hexdigest()


def _require_amount(field: str, amount_minor: int) -> None:
    if not 0 <= amount_minor <= AMOUNT_MINOR_MAX:
        raise CheckInvalid(field, "An amount is not negative and below ten thousand millions.")
