"""The past visits of one guest, computed by the product's own engine. A million guests share some stories."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

STORIES = 97
VISITS_MAX = 4
"""Each guest came three times, each third guest four times: ten entries, or twelve."""
LIFETIME_DAYS = 365
DAYS_AGO = (150, 100, 50, 0)
"""When the visits were; up to twenty days earlier, so that no lot has expired yet."""
REDEEMS_MINOR = (0, 300, 480, 0)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One receipt: its lines, what the engine said, the account before it, and the lots that it took points from.

    `taken_minor[n]` comes from the lot of visit `n`; `left_minor` is what all later visits leave of this visit's lot.
    """

    story: int
    number: int
    line_minor: tuple[int, int]
    redeemed_minor: int
    earned_minor: int
    outcome: dict[str, Any]
    version_before: int
    balance_before_minor: int
    taken_minor: tuple[int, ...]
    left_minor: int

    def as_row(self) -> dict[str, Any]:
        """The row of `bench.visit` (see sql/plan.sql)."""
        shares = {share["line_id"]: share for share in self.outcome["shares"]}
        return {
            "story": self.story, "visit": self.number, "days_ago": DAYS_AGO[self.number],
            "total_minor": sum(self.line_minor),
            "line_minor": list(self.line_minor), "outcome": json.dumps(self.outcome),
            "redeemed_minor": self.redeemed_minor, "earned_minor": self.earned_minor,
            "line_redeemed_minor": [shares[line]["redeemed_minor"] for line in ("0", "1")],
            "line_earned_minor": [shares[line]["earned_minor"] for line in ("0", "1")],
            "version_before": self.version_before, "balance_before_minor": self.balance_before_minor,
            "taken_minor": list(self.taken_minor), "left_minor": self.left_minor,
        }  # fmt: skip


def rules() -> Any:
    """The program: 5 % back for a year, up to half of a check paid with points, without confirmation."""
    from incust.engine.program import Confirmation, CreditPercent, Program, RedeemPercent

    return Program(
        rules=(
            CreditPercent(rule_id="earn", percent=Decimal(5), lifetime_days=LIFETIME_DAYS),
            RedeemPercent(rule_id="redeem", percent=Decimal(50)),
        ),
        confirmation=Confirmation.NEVER,
    )


def visits_of(story: int) -> list[Visit]:
    """All visits of a guest with that story. Points are spent soonest-expiring first, as the ledger does."""
    program, visits, lots = rules(), [], []
    version = balance_minor = 0
    for number in range(VISITS_MAX):
        line_minor = (8_000 + 100 * (story % 40) + 10 * number, 4_000 + 70 * (story % 11))
        outcome = _outcome(program, line_minor, balance_minor, REDEEMS_MINOR[number])
        earned_minor = sum(credit["amount_minor"] for credit in outcome["credits"])
        taken_minor = _spend(lots, REDEEMS_MINOR[number])
        visits.append(
            {
                "story": story, "number": number, "line_minor": line_minor, "redeemed_minor": REDEEMS_MINOR[number],
                "earned_minor": earned_minor, "outcome": outcome, "version_before": version,
                "balance_before_minor": balance_minor, "taken_minor": taken_minor,
            }
        )  # fmt: skip
        lots.append(earned_minor)
        version += 1 + (REDEEMS_MINOR[number] > 0)
        balance_minor += earned_minor - REDEEMS_MINOR[number]
    return [Visit(**visit, left_minor=left) for visit, left in zip(visits, lots, strict=True)]


def _outcome(program: Any, line_minor: tuple[int, int], balance_minor: int, redeem_minor: int) -> dict[str, Any]:
    from incust.engine.check import Check, Line
    from incust.engine.codec import outcome_to_dict
    from incust.engine.customer import Customer, CustomerStatus
    from incust.engine.evaluate import evaluate

    lines = tuple(
        Line(line_id=str(number), product_id=product, amount_minor=amount_minor)
        for number, (product, amount_minor) in enumerate(zip(("12", "31"), line_minor, strict=True))
    )
    check = Check(external_id="1", currency="UAH", lines=lines, total_minor=sum(line_minor))
    guest = Customer(status=CustomerStatus.FULL, available_minor=balance_minor)
    now = datetime.now(tz=UTC)
    return outcome_to_dict(evaluate(program, check, guest, now=now, redeem_minor=redeem_minor))


def _spend(lots: list[int], redeem_minor: int) -> tuple[int, ...]:
    """What comes from which lot; reduces the lots."""
    taken = [0] * VISITS_MAX
    for number, left_minor in enumerate(lots):
        taken[number] = min(left_minor, redeem_minor - sum(taken))
        lots[number] -= taken[number]
    assert sum(taken) == redeem_minor
    return tuple(taken)
