"""Console and register answer on their own origin only: an app in its frame cannot reach behind the register."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect

from poster_sandbox.running import configuration

WEB_API = "/api/"
FRAME_PATHS = ("/app-frame/", "/static/")


class OwnSiteMiddleware:
    """Refuses foreign origins, and keeps the app frames' host away from console and register.

    The web API and OAuth's token exchange are open to any caller: a token or secret guards them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_for_servers(request.path):
            return self._get_response(request)
        own = configuration().public_url
        if request.method not in ("GET", "HEAD") and request.headers.get("Origin", own) != own:
            return HttpResponseForbidden("Only pages of the sandbox itself may do this.")
        # Frames are served at 127.0.0.1 or, one site per app, at app-<id>.localhost.
        on_frame_host = request.get_host().split(":")[0] != "localhost"
        if on_frame_host and not request.path.startswith(FRAME_PATHS):
            if request.method == "GET" and "/data/" not in request.path:
                return HttpResponseRedirect(own + request.get_full_path())
            return HttpResponseForbidden(f"Console and register live at {own}.")
        return self._get_response(request)


def _is_for_servers(path: str) -> bool:
    """`/{account}/api/{method}` and the token exchange; the consent page at `…/api/auth` is for browsers."""
    return WEB_API in path and not path.endswith("/api/auth")
