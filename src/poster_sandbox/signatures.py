"""Poster's signatures. All are MD5 over joined texts; see the README for where each formula comes from."""

import hashlib
import json
from typing import Any


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def js_json(value: Any) -> str:
    """What JavaScript's `JSON.stringify` writes: no spaces, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def php_json(value: Any) -> str:
    """What PHP's `json_encode` writes: no spaces, `/` and everything outside ASCII escaped."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/")


def request_signature(*, url: str, body: str, time_s: int, secret: str) -> str:
    """`X-Poster-Signature` of a proxied request; `body` is the JSON text, empty for a GET."""
    return _md5(f"{url}{body}{time_s}{secret}")


def webhook_verify(
    *, account: str, object_name: str, object_id: int, action: str, data: str | None, time_s: str, secret: str
) -> str:
    """`verify` of a webhook; `data` is the raw JSON string and takes part only when there is one."""
    parts = [account, object_name, str(object_id), action]
    if data is not None:
        parts.append(data)
    return _md5(";".join([*parts, time_s, secret]))


def manage_verify(*, application_id: str, secret: str, code: str) -> str:
    """`verify` with which an app asks who opened its manage page."""
    return _md5(f"{application_id}:{secret}:{code}")


def bundle_sign(*, application_id: str, secret: str, bundle: bytes) -> str:
    """`sign` of an uploaded bundle: md5(application_id:md5(file):secret)."""
    return _md5(f"{application_id}:{hashlib.md5(bundle, usedforsecurity=False).hexdigest()}:{secret}")
