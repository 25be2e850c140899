"""Given a key that a till has used, when it uses it for something else, then it is told so, whatever the two were."""

from __future__ import annotations

import pytest
from django.db import transaction

from incust.checks.cancel import CancelCheck, cancel_check
from incust.customers.problems import IdempotencyMismatch
from incust.customers.update_profile import ProfileChange, UpdateProfile, update_profile

from .factories import NOON, Guest, a_cafe, a_check

pytestmark = pytest.mark.django_db


def rename(guest: Guest, key: str) -> None:
    update_profile(
        UpdateProfile(
            caller=guest.cafe.caller(key), customer_id=guest.id, change=ProfileChange(name="Ivan"),
            new_customer_status=lambda business_id: "full",
        ),
        now=NOON,
    )  # fmt: skip


def test_a_key_of_a_profile_is_none_for_a_receipt() -> None:
    guest = a_cafe().guest()
    rename(guest, "same")
    with pytest.raises(IdempotencyMismatch), transaction.atomic():
        guest.finalize(a_check(9000), caller=guest.cafe.caller("same"))
    assert guest.balance == (0, 0)


def test_a_key_of_a_receipt_is_none_for_a_profile() -> None:
    guest = a_cafe().guest()
    guest.finalize(a_check(9000), caller=guest.cafe.caller("same"))
    with pytest.raises(IdempotencyMismatch), transaction.atomic():
        rename(guest, "same")
    assert guest.cafe.rows("SELECT name FROM customers.customer") == [("Olena",)]


def test_a_key_of_a_receipt_is_none_for_its_cancellation() -> None:
    guest = a_cafe().guest()
    guest.finalize(a_check(9000), caller=guest.cafe.caller("same"))
    with pytest.raises(IdempotencyMismatch), transaction.atomic():
        cancel_check(CancelCheck(caller=guest.cafe.caller("same"), external_id="404"), now=NOON)
