"""Which address leads to which room."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path


def alive(_request: HttpRequest) -> HttpResponse:
    """For balancers and start scripts: this process answers. Asks nothing of the database."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns: list[URLPattern | URLResolver] = [
    path("alive", alive),
    path("", include("incust.terminal_api.urls")),
    path("", include("incust.poster.urls")),
    path("", include("incust.wallet.urls")),
    path("", include("incust.panel.root_urls")),
]
