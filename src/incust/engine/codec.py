"""Programs and outcomes as plain dicts (JSON), for storage. Each carries its format's number.

What is stored is read for years: a new format gets a new number, and readers know the old ones.
Percents are strings, so that no float ever touches them.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from incust.engine.customer import CustomerStatus
from incust.engine.money import Rounding
from incust.engine.outcome import Outcome
from incust.engine.program import (
    Basis,
    BelowZero,
    Confirmation,
    CreditPercent,
    Program,
    ProgramInvalid,
    RedeemPercent,
    Rule,
)

PROGRAM_FORMAT = 1
OUTCOME_FORMAT = 1

_CREDIT_PERCENT = "credit_percent"
_REDEEM_PERCENT = "redeem_percent"
_PROGRAM_MEMBERS = frozenset(
    {
        "format", "rules", "rounding", "step_minor", "promotion_lines_take_part", "new_customer_status",
        "confirmation", "confirmation_limit_minor", "below_zero", "debt_limit_minor",
    }
)  # fmt: skip
_RULE_MEMBERS = {
    _CREDIT_PERCENT: frozenset({"kind", "rule_id", "percent", "basis", "lifetime_days"}),
    _REDEEM_PERCENT: frozenset({"kind", "rule_id", "percent"}),
}

_Choice = TypeVar("_Choice", bound=StrEnum)


def program_to_dict(program: Program) -> dict[str, Any]:
    """Return the program as JSON-ready values; `program_from_dict` gives an equal program back."""
    return {
        "format": PROGRAM_FORMAT,
        "rules": [_rule_to_dict(rule) for rule in program.rules],
        "rounding": program.rounding.value,
        "step_minor": program.step_minor,
        "promotion_lines_take_part": program.promotion_lines_take_part,
        "new_customer_status": program.new_customer_status.value,
        "confirmation": program.confirmation.value,
        "confirmation_limit_minor": program.confirmation_limit_minor,
        "below_zero": program.below_zero.value,
        "debt_limit_minor": program.debt_limit_minor,
    }


def program_from_dict(stored: Mapping[str, Any]) -> Program:
    """Read a stored program; members left out keep their default. Raises `ProgramInvalid` naming the faulty member."""
    if stored.get("format") != PROGRAM_FORMAT:
        raise ProgramInvalid("format", "Only format %(number)s is known.", number=PROGRAM_FORMAT)
    _refuse_unknown("", stored, _PROGRAM_MEMBERS)
    rules = stored.get("rules")
    if not isinstance(rules, list):
        raise ProgramInvalid("rules", "A list of rules is needed.")
    blank = Program(rules=())
    return Program(
        rules=tuple(_rule_from_dict(f"rules.{position}", rule) for position, rule in enumerate(rules)),
        rounding=_choice(stored, "rounding", Rounding, blank.rounding),
        step_minor=_whole_number(stored, "step_minor", blank.step_minor),
        promotion_lines_take_part=_yes_or_no(stored, "promotion_lines_take_part", blank.promotion_lines_take_part),
        new_customer_status=_choice(stored, "new_customer_status", CustomerStatus, blank.new_customer_status),
        confirmation=_choice(stored, "confirmation", Confirmation, blank.confirmation),
        confirmation_limit_minor=_whole_number(stored, "confirmation_limit_minor", blank.confirmation_limit_minor),
        below_zero=_choice(stored, "below_zero", BelowZero, blank.below_zero),
        debt_limit_minor=_whole_number(stored, "debt_limit_minor", blank.debt_limit_minor),
    )


def outcome_to_dict(outcome: Outcome) -> dict[str, Any]:
    """Return the outcome as JSON-ready values, for the check's page and the guest's history."""
    return {
        "format": OUTCOME_FORMAT,
        "evaluated_at": outcome.evaluated_at.isoformat(),
        "redeem_max_minor": outcome.redeem_max_minor,
        "redeem_minor": outcome.redeem_minor,
        "due_minor": outcome.due_minor,
        "earn_minor": outcome.earn_minor,
        "earn_without_redeem_minor": outcome.earn_without_redeem_minor,
        "redeem_blocked": outcome.redeem_blocked,
        "credits": [
            {"rule_id": credit.rule_id, "amount_minor": credit.amount_minor, "lifetime_days": credit.lifetime_days}
            for credit in outcome.credits
        ],
        "shares": [
            {"line_id": share.line_id, "redeemed_minor": share.redeemed_minor, "earned_minor": share.earned_minor}
            for share in outcome.shares
        ],
        "trace": [
            {
                "rule_id": step.rule_id,
                "fired": step.fired,
                "line_ids": list(step.line_ids),
                "base_minor": step.base_minor,
                "amount_minor": step.amount_minor,
                "not_fired": step.not_fired,
            }
            for step in outcome.trace
        ],
    }


def _rule_to_dict(rule: Rule) -> dict[str, Any]:
    percent = f"{rule.percent:f}"
    if isinstance(rule, RedeemPercent):
        return {"kind": _REDEEM_PERCENT, "rule_id": rule.rule_id, "percent": percent}
    return {
        "kind": _CREDIT_PERCENT,
        "rule_id": rule.rule_id,
        "percent": percent,
        "basis": rule.basis.value,
        "lifetime_days": rule.lifetime_days,
    }


def _rule_from_dict(path: str, stored: object) -> Rule:
    if not isinstance(stored, dict):
        raise ProgramInvalid(path, "A rule is an object.")
    kind = stored.get("kind")
    if kind not in _RULE_MEMBERS:
        raise ProgramInvalid(f"{path}.kind", "This kind of rule is not known.")
    _refuse_unknown(f"{path}.", stored, _RULE_MEMBERS[kind])
    rule_id = stored.get("rule_id")
    if not isinstance(rule_id, str):
        raise ProgramInvalid(f"{path}.rule_id", "A rule's id is a text.")
    percent = _percent(f"{path}.percent", stored.get("percent"))
    if kind == _REDEEM_PERCENT:
        return RedeemPercent(rule_id=rule_id, percent=percent)
    lifetime_days = stored.get("lifetime_days")
    if lifetime_days is not None and type(lifetime_days) is not int:
        raise ProgramInvalid(f"{path}.lifetime_days", "A lifetime is a whole number of days or null.")
    return CreditPercent(
        rule_id=rule_id,
        percent=percent,
        basis=_choice(stored, "basis", Basis, Basis.PAID_WITH_MONEY, path=f"{path}."),
        lifetime_days=lifetime_days,
    )


def _percent(path: str, value: object) -> Decimal:
    if not isinstance(value, str):
        raise ProgramInvalid(path, 'A percent is a decimal text, such as "2.5".')
    try:
        percent = Decimal(value)
    except InvalidOperation:
        raise ProgramInvalid(path, 'A percent is a decimal text, such as "2.5".') from None
    if not percent.is_finite():
        raise ProgramInvalid(path, "A percent is a finite number.")
    return percent


def _refuse_unknown(path: str, stored: Mapping[str, Any], known: frozenset[str]) -> None:
    for member in stored:
        if member not in known:
            raise ProgramInvalid(f"{path}{member}", "This member is not known.")


def _choice(
    stored: Mapping[str, Any], member: str, choices: type[_Choice], default: _Choice, path: str = ""
) -> _Choice:
    try:
        return choices(stored.get(member, default))
    except ValueError:
        known = ", ".join(choices)
        raise ProgramInvalid(f"{path}{member}", "One of these is needed: %(choices)s.", choices=known) from None


def _whole_number(stored: Mapping[str, Any], member: str, default: int) -> int:
    value = stored.get(member, default)
    if type(value) is not int:
        raise ProgramInvalid(member, "A whole number is needed.")
    return value


def _yes_or_no(stored: Mapping[str, Any], member: str, default: bool) -> bool:
    value = stored.get(member, default)
    if type(value) is not bool:
        raise ProgramInvalid(member, "True or false is needed.")
    return value
