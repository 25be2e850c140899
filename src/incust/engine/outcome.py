"""What the engine answers: amounts, shares per line, and a trace that says why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RedeemBlocked(StrEnum):
    """Why nothing can be redeemed; the codes are those of the terminal API."""

    REDEMPTION_OFF = "redemption-off"
    LIMITED_STATUS = "limited-status"
    NOTHING_ELIGIBLE = "nothing-eligible"
    NO_BALANCE = "no-balance"
    NO_CONFIRMATION_CHANNEL = "no-confirmation-channel"


class NotFired(StrEnum):
    """Why a rule did nothing on this check."""

    STATUS = "status"  # the customer's status does not allow it
    NOTHING_ELIGIBLE = "nothing-eligible"
    NO_BALANCE = "no-balance"
    NO_CONFIRMATION_CHANNEL = "no-confirmation-channel"
    NOT_CHOSEN = "not-chosen"  # the cashier redeems nothing
    ROUNDED_TO_ZERO = "rounded-to-zero"


@dataclass(frozen=True, kw_only=True, slots=True)
class Credit:
    """Bonus points that a rule credits; they expire `lifetime_days` after the check is closed, or never (`None`)."""

    rule_id: str
    amount_minor: int
    lifetime_days: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class LineShare:
    """The part of one line in the check's redemption and accrual."""

    line_id: str
    redeemed_minor: int
    earned_minor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class TraceStep:
    """One rule on one check: did it fire, on which lines, on what sum, how much, and if not, why not."""

    rule_id: str
    fired: bool
    line_ids: tuple[str, ...]
    base_minor: int
    amount_minor: int
    not_fired: NotFired | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """The engine's answer for one check, one customer, one program and one chosen redemption.

    `due_minor` is what remains to be paid; `earn_without_redeem_minor` is what the guest would earn if he kept
    his points.
    """

    evaluated_at: datetime
    redeem_max_minor: int
    redeem_minor: int
    due_minor: int
    earn_minor: int
    earn_without_redeem_minor: int
    redeem_blocked: RedeemBlocked | None
    credits: tuple[Credit, ...]
    shares: tuple[LineShare, ...]
    trace: tuple[TraceStep, ...]
