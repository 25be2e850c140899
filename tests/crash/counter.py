"""A till and a guest of a test's own, for tests that say step by step what happens to a receipt."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from tests.crash.deployment import Cafe, Deployment
from tests.crash.points import Point, armed, reached
from tests.crash.till import Acknowledged, Journal, Till

TOTAL_MINOR = 10_000
EARNED_MINOR = 1_000
"""Ten percent: five that last, five that expire."""

WRITTEN = """
SELECT (SELECT count(*) FROM ledger.posting p WHERE p.kind = 'check' AND p.cause_id = c.id),
       (SELECT count(*) FROM checks.refund r WHERE r.check_id = c.id)
  FROM checks.check c WHERE c.id = %s
"""


class Counter:
    """Its guest has earned 1,000 already, with the receipt `first`."""

    def __init__(self, deployment: Deployment, cafe: Cafe, number: int, journal: Journal) -> None:
        self.deployment = deployment
        self.cafe = cafe
        self.guest = cafe.guests[number]
        self.journal = journal
        self._key = cafe.keys[number]
        self._number = number
        self.till = self.a_till(deployment.port)
        self.first = self.finalize("first")

    def a_till(self, port: int) -> Till:
        chance = random.Random(f"{self._number} {port}")
        return Till(self._number, port=port, key=self._key, journal=self.journal, chance=chance)

    def finalize(
        self, external_id: str, reserved: Acknowledged | None = None, till: Till | None = None
    ) -> Acknowledged:
        redeemed_minor = reserved.answer["redeem_minor"] if reserved else 0
        paid = {"cash_minor": TOTAL_MINOR - redeemed_minor, "card_minor": 0, "other_minor": 0, "poster_bonus_minor": 0}
        body = {
            **self._whose(), "check": _check(external_id), "check_id": reserved and reserved.answer["check_id"],
            "redeemed_minor": redeemed_minor, "payment": paid, "closed_without_payment": False,
            "closed_at": datetime.now(UTC).isoformat(), "salesperson": None,
        }  # fmt: skip
        return (till or self.till).tell("checks/finalize", body)

    def reserve(self, external_id: str) -> Acknowledged:
        asked = {**self._whose(), "check": _check(external_id)}
        quote = self.till.ask("checks/quote", {**asked, "redeem_minor": EARNED_MINOR})
        return self.till.tell(
            "checks/reserve", {**asked, "redeem_minor": EARNED_MINOR, "check_hash": quote["check_hash"],
                               "confirmation_code": None},
        )  # fmt: skip

    def cancel(self, external_id: str) -> Acknowledged:
        return self.till.tell("checks/cancel", {"external_id": external_id})

    def refund(self, finalized: Acknowledged) -> Acknowledged:
        body = {"check_id": finalized.answer["check_id"], "external_id": None, "lines": None, "accomplished": True,
                "refunded_at": datetime.now(UTC).isoformat(), "salesperson": None}  # fmt: skip
        return self.till.tell("checks/refund", body)

    def killed_at(self, point: Point, part: str, operation: Callable[[], Acknowledged]) -> Acknowledged:
        """The operation's answer, though `part` is killed while the operation is at that point.

        Which of its tries counted is not known: one that the till gave up may have been served after all.
        """
        with armed(self.deployment, point), ThreadPoolExecutor(1) as pool:
            told = pool.submit(operation)
            reached(self.deployment)
            self.deployment.kill(part)
            answered = told.result()
        self.deployment.wait_until_it_answers()
        return answered

    def written(self, told: Acknowledged) -> tuple[int, int]:
        """How many postings and refunds there are of the receipt that was told of."""
        with self.deployment.books() as books:
            row = books.execute(WRITTEN, [told.answer["check_id"]]).fetchone()
        assert row is not None, told
        return row[0], row[1]

    def answered_again(self, told: Acknowledged) -> bool:
        """Whether the same request, sent once more, hears word for word what was heard before, from the store."""
        again = self.till.tell(told.operation, told.body, told.key)
        return (again.status, again.answer, again.replayed) == (told.status, told.answer, True)

    def _whose(self) -> dict[str, Any]:
        return {"customer_id": str(self.guest.customer_id), "identification_id": None}


def _check(external_id: str) -> dict[str, Any]:
    line = {"line_id": "0", "product_id": "12", "quantity": "2.000", "amount_minor": TOTAL_MINOR}
    return {"external_id": external_id, "currency": "UAH", "lines": [line], "total_minor": TOTAL_MINOR}
