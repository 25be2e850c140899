"""What one evaluation costs, without any database."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from decimal import Decimal

REPEATS = 3_000
BATCHES = 7


def measure() -> dict[str, float]:
    """Microseconds for a check of five lines; the best batch, which other programs disturbed least."""
    from incust.engine.check import Check, Line
    from incust.engine.customer import Customer, CustomerStatus
    from incust.engine.evaluate import evaluate
    from incust.engine.program import CreditPercent, Program, RedeemPercent

    program = Program(
        rules=(
            CreditPercent(rule_id="earn", percent=Decimal(5)),
            RedeemPercent(rule_id="redeem", percent=Decimal(50)),
        )
    )
    lines = tuple(Line(line_id=str(n), product_id=str(n), amount_minor=1500 + n) for n in range(5))
    check = Check(external_id="1", currency="UAH", lines=lines, total_minor=7510)
    customer = Customer(status=CustomerStatus.FULL, available_minor=2000)
    now = datetime.now(tz=UTC)
    batches = []
    for _ in range(BATCHES):
        started = time.perf_counter()
        for _ in range(REPEATS):
            evaluate(program, check, customer, now=now)
        batches.append((time.perf_counter() - started) / REPEATS)
    return {"engine_evaluate_us": 1e6 * min(batches)}
