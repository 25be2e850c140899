"""Handing the till's bundle to Poster, whose servers give it to the registers from then on."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import httpx
import stamina
from django.conf import settings

from .applications import KnownApplication
from .till_bundle import told_where_we_are

METHOD = "application.uploadPOSPlatformBundle"
BUNDLE_BYTES_MAX = 1024 * 1024
"""Registers load it at each start, many of them over a café's mobile line. Ours has a tenth of that."""
TIMEOUT = httpx.Timeout(60.0, connect=5.0)
TRIES_MAX = 3
RETRIES_END_AFTER = timedelta(minutes=3)
ANSWER_CHARACTERS_MAX = 500


class BundleRefused(Exception):
    """Nothing was handed over, or Poster did not take it. Says why in a sentence."""


class _Unavailable(Exception):
    """Poster's front door says "later"."""


def read_bundle(path: Path) -> bytes:
    """The bundle as registers get it, with our public address in front. Raises `BundleRefused`."""
    try:
        if path.stat().st_size > BUNDLE_BYTES_MAX:
            raise BundleRefused(
                f"{path} is too big: {path.stat().st_size} bytes, and {BUNDLE_BYTES_MAX} at most. Registers load it at"
                " each start."
            )
        built = path.read_bytes()
    except OSError:
        raise BundleRefused(
            f"There is no bundle at {path}. Build the till with `make till`, or name it by --file."
        ) from None
    # What the build puts out is one classic script that calls the register by this name.
    if b"Poster" not in built or b"beforeOrderClose" not in built or built.lstrip().startswith((b"<", b"import ")):
        raise BundleRefused(f"{path} is not a built till. Build it with `make till`.")
    return told_where_we_are(built, settings.PUBLIC_URL)


def bundle_signature(application: KnownApplication, bundle: bytes) -> str:
    """``md5(application_id:md5(file):secret)``, as Poster's documents say."""
    return _md5(f"{application.application_id}:{_md5(bundle)}:{application.secret}")


def deploy_bundle(application: KnownApplication, bundle: bytes) -> str:
    """Hand the bundle over; returns what Poster answered. Tried again where the line fails: the same bundle twice is
    the same as once. Raises `BundleRefused`."""
    try:
        for attempt in stamina.retry_context(
            on=(httpx.TransportError, _Unavailable), attempts=TRIES_MAX, timeout=RETRIES_END_AFTER, wait_initial=1.0,
            wait_max=10.0,
        ):  # fmt: skip
            with attempt:
                return _accepted(_upload(application, bundle))
    except (httpx.TransportError, _Unavailable):
        raise BundleRefused("Poster does not answer. Nothing is known to have changed; please try again.") from None
    raise AssertionError("a retry context ends with a result or an error")


def _upload(application: KnownApplication, bundle: bytes) -> httpx.Response:
    answer = httpx.post(
        # The application's own method: it belongs to no account, and stands beside the page that asks for access.
        f"{settings.POSTER_AUTH_URL.removesuffix('/auth')}/{METHOD}",
        data={"application_id": application.application_id, "sign": bundle_signature(application, bundle)},
        files={"bundle": ("bundle.js", bundle, "application/javascript")},
        timeout=TIMEOUT,
    )
    if answer.status_code >= 500:
        raise _Unavailable
    return answer


def _accepted(answer: httpx.Response) -> str:
    said = answer.text[:ANSWER_CHARACTERS_MAX]
    try:
        decoded = json.loads(answer.text)
    except ValueError:
        decoded = None
    # Errors of Poster come with status 200.
    if not answer.is_success or not isinstance(decoded, dict) or "error" in decoded or not decoded.get("response"):
        raise BundleRefused(f"Poster did not take the bundle. It answered {answer.status_code}: {said}")
    return said


def _md5(content: bytes | str) -> str:
    plain = content.encode() if isinstance(content, str) else content
    return hashlib.md5(plain, usedforsecurity=False).hexdigest()
