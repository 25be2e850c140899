"""How people tell checks apart: by the transaction where it is paid, by the order before."""

from __future__ import annotations

import pytest

from incust.businesses.tenancy import in_business
from incust.checks.models import Check

from .factories import a_cafe, a_check

pytestmark = pytest.mark.django_db


def test_by_the_transaction_and_before_by_the_order() -> None:
    guest = a_cafe().guest(4000)
    guest.reserve(a_check(external_id="first"), 0)
    guest.finalize(a_check(external_id="second", transaction_id="16776"))
    with in_business(guest.cafe.business_id):
        assert [str(check) for check in Check.objects.order_by("id")] == ["first", "16776"]
