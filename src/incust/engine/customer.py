"""What the rules may know of the person who pays."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CustomerStatus(StrEnum):
    """New customer status: who may earn and who may redeem."""

    FULL = "full"  # credit and redeem
    LIMITED = "limited"  # credit only
    NONE = "none"  # waits for the processing of personal data: neither

    @property
    def may_earn(self) -> bool:
        """Whether checks credit bonus points."""
        return self is not CustomerStatus.NONE

    @property
    def may_redeem(self) -> bool:
        """Whether bonus points may reduce a check."""
        return self is CustomerStatus.FULL


class Strength(StrEnum):
    """How sure the till is of the person: a rotating code is strong, a spoken phone number is weak."""

    STRONG = "strong"
    WEAK = "weak"


@dataclass(frozen=True, kw_only=True, slots=True)
class Customer:
    """`available_minor`: bonus points free to redeem on this check (a hold of this same check counts as free).

    `redeem_cap_minor`: the most he may redeem although no code can reach him to confirm more; `None` where one can.
    """

    status: CustomerStatus
    available_minor: int
    redeem_cap_minor: int | None = None
