"""The till's bundle as the register fetches it: ``/till/bundle.js?t=…``, from another site, and told where we are."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.http import require_safe


@require_safe
def serve_till_bundle(request: HttpRequest) -> HttpResponse:
    """The built bundle behind one line that names our public address. 404 while the till is not built."""
    path = Path(settings.TILL_BUNDLE)
    try:
        changed_ns = path.stat().st_mtime_ns
        body, etag = _bundle(path, changed_ns, settings.PUBLIC_URL)
    except FileNotFoundError:
        return HttpResponse("The till is not built: run `make till`.", status=404, content_type="text/plain")
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return _for_any_site(HttpResponseNotModified(), etag)
    return _for_any_site(HttpResponse(body, content_type="text/javascript; charset=utf-8"), etag)


@lru_cache(maxsize=2)
def _bundle(path: Path, changed_ns: int, public_url: str) -> tuple[bytes, str]:
    body = told_where_we_are(path.read_bytes(), public_url)
    return body, quote_etag(hashlib.sha256(body).hexdigest()[:32])


def told_where_we_are(built: bytes, public_url: str) -> bytes:
    """The bundle behind the line from which it knows our address, wherever it is loaded from."""
    return f"window.__INCUST_API__={json.dumps(public_url)};\n".encode() + built


def _for_any_site(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
