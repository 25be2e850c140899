"""A guest of the suite's own and what a till does for him."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from receipts import closed_now, line, receipt
from till import Answer, Till

# RFC 2606 keeps this name free: nobody gets the letters.
MAIL_DOMAIN = "conformance.invalid"
COLLECTED_ON_MINOR = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Bonus:
    """What `identify` says of the points, in minor units."""

    balance_minor: int
    available_minor: int


@dataclass(kw_only=True)
class Guest:
    till: Till
    email: str
    customer_id: str
    identification_id: str
    status: str

    def receipt(self, amount_minor: int = 10_000, **members: Any) -> dict[str, Any]:
        """A receipt of two lines."""
        first = amount_minor * 3 // 5
        lines = (line("0", first, quantity="2.000"), line("1", amount_minor - first))
        return receipt(self.till.currency, *lines, **members)

    def bonus(self) -> Bonus:
        found = self.till.post("identify", {"identifier": self.email}).must(200)["customer"]["bonus"]
        return Bonus(balance_minor=found["balance_minor"], available_minor=found["available_minor"])

    def quote(self, of: dict[str, Any], redeem_minor: int | None = None, **members: Any) -> Answer:
        return self.till.post("checks/quote", {**self._who(), "check": of, "redeem_minor": redeem_minor, **members})

    def reserve(
        self, of: dict[str, Any], redeem_minor: int, *, check_hash: str | None = None, key: str | None = None,
        **members: Any,
    ) -> Answer:  # fmt: skip
        """Reserve after a quote of the same, unless a hash is given."""
        if check_hash is None:
            check_hash = self.quote(of, redeem_minor).must(200)["check_hash"]
        body = {
            **self._who(), "check": of, "redeem_minor": redeem_minor, "check_hash": check_hash,
            "confirmation_code": None, **members,
        }  # fmt: skip
        return self.till.post("checks/reserve", body, key=key)

    def report(
        self, of: dict[str, Any], redeemed_minor: int = 0, *, check_id: str | None = None, **members: Any
    ) -> dict[str, Any]:
        """What a till sends to `checks/finalize`."""
        paid_minor = max(0, of["total_minor"] - redeemed_minor)
        return {
            **self._who(), "check_id": check_id, "check": of, "redeemed_minor": redeemed_minor,
            "payment": {"cash_minor": paid_minor, "card_minor": 0, "other_minor": 0, "poster_bonus_minor": 0},
            "closed_without_payment": False, "closed_at": closed_now(), "salesperson": None, **members,
        }  # fmt: skip

    def finalize(
        self, of: dict[str, Any], redeemed_minor: int = 0, *, key: str | None = None, **members: Any
    ) -> Answer:
        return self.till.post("checks/finalize", self.report(of, redeemed_minor, **members), key=key)

    def collect(self, amount_minor: int = COLLECTED_ON_MINOR) -> dict[str, Any]:
        """Pay a receipt with money. Gives the answer."""
        return self.finalize(self.receipt(amount_minor)).must(200)

    def redeemable(self, of: dict[str, Any]) -> int:
        """The most that this guest may redeem on the receipt; the suite needs some."""
        most_minor = int(self.quote(of).must(200)["redeem_max_minor"])
        assert most_minor >= 4, f"a guest with {self.bonus()} may redeem only {most_minor} of {of['total_minor']}"
        return most_minor

    def cancel(self, *, key: str | None = None, **which: str) -> Answer:
        return self.till.post("checks/cancel", which, key=key)

    def refund(
        self, check_id: str | None, returned: dict[str, str] | None = None, *, key: str | None = None, **members: Any
    ) -> Answer:
        """`returned`: quantity of each line returned so far; None for the whole receipt."""
        lines = returned and [
            {"line_id": line_id, "returned_quantity": quantity} for line_id, quantity in returned.items()
        ]
        body = {
            "check_id": check_id, "external_id": None, "transaction_id": "", "lines": lines, "accomplished": False,
            "refunded_at": closed_now(), "salesperson": None, **members,
        }  # fmt: skip
        return self.till.post("checks/refund", body, key=key)

    def _who(self) -> dict[str, Any]:
        return {"customer_id": self.customer_id, "identification_id": self.identification_id}


def new_email() -> str:
    return f"guest-{secrets.token_hex(8)}@{MAIL_DOMAIN}"


def register(till: Till) -> Guest:
    """A guest whom nobody knows yet, with his consent."""
    email = new_email()
    body = till.post("customers", {"email": email, "name": "Conformance", "consent": True}).must(201)
    return Guest(
        till=till, email=email, customer_id=body["customer"]["id"], identification_id=body["identification"]["id"],
        status=body["customer"]["status"],
    )  # fmt: skip
