"""`application.uploadPOSPlatformBundle`: an author hands his bundle over; registers get it from Poster from then on.

It belongs to no account and takes no token: its `sign` proves who sends it. (The texts of refusals are ours: Poster
documents none.)
"""

import secrets
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from poster_sandbox.running import apps, store
from poster_sandbox.signatures import bundle_sign
from poster_sandbox.store import State

METHOD = "application.uploadPOSPlatformBundle"
BUNDLE_BYTES_MAX = 5 * 1024 * 1024


def upload_bundle(request: HttpRequest) -> dict[str, Any]:
    """Multipart `application_id, sign, bundle`. A reset of the sandbox forgets what was uploaded."""
    app = apps().get(request.POST.get("application_id", ""))
    uploaded = request.FILES.get("bundle")
    if request.method != "POST" or uploaded is None:
        return _refused(34, "Field bundle is required")
    if app is None:
        return _refused(32, "There is no such application")
    if (uploaded.size or 0) > BUNDLE_BYTES_MAX:
        return _refused(35, "The bundle is too big")
    content = uploaded.read()
    expected = bundle_sign(application_id=app.application_id, secret=app.secret, bundle=content)
    if not secrets.compare_digest(expected.encode(), request.POST.get("sign", "").encode()):
        return _refused(30, "Wrong sign")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return _refused(35, "The bundle is not a script")
    with store().change() as state:
        state.setdefault("bundles", {})[app.application_id] = text
    return {"response": True}


def bundle_address(state: State, application_id: str) -> str:
    """The folder of the app's `bundle.js`: here once one was uploaded, else where its author develops it."""
    if application_id in state.get("bundles", {}):
        return f"/app-frame/{application_id}"
    return apps()[application_id].bundle_address


def uploaded_bundle(request: HttpRequest, application_id: int) -> HttpResponse:
    with store().read() as state:
        text = state.get("bundles", {}).get(str(application_id))
    if text is None:
        raise Http404
    return HttpResponse(text, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-store"})


def _refused(code: int, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}
