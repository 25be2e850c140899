"""What pages of the panel may load and do: nothing but our own."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# The theme's Alpine evaluates expressions in attributes ('unsafe-eval') and sets colours in a style element; scripts
# themselves come from files of ours alone, so an injected <script> or handler does not run.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    ]
)
# Signed-out pages have no theme and no scripts at all.
POLICY_OF_PLAIN_PAGES = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
)
PLAIN_PAGES = ("/sign-in/", "/account/", "/poster/connect")


class ContentSecurityMiddleware:
    """Adds the policy to the panel's pages; other rooms have policies of their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path == "/" or request.path.startswith(PLAIN_PAGES):
            response.headers.setdefault("Content-Security-Policy", POLICY_OF_PLAIN_PAGES)
        elif request.path.startswith("/b/"):
            response.headers.setdefault("Content-Security-Policy", POLICY)
        return response
