"""From a check to an outcome. The order of evaluation is fixed:

1. *Eligible lines*: discountable ones, without promotion lines if the program says so.
2. *Redemption limit*: the least of the balance available, the limit % of the eligible sum, and what is left to pay;
   rounded down to the program's step. A customer whose status is not full redeems nothing.
3. *Accrual*: each credit rule on what is paid with money (or, by setting, on the whole check), rounded once per rule.

Discount rules will stand between 1 and 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from incust.engine.check import Check
from incust.engine.customer import Customer
from incust.engine.money import Rounding, allocate, percent_of, round_down
from incust.engine.outcome import Credit, LineShare, NotFired, Outcome, RedeemBlocked, TraceStep
from incust.engine.program import Basis, CreditPercent, Program


class RedeemAboveLimit(ValueError):
    """More was asked for than may be redeemed on this check."""

    def __init__(self, redeem_max_minor: int) -> None:
        super().__init__(f"at most {redeem_max_minor} minor units may be redeemed")
        self.redeem_max_minor = redeem_max_minor


@dataclass(frozen=True, kw_only=True, slots=True)
class _Basket:
    """The check split into lines that take part and lines that do not; weights are the lines' sums."""

    eligible_minor: dict[str, int]
    other_minor: dict[str, int]
    eligible_sum_minor: int  # never more than is due for goods: the till may have rounded down

    @property
    def eligible_ids(self) -> tuple[str, ...]:
        return tuple(sorted(self.eligible_minor))


def evaluate(
    program: Program, check: Check, customer: Customer, *, now: datetime, redeem_minor: int | None = None
) -> Outcome:
    """Say what this check may redeem and will earn. `redeem_minor` is the cashier's choice; `None` takes the most.

    Raises `RedeemAboveLimit`; `ValueError` for a negative choice.
    """
    basket = _split(program, check)
    redeem_max_minor, blocked = _redemption_limit(program, customer, basket)
    chosen_minor = redeem_max_minor if redeem_minor is None else redeem_minor
    if chosen_minor < 0:
        raise ValueError("a redemption is not negative")
    if chosen_minor > redeem_max_minor:
        raise RedeemAboveLimit(redeem_max_minor)
    return _outcome(program, check, customer, basket, redeem_max_minor, blocked, chosen_minor, 0, now)


def settle(
    program: Program, check: Check, customer: Customer, *, now: datetime, redeemed_minor: int, non_money_minor: int = 0
) -> Outcome:
    """Say what a receipt that is already paid earns: the till's truth, so the redemption is a fact and not limited.

    `non_money_minor` was paid by other than money or our bonus points (such as the till's own bonuses); it is spread
    over all goods, and its share of a line earns nothing.
    """
    if redeemed_minor < 0 or non_money_minor < 0:
        raise ValueError("amounts of a receipt are not negative")
    basket = _split(program, check)
    redeem_max_minor, blocked = _redemption_limit(program, customer, basket)
    return _outcome(program, check, customer, basket, redeem_max_minor, blocked, redeemed_minor, non_money_minor, now)


def redemption_limit_of_check(program: Program, check: Check) -> int:
    """The most that a guest with a full status and points enough could redeem on this check, in minor units."""
    return _limit_of_basket(program, _split(program, check))


def _split(program: Program, check: Check) -> _Basket:
    eligible: dict[str, int] = {}
    other: dict[str, int] = {}
    for line in check.lines:
        takes_part = line.discountable and (program.promotion_lines_take_part or not line.promotion)
        (eligible if takes_part else other)[line.line_id] = line.amount_minor
    return _Basket(
        eligible_minor=eligible,
        other_minor=other,
        eligible_sum_minor=min(sum(eligible.values()), check.goods_due_minor),
    )


def _redemption_limit(program: Program, customer: Customer, basket: _Basket) -> tuple[int, RedeemBlocked | None]:
    rule = program.redeem_rule
    if rule is None:
        return 0, RedeemBlocked.REDEMPTION_OFF
    if not customer.status.may_redeem:
        return 0, RedeemBlocked.LIMITED_STATUS
    step_minor = program.step_minor
    of_check_minor = _limit_of_basket(program, basket)
    if of_check_minor == 0:
        return 0, RedeemBlocked.NOTHING_ELIGIBLE
    available_minor = round_down(max(0, customer.available_minor), step_minor=step_minor)
    if available_minor == 0:
        return 0, RedeemBlocked.NO_BALANCE
    limit_minor = min(available_minor, of_check_minor)
    if customer.redeem_cap_minor is not None:
        limit_minor = min(limit_minor, round_down(customer.redeem_cap_minor, step_minor=step_minor))
    return limit_minor, None if limit_minor else RedeemBlocked.NO_CONFIRMATION_CHANNEL


def _limit_of_basket(program: Program, basket: _Basket) -> int:
    rule = program.redeem_rule
    if rule is None:
        return 0
    return percent_of(basket.eligible_sum_minor, rule.percent, step_minor=program.step_minor, rounding=Rounding.DOWN)


def _outcome(
    program: Program,
    check: Check,
    customer: Customer,
    basket: _Basket,
    redeem_max_minor: int,
    blocked: RedeemBlocked | None,
    redeem_minor: int,
    non_money_minor: int,
    now: datetime,
) -> Outcome:
    redeemed = _spread_redemption(basket, redeem_minor)
    base_minor = _earning_base_minor(basket, redeemed, non_money_minor)
    steps = [_redeem_step(program, basket, blocked, redeem_minor)]
    credits: list[Credit] = []
    earned = dict.fromkeys((line.line_id for line in check.lines), 0)
    for rule in program.credit_rules:
        rule_base_minor = base_minor if rule.basis is Basis.PAID_WITH_MONEY else basket.eligible_sum_minor
        amount_minor = _credit_minor(program, rule, customer, rule_base_minor)
        steps.append(_credit_step(rule, customer, basket, rule_base_minor, amount_minor))
        if amount_minor:
            credits.append(Credit(rule_id=rule.rule_id, amount_minor=amount_minor, lifetime_days=rule.lifetime_days))
            for line_id, share_minor in allocate(amount_minor, basket.eligible_minor).items():
                earned[line_id] += share_minor
    return Outcome(
        evaluated_at=now,
        redeem_max_minor=redeem_max_minor,
        redeem_minor=redeem_minor,
        due_minor=max(0, check.total_minor - redeem_minor),
        earn_minor=sum(credit.amount_minor for credit in credits),
        earn_without_redeem_minor=_earn_without_redeem_minor(program, customer, basket, non_money_minor),
        redeem_blocked=blocked,
        credits=tuple(credits),
        shares=tuple(
            LineShare(
                line_id=line.line_id,
                redeemed_minor=redeemed[line.line_id],
                earned_minor=earned[line.line_id],
            )
            for line in sorted(check.lines, key=lambda line: line.line_id)
        ),
        trace=tuple(step for step in steps if step is not None),
    )


def _spread_redemption(basket: _Basket, redeem_minor: int) -> dict[str, int]:
    """Spread over eligible lines first; what a till took beyond them goes over the others, and then over nothing."""
    lines_sum_minor = sum(basket.eligible_minor.values())
    on_eligible_minor = min(redeem_minor, lines_sum_minor)
    on_other_minor = min(redeem_minor - on_eligible_minor, sum(basket.other_minor.values()))
    return {**allocate(on_eligible_minor, basket.eligible_minor), **allocate(on_other_minor, basket.other_minor)}


def _earning_base_minor(basket: _Basket, redeemed: dict[str, int], non_money_minor: int) -> int:
    redeemed_eligible_minor = sum(redeemed.get(line_id, 0) for line_id in basket.eligible_minor)
    left_minor = max(0, basket.eligible_sum_minor - redeemed_eligible_minor)
    if non_money_minor == 0 or left_minor == 0:
        return left_minor
    all_lines = {**basket.eligible_minor, **basket.other_minor}
    remaining = {line_id: amount - redeemed.get(line_id, 0) for line_id, amount in all_lines.items()}
    spread = allocate(min(non_money_minor, sum(remaining.values())), remaining)
    return max(0, left_minor - sum(spread[line_id] for line_id in basket.eligible_minor))


def _earn_without_redeem_minor(program: Program, customer: Customer, basket: _Basket, non_money_minor: int) -> int:
    base_minor = _earning_base_minor(basket, {}, non_money_minor)
    return sum(
        _credit_minor(
            program, rule, customer, base_minor if rule.basis is Basis.PAID_WITH_MONEY else basket.eligible_sum_minor
        )
        for rule in program.credit_rules
    )


def _credit_minor(program: Program, rule: CreditPercent, customer: Customer, base_minor: int) -> int:
    if not customer.status.may_earn:
        return 0
    return percent_of(base_minor, rule.percent, step_minor=program.step_minor, rounding=program.rounding)


def _redeem_step(
    program: Program, basket: _Basket, blocked: RedeemBlocked | None, redeem_minor: int
) -> TraceStep | None:
    rule = program.redeem_rule
    if rule is None:
        return None
    reasons = {
        RedeemBlocked.LIMITED_STATUS: NotFired.STATUS,
        RedeemBlocked.NOTHING_ELIGIBLE: NotFired.NOTHING_ELIGIBLE,
        RedeemBlocked.NO_BALANCE: NotFired.NO_BALANCE,
        RedeemBlocked.NO_CONFIRMATION_CHANNEL: NotFired.NO_CONFIRMATION_CHANNEL,
    }
    why_not = reasons[blocked] if blocked else NotFired.NOT_CHOSEN
    return TraceStep(
        rule_id=rule.rule_id,
        fired=redeem_minor > 0,
        line_ids=basket.eligible_ids if redeem_minor else (),
        base_minor=basket.eligible_sum_minor,
        amount_minor=redeem_minor,
        not_fired=None if redeem_minor else why_not,
    )


def _credit_step(
    rule: CreditPercent, customer: Customer, basket: _Basket, base_minor: int, amount_minor: int
) -> TraceStep:
    why_not = None
    if amount_minor == 0:
        why_not = NotFired.ROUNDED_TO_ZERO
        if not customer.status.may_earn:
            why_not = NotFired.STATUS
        elif base_minor == 0:
            why_not = NotFired.NOTHING_ELIGIBLE
    return TraceStep(
        rule_id=rule.rule_id,
        fired=amount_minor > 0,
        line_ids=basket.eligible_ids if amount_minor else (),
        base_minor=base_minor,
        amount_minor=amount_minor,
        not_fired=why_not,
    )
