"""Secrets of other systems, and of devices, are encrypted at rest."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def encrypt(secret: str) -> bytes:
    """The secret under the newest of ``settings.ENCRYPTION_KEYS``."""
    return _keys().encrypt(secret.encode())


def decrypt(stored: bytes | memoryview) -> str:
    """The secret again, whichever key of the list encrypted it. Raises `SecretUnreadable`."""
    try:
        return _keys().decrypt(bytes(stored)).decode()
    except InvalidToken:
        raise SecretUnreadable from None


def encrypted_anew(stored: bytes | memoryview) -> bytes:
    """The same secret under the newest key, so that an old key can be given up. Raises `SecretUnreadable`."""
    try:
        return _keys().rotate(bytes(stored))
    except InvalidToken:
        raise SecretUnreadable from None


class SecretUnreadable(Exception):
    """No key of ``INCUST_ENCRYPTION_KEYS`` opens a stored secret: the key it was written with is missing."""


def _keys() -> MultiFernet:
    keys = settings.ENCRYPTION_KEYS or [_key_of_installation()]
    return MultiFernet([Fernet(key) for key in keys])


def _key_of_installation() -> bytes:
    """Where no key is configured (development), one that follows from ``SECRET_KEY``."""
    digest = hashlib.sha256(b"encryption at rest:" + settings.SECRET_KEY.encode()).digest()
    return base64.urlsafe_b64encode(digest)
