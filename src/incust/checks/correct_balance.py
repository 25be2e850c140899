"""The owner corrects a guest's bonuses by hand, or gives him some. Nothing is rewritten: it is one more posting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import connection
from django.utils.translation import gettext_lazy as _

from incust.businesses.problems import Problem
from incust.businesses.tenancy import in_business
from incust.businesses.till_call import call


class CorrectionAboveAvailable(Problem):
    """Member `available_minor`: the most that can be taken. Points held for an open receipt are not available."""

    code = "correction-above-available"
    status = 409
    sentence = _("The customer does not have so many free bonuses.")


class CorrectionMismatch(Problem):
    """The number has served for another correction."""

    code = "correction-mismatch"
    status = 409
    sentence = _("This form has been sent already with another content.")


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectBalance:
    """`amount_minor` is signed and not zero; a gift is positive. `reason` is not blank. `number` is of `new_number`."""

    business_id: int
    customer_id: int
    currency: str
    kind: Literal["correction", "gift"]
    amount_minor: int
    reason: str
    actor: str
    number: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectedBalance:
    """The balance right after the correction; `replayed` says that an earlier request had done it."""

    balance_minor: int
    replayed: bool


def new_number() -> int:
    """For one correction: a form that is sent twice carries the same number and corrects once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ledger.correction_number')")
        return int(cursor.fetchone()[0])


def correct_balance(request: CorrectBalance, *, now: datetime) -> CorrectedBalance:
    """Post the correction, once for its number.

    Raises `CorrectionAboveAvailable`, `CorrectionMismatch`, `CustomerUnknown`, `Busy`.
    """
    ask = {
        "business_id": request.business_id,
        "customer_id": request.customer_id,
        "currency": request.currency,
        "kind": request.kind,
        "amount_minor": request.amount_minor,
        "reason": request.reason,
        "actor": request.actor,
        "number": request.number,
        "now": now.isoformat(),
    }
    with in_business(request.business_id):
        return CorrectedBalance(**call("checks.correct_balance", ask))
