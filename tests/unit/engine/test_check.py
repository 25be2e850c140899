"""Checks that no till could mean are refused; equal content hashes alike."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.unit.engine.factories import a_check, a_line

from incust.engine.check import CheckInvalid, content_hash


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"total_minor": -1}, "total_minor"),
        ({"service_minor": -1}, "service_minor"),
        ({"lines": (a_line(-1),)}, "lines.amount_minor"),
        ({"lines": (a_line(1), a_line(2))}, "lines"),
        ({"lines": (a_line(1, quantity=Decimal(-1)),)}, "lines.quantity"),
        ({"lines": (a_line(1, quantity=Decimal("0.0001")),)}, "lines.quantity"),
        ({"external_id": ""}, "external_id"),
        ({"lines": tuple(a_line(1, str(number)) for number in range(501))}, "lines"),
    ],
)
def test_names_what_is_wrong(members, field: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(CheckInvalid) as refused:
        replace(a_check(a_line(9000)), **members)
    assert refused.value.field == field


def test_content_is_what_rules_look_at() -> None:
    check = a_check(a_line(9000, quantity=Decimal(2)))
    same = replace(
        check, transaction_id="16776", pre_check_printed=True, lines=(a_line(9000, quantity=Decimal("2.000")),)
    )
    assert content_hash(same) == content_hash(check)
    for other in (
        replace(check, total_minor=8999),
        replace(check, service_minor=1),
        replace(check, lines=(a_line(9000, quantity=Decimal(3)),)),
        replace(check, lines=(a_line(9000, quantity=Decimal(2), promotion=True),)),
    ):
        assert content_hash(other) != content_hash(check)
