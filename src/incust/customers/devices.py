"""Wallet devices: a guest's phone with a secret of its own."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from incust.businesses.encryption import decrypt, encrypt
from incust.businesses.tenancy import in_business

from .models import Device
from .rotating_code import DEVICE_DIGITS

SECRET_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class BoundDevice:
    """What the phone keeps. ``secret`` is never shown again, and never in logs."""

    device_id: int
    number: str
    secret: bytes = field(repr=False)


def bind_device(business_id: int, customer_id: int, *, now: datetime) -> BoundDevice:
    """Give the customer's phone a number and a secret for making rotating codes (`incust.customers.rotating_code`)."""
    secret = secrets.token_bytes(SECRET_BYTES)
    with in_business(business_id):
        device = Device.objects.create(
            business_id=business_id, customer_id=customer_id, number=_free_number(business_id),
            secret_sealed=encrypt(base64.b64encode(secret).decode()), created_at=now,
        )  # fmt: skip
    return BoundDevice(device_id=device.pk, number=device.number, secret=secret)


def revoke_device(business_id: int, device_id: int, *, now: datetime) -> None:
    """From now on its codes are unusable. Repeating is harmless."""
    with in_business(business_id):
        Device.objects.filter(business_id=business_id, pk=device_id, revoked_at=None).update(revoked_at=now)


def secret_of_device(secret_sealed: bytes | memoryview) -> bytes:
    """The secret of a stored device. Raises `incust.businesses.encryption.SecretUnreadable`."""
    return base64.b64decode(decrypt(secret_sealed))


def _free_number(business_id: int) -> str:
    while True:  # ten thousand million numbers: a second turn is a rarity
        number = f"{secrets.randbelow(10**DEVICE_DIGITS):0{DEVICE_DIGITS}}"
        if not Device.objects.filter(business_id=business_id, number=number).exists():
            return number
