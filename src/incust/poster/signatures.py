"""Poster's signatures. All are MD5 over a text that ends with, or contains, the application's secret.

Sources: joinposter/docs, pages on the POS platform's ``makeRequest`` and on webhooks; besides, what live accounts
showed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from typing import Any


def sign_request(*, url: str, body: str, time: str, secret: str) -> str:
    """``X-Poster-Signature`` of ``makeRequest``: full URL, the body's JSON text if there is one, time, secret."""
    return _md5(f"{url}{body}{time}{secret}")


def request_is_signed(*, url: str, body: bytes, time: str, signature: str, secret: str) -> bool:
    """Whether Poster's proxy signed this request. ``url`` must be built from our configured address, never from Host.

    The documents show two encoders for the body that differ in ``/`` and non-ASCII letters, so the body as received and
    both re-encodings of it are accepted.
    """
    return any(
        _same(sign_request(url=url, body=text, time=time, secret=secret), signature) for text in _body_texts(body)
    )


def webhook_signature(event: Mapping[str, Any], secret: str) -> str:
    """``verify`` of a webhook: ``data`` takes part as the raw JSON string as it was received."""
    parts = [event["account"], event["object"], event["object_id"], event["action"]]
    if event.get("data") is not None:
        parts.append(event["data"])
    return _md5(";".join(str(part) for part in [*parts, event["time"], secret]))


def webhook_is_signed(event: Mapping[str, Any], secret: str) -> bool:
    """Whether Poster sent this webhook for the application of ``secret``."""
    try:
        return _same(webhook_signature(event, secret), str(event["verify"]))
    except KeyError:
        return False


def _body_texts(body: bytes) -> Iterator[str]:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return
    yield text
    if not text:
        return
    try:
        as_javascript_reads = json.loads(text, parse_float=_javascript_number)
        as_php_reads = json.loads(text)
    except (ValueError, RecursionError):
        return
    yield json.dumps(as_javascript_reads, ensure_ascii=False, separators=(",", ":"))
    # PHP's json_encode escapes "/" and everything outside of ASCII.
    yield json.dumps(as_php_reads, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/")


def _javascript_number(text: str) -> float | int:
    """JavaScript has one kind of number: it writes 1.0 as 1."""
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < 1e21 else number


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode(errors="surrogatepass"))


def _md5(text: str) -> str:
    # Poster's choice, not ours: the secret inside is what protects it.
    # Half a surrogate pair, which JSON can write and UTF-8 cannot, is a wrong signature like any other text.
    return hashlib.md5(text.encode(errors="surrogatepass"), usedforsecurity=False).hexdigest()
