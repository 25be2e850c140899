"""Hashes that only this installation can compute, for codes too short to be hashed openly."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings


def keyed_hash(purpose: str, *parts: str | int) -> bytes:
    """32 bytes over the parts; differs by purpose, and no two lists of parts look alike."""
    key = hmac.digest(settings.SECRET_KEY.encode(), f"incust.customers {purpose}".encode(), hashlib.sha256)
    message = "".join(f"{len(text)}:{text}" for text in map(str, parts))
    return hmac.digest(key, message.encode(), hashlib.sha256)
