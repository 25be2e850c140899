"""What holds for every check, whatever it holds."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.engine.factories import NOON

from incust.engine.check import Check, Line, content_hash
from incust.engine.customer import Customer, CustomerStatus
from incust.engine.evaluate import evaluate, settle
from incust.engine.money import Rounding, allocate
from incust.engine.program import Basis, CreditPercent, Program, RedeemPercent

amounts = st.integers(min_value=0, max_value=500_000)
percents = st.integers(min_value=1, max_value=10_000).map(lambda hundredths: Decimal(hundredths) / 100)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    credits = tuple(
        CreditPercent(rule_id=f"earn{number}", percent=draw(percents), basis=draw(st.sampled_from(Basis)))
        for number in range(draw(st.integers(0, 2)))
    )
    redeem = (RedeemPercent(rule_id="redeem", percent=draw(percents)),) if draw(st.booleans()) else ()
    return Program(
        rules=credits + redeem,
        rounding=draw(st.sampled_from(Rounding)),
        step_minor=draw(st.sampled_from([1, 10, 100])),
        promotion_lines_take_part=draw(st.booleans()),
    )


@st.composite
def checks(draw: st.DrawFn) -> Check:
    lines = tuple(
        Line(
            line_id=str(number),
            product_id=str(draw(st.integers(1, 4))),
            amount_minor=draw(amounts),
            discountable=draw(st.booleans()),
            promotion=draw(st.booleans()),
        )
        for number in range(draw(st.integers(0, 6)))
    )
    goods_minor = sum(line.amount_minor for line in lines)
    service_minor = draw(amounts)
    rounding_minor = draw(st.integers(-99, 99))
    total_minor = max(0, goods_minor + service_minor + rounding_minor)
    return Check(external_id="1", currency="UAH", lines=lines, total_minor=total_minor, service_minor=service_minor)


customers = st.builds(Customer, status=st.sampled_from(CustomerStatus), available_minor=st.integers(-10_000, 1_000_000))


@given(st.dictionaries(st.text(min_size=1, max_size=3), amounts, min_size=1), amounts)
def test_an_allocation_sums_to_its_total_and_fits_its_weights(weights: dict[str, int], total: int) -> None:
    total = min(total, sum(weights.values()))
    shares = allocate(total, weights)
    assert sum(shares.values()) == total
    assert all(0 <= shares[key] <= weights[key] for key in weights)
    assert shares == allocate(total, dict(reversed(weights.items())))


@given(programs(), checks(), customers)
def test_a_redemption_fits_balance_limit_and_what_is_due(program: Program, check: Check, customer: Customer) -> None:
    outcome = evaluate(program, check, customer, now=NOON)
    percent = program.redeem_rule.percent if program.redeem_rule else Decimal(0)
    eligible_minor = sum(line.amount_minor for line in check.lines if line.discountable)
    assert 0 <= outcome.redeem_max_minor <= max(0, customer.available_minor)
    assert outcome.redeem_max_minor <= eligible_minor * percent / 100
    assert outcome.redeem_max_minor <= max(0, check.total_minor - check.service_minor)
    assert outcome.redeem_max_minor % program.step_minor == 0
    assert (outcome.redeem_max_minor == 0) == (outcome.redeem_blocked is not None)


@given(programs(), checks(), customers, st.floats(0, 1))
def test_shares_add_up_and_nothing_is_negative(program: Program, check: Check, customer: Customer, part: float) -> None:
    most_minor = evaluate(program, check, customer, now=NOON).redeem_max_minor
    outcome = evaluate(program, check, customer, now=NOON, redeem_minor=int(most_minor * part))
    assert sum(share.redeemed_minor for share in outcome.shares) == outcome.redeem_minor
    assert sum(share.earned_minor for share in outcome.shares) == outcome.earn_minor
    assert sum(credit.amount_minor for credit in outcome.credits) == outcome.earn_minor
    assert outcome.due_minor == check.total_minor - outcome.redeem_minor
    by_id = {line.line_id: line.amount_minor for line in check.lines}
    for share in outcome.shares:
        assert 0 <= share.redeemed_minor <= by_id[share.line_id]
        assert share.earned_minor >= 0


@given(programs(), checks(), customers, st.randoms(use_true_random=False))
def test_order_of_lines_does_not_matter(program: Program, check: Check, customer: Customer, random) -> None:  # type: ignore[no-untyped-def]
    lines = list(check.lines)
    random.shuffle(lines)
    shuffled = replace(check, lines=tuple(lines))
    assert evaluate(program, shuffled, customer, now=NOON) == evaluate(program, check, customer, now=NOON)
    assert content_hash(shuffled) == content_hash(check)


@given(programs(), checks(), customers)
def test_keeping_points_never_earns_less(program: Program, check: Check, customer: Customer) -> None:
    most = evaluate(program, check, customer, now=NOON)
    none = evaluate(program, check, customer, now=NOON, redeem_minor=0)
    assert most.earn_minor <= none.earn_minor == most.earn_without_redeem_minor


@given(programs(), checks(), customers, amounts)
def test_a_larger_balance_never_lowers_the_limit(
    program: Program, check: Check, customer: Customer, more_minor: int
) -> None:
    richer = replace(customer, available_minor=customer.available_minor + more_minor)
    poorer_max = evaluate(program, check, customer, now=NOON).redeem_max_minor
    assert poorer_max <= evaluate(program, check, richer, now=NOON).redeem_max_minor


@given(programs(), checks(), customers, amounts, amounts)
def test_a_receipt_of_any_truth_settles_without_negative_amounts(
    program: Program, check: Check, customer: Customer, redeemed_minor: int, non_money_minor: int
) -> None:
    outcome = settle(program, check, customer, now=NOON, redeemed_minor=redeemed_minor, non_money_minor=non_money_minor)
    assert outcome.redeem_minor == redeemed_minor
    assert outcome.due_minor >= 0
    assert 0 <= outcome.earn_minor <= outcome.earn_without_redeem_minor or non_money_minor
    assert all(share.redeemed_minor >= 0 and share.earned_minor >= 0 for share in outcome.shares)


@given(programs(), checks(), customers)
def test_evaluation_is_deterministic(program: Program, check: Check, customer: Customer) -> None:
    assert evaluate(program, check, customer, now=NOON) == evaluate(program, check, customer, now=NOON)
