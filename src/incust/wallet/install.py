"""What makes the page an app on the guest's home screen: the manifest, and the service worker that opens it offline."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.views.decorators.http import require_GET

from incust.businesses.models import Business
from incust.businesses.tenancy import in_business

from .guest import business_of

FOLDER = Path(__file__).parent / "static" / "wallet"
KEPT_OFFLINE = (".css", ".js", ".png", ".svg")


@require_GET
def manifest(request: HttpRequest, slug: str) -> HttpResponse:
    business_id = business_of(slug)
    with in_business(business_id):
        name = Business.objects.get(pk=business_id).name
    home = f"/w/{slug}/"
    return JsonResponse(
        {
            "name": name, "short_name": name[:12], "id": home, "start_url": home, "scope": home,
            "display": "standalone", "background_color": "#F6F6FA", "theme_color": "#5B3DF5",
            "icons": [
                {"src": static(f"wallet/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png",
                 "purpose": purpose}
                for size in (192, 512) for purpose in ("any", "maskable")
            ],
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )  # fmt: skip


@require_GET
def service_worker(request: HttpRequest, slug: str) -> HttpResponse:
    """The worker's script with the list of files that it keeps. It changes when one of them does."""
    business_of(slug)
    files = [static(f"wallet/{name}") for name in _files()]
    script = (Path(__file__).parent / "service_worker.js").read_text()
    head = f"const VERSION = {json.dumps(_version())};\nconst FILES = {json.dumps(files)};\n"
    response = HttpResponse(head + script, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _files() -> list[str]:
    return sorted(path.name for path in FOLDER.iterdir() if path.suffix in KEPT_OFFLINE)


@cache
def _version() -> str:
    digest = hashlib.sha256()
    for name in _files():
        digest.update((FOLDER / name).read_bytes())
    return digest.hexdigest()[:12]
