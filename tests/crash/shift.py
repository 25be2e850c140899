"""What a cashier does all day: identify, quote, reserve, finalize; sometimes cancel, sometimes take goods back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from tests.crash.deployment import Guest
from tests.crash.till import Acknowledged, Till

CURRENCY = "UAH"
QUOTES_MAX = 20
"""A balance that other tills move all the time has to be asked for anew."""


class Cashier:
    """One till at work. `impatient`: a reservation that is not answered at once is given up, and the sale goes on."""

    def __init__(self, till: Till, guests: Sequence[Guest], *, impatient: bool = False, refunds: bool = True) -> None:
        self._till = till
        self._guests = guests
        self._impatient = impatient
        self._refunds = refunds
        self._number = 0

    def sell(self) -> None:
        """One receipt from the guest's phone number to its end."""
        till, chance = self._till, self._till.chance
        self._number += 1
        guest = chance.choice(self._guests)
        found = till.ask("identify", {"identifier": guest.phone})
        assert found["customer"]["id"] == str(guest.customer_id)
        whose = {"customer_id": str(guest.customer_id), "identification_id": found["identification"]["id"]}
        check = self._check()
        if chance.random() < 0.15:
            finalized = self._finalize(whose, check, check_id=None, redeemed_minor=0)
        else:
            reserved = self._reserve(whose, check)
            # Before a reservation that may be on its way still, a cancellation would cancel nothing.
            if reserved and chance.random() < 0.1:
                cancelled = till.tell("checks/cancel", {"external_id": check["external_id"]})
                assert cancelled.answer["status"] == "cancelled", cancelled
                return
            redeemed_minor = reserved["redeem_minor"] if reserved else 0
            if redeemed_minor and chance.random() < 0.1:
                redeemed_minor = chance.randrange(redeemed_minor)
            check_id = reserved["check_id"] if reserved else None
            finalized = self._finalize(whose, check, check_id=check_id, redeemed_minor=redeemed_minor)
        if chance.random() < 0.1:  # as if another source had reported the same receipt
            again = till.tell(finalized.operation, finalized.body)
            assert (again.answer, again.replayed) == (finalized.answer, True)
        if self._refunds and chance.random() < 0.15:
            self._refund(finalized, check)

    def _check(self) -> dict[str, Any]:
        chance = self._till.chance
        lines = [
            {"line_id": str(position), "product_id": str(chance.randrange(10, 40)),
             "quantity": f"{chance.randint(1, 4)}.000", "amount_minor": chance.randrange(500, 9_000)}
            for position in range(chance.randint(1, 3))
        ]  # fmt: skip
        return {
            "external_id": f"{self._till.number}-{self._number}", "currency": CURRENCY, "lines": lines,
            "total_minor": sum(line["amount_minor"] for line in lines),
        }  # fmt: skip

    def _reserve(self, whose: dict[str, Any], check: dict[str, Any]) -> dict[str, Any] | None:
        for _ in range(QUOTES_MAX):
            quote = self._till.ask("checks/quote", {**whose, "check": check, "redeem_minor": None})
            most = quote["redeem_max_minor"]
            redeem_minor = self._till.chance.choice((0, most, self._till.chance.randint(0, most)))
            body = {**whose, "check": check, "redeem_minor": redeem_minor, "check_hash": quote["check_hash"],
                    "confirmation_code": None}  # fmt: skip
            if self._impatient:
                return self._till.try_once("checks/reserve", body)
            reserved = self._till.tell("checks/reserve", body)
            if reserved.done:
                return reserved.answer
            assert reserved.code in ("quote-changed", "redeem-above-limit"), reserved
        return None

    def _finalize(
        self, whose: dict[str, Any], check: dict[str, Any], *, check_id: str | None, redeemed_minor: int
    ) -> Acknowledged:
        paid_minor = check["total_minor"] - redeemed_minor
        body = {
            **whose, "check_id": check_id, "check": check, "redeemed_minor": redeemed_minor,
            "payment": {"cash_minor": paid_minor, "card_minor": 0, "other_minor": 0, "poster_bonus_minor": 0},
            "closed_without_payment": False, "closed_at": datetime.now(UTC).isoformat(), "salesperson": None,
        }  # fmt: skip
        finalized = self._till.tell("checks/finalize", body)
        assert finalized.done, finalized
        return finalized

    def _refund(self, finalized: Acknowledged, check: dict[str, Any]) -> None:
        """One piece of the first line, then perhaps the whole receipt."""
        till = self._till
        ask = {"check_id": finalized.answer["check_id"], "external_id": None, "accomplished": True,
               "refunded_at": datetime.now(UTC).isoformat(), "salesperson": None}  # fmt: skip
        one = [{"line_id": "0", "returned_quantity": "1.000"}]
        assert till.tell("checks/refund", {**ask, "lines": one}).done
        if till.chance.random() < 0.5:
            whole = till.tell("checks/refund", {**ask, "lines": None})
            assert whole.answer["status"] == "refunded", whole


def work(cashiers: Sequence[Cashier], *, receipts: int, go_on: Callable[[], bool]) -> None:
    """All cashiers at once, until they have sold this many receipts together and `go_on` says no more."""
    lock = threading.Lock()
    sold = 0

    def one(cashier: Cashier) -> None:
        nonlocal sold
        while not failed.is_set():
            with lock:
                if sold >= receipts and not go_on():
                    return
                sold += 1
            try:
                cashier.sell()
            except BaseException:
                failed.set()
                raise

    failed = threading.Event()
    with ThreadPoolExecutor(len(cashiers)) as pool:
        for future in [pool.submit(one, cashier) for cashier in cashiers]:
            future.result()
