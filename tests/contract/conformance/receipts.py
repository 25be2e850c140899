"""Receipts as a till reports them: made by hand, and generated."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

# The same receipts in every run. A failing one is shown as it is: to look for a smaller one takes minutes over HTTP.
generated = settings(
    max_examples=15, deadline=None, derandomize=True, database=None, print_blob=False, report_multiple_bugs=False,
    phases=[Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip


def line(line_id: str, amount_minor: int, **members: Any) -> dict[str, Any]:
    return {
        "line_id": line_id, "product_id": f"product-{line_id}", "modification_id": "", "quantity": "1.000",
        "amount_minor": amount_minor, "discountable": True, "promotion": False, **members,
    }  # fmt: skip


def receipt(currency: str, /, *lines: dict[str, Any], **members: Any) -> dict[str, Any]:
    """A receipt that no till has reported before."""
    return {
        "external_id": f"conformance-{secrets.token_hex(8)}", "transaction_id": "", "currency": currency,
        "lines": list(lines), "total_minor": sum(each["amount_minor"] for each in lines), "service_minor": 0,
        "pre_check_printed": False, **members,
    }  # fmt: skip


def closed_now() -> str:
    return datetime.now(UTC).isoformat()


_amounts = st.one_of(st.sampled_from([0, 1, 99, 4500]), st.integers(0, 30_000))
_quantities = st.sampled_from(["1", "2.000", "0.250", "0.001", "12.5"])


@st.composite
def generated_receipts(draw: st.DrawFn) -> dict[str, Any]:
    """Receipts of every shape that a till may mean, without currency and external id.

    Lines that take no part, lines under a promotion, weighed goods, a service charge, a total that the till rounded.
    """
    lines = [
        line(
            str(position), draw(_amounts), quantity=draw(_quantities), discountable=draw(st.integers(0, 4)) > 0,
            promotion=draw(st.integers(0, 4)) == 0,
        )
        for position in range(draw(st.integers(1, 5)))
    ]  # fmt: skip
    service_minor = draw(st.sampled_from([0, 0, 0, 1000]))
    rounding_minor = draw(st.sampled_from([0, 0, -3, 2]))
    total_minor = max(0, sum(each["amount_minor"] for each in lines) + service_minor + rounding_minor)
    return {"lines": lines, "service_minor": service_minor, "total_minor": total_minor}
