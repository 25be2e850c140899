"""What finalize may assume of a receipt that was never reserved, so that one call does instead of two.

Only a guess: `checks.finalize` compares it with what it finds, and answers what it found where the two differ.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection

from incust.businesses.terminal_access import Caller
from incust.engine.check import Check
from incust.engine.customer import CustomerStatus
from incust.engine.evaluate import redemption_limit_of_check
from incust.engine.program import Program
from incust.programs.current_program import program_version

CALLERS_MAX = 10_000
"""Of which a process remembers what they were answered; then it starts anew."""
NO_PROGRAM = Program(rules=())

_answered: dict[tuple[str, ...], tuple[int, int | None]] = {}


def remember(caller: Caller, context: dict[str, Any]) -> None:
    """Keep which business this till belongs to and which version of its program was in force."""
    if len(_answered) >= CALLERS_MAX:
        _answered.clear()
    _answered[till_of(caller)] = (context["business_id"], context["program_version_id"])


def assumed_context(caller: Caller, check: Check) -> dict[str, Any] | None:
    """A context to evaluate on, with `assumed` for the SQL function; `None` for a till that was never answered.

    Assumes the version of last time, a guest with a full status, and points enough for all that this check may redeem:
    beyond that, how many they are changes nothing. Not for a receipt that redeemed something.
    """
    known = _answered.get(till_of(caller))
    if known is None:
        return None
    business_id, version_id = known
    try:
        rules = rules_of(business_id, version_id)
    except ObjectDoesNotExist:  # another database under the same name, as after a restore
        del _answered[till_of(caller)]
        return None
    assumed = {
        "customer_status": CustomerStatus.FULL.value,
        "available_min_minor": redemption_limit_of_check(rules, check),
    }
    return {
        "business_id": business_id,
        "program_version_id": version_id,
        "customer_status": assumed["customer_status"],
        "available_minor": assumed["available_min_minor"],
        "strength": "weak",
        "confirmed_minor": 0,
        "assumed": assumed,
    }


def rules_of(business_id: int, version_id: int | None) -> Program:
    """The rules of that version; none while none is published."""
    return NO_PROGRAM if version_id is None else program_version(business_id, version_id).rules


def till_of(caller: Caller) -> tuple[str, ...]:
    """Who calls, as far as a process may remember him by it."""
    # Numbers are unique within one database only, and a process may come to see another (as tests do).
    database = connection.settings_dict["NAME"]
    return (database, caller.door, caller.key_hash.hex(), caller.account, caller.spot, caller.tablet)
