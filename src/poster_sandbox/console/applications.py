"""Applications: marketplace, what is installed, an app's own page, the webhook log."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from poster_sandbox.accounts import issue_code, remove_app
from poster_sandbox.clock import now_s
from poster_sandbox.console.page import Console, console_page
from poster_sandbox.marketplace import MarketplaceApp
from poster_sandbox.oauth.authorization import with_query
from poster_sandbox.running import apps, store
from poster_sandbox.webhooks.raising import new_webhook
from poster_sandbox.webhooks.sending import webhook_body

WEBHOOKS_SHOWN = 200


@console_page
def marketplace(console: Console) -> HttpResponse:
    """All apps by category."""
    category = console.request.GET.get("category", "")
    categories = sorted({app.category for app in apps().values()})
    shown = [app for app in apps().values() if category in ("", app.category)]
    return console.render(
        "marketplace",
        "App Marketplace",
        apps=shown,
        categories=categories,
        category=category,
        installed=console.account["installations"],
    )


@console_page
def app_page(console: Console, application_id: int) -> HttpResponse:
    """One app, with “Connect”, which leads to the consent page."""
    app = _app(application_id)
    query = urlencode({"application_id": app.application_id, "redirect_uri": app.redirect_uri, "response_type": "code"})
    return console.render(
        "app",
        app.name,
        section="marketplace",
        app=app,
        connected=app.application_id in console.account["installations"],
        connect_address=f"/{console.account['account']}/api/auth?{query}",
    )


@console_page
def installed(console: Console) -> HttpResponse:
    rows = [
        {
            "app": apps().get(application_id),
            "application_id": application_id,
            "installation": installation,
            "expired": installation["expires_at"] <= now_s(),
        }
        for application_id, installation in console.account["installations"].items()
    ]
    return console.render("installed", "Installed apps", rows=rows)


@require_POST
@console_page
def disconnect(console: Console, application_id: int) -> HttpResponse:
    remove_app(console.state, console.account, str(application_id), console.user["id"])
    return console.back_to("installed", "disconnected")


@require_POST
@console_page
def expire_token(console: Console, application_id: int) -> HttpResponse:
    """Let two years pass for this app."""
    installation = console.account["installations"].get(str(application_id))
    if installation is not None:
        installation["expires_at"] = now_s()
    return console.back_to("installed", "expired")


@console_page
def manage_frame(console: Console, application_id: int) -> HttpResponse:
    """The app's page of the manage platform, in an iframe, with a fresh code; the spinner hides on its message."""
    app = _app(application_id)
    if app.application_id not in console.account["installations"] or not app.manage_url:
        raise Http404
    with store().change() as state:
        code = issue_code(
            state, console.account, app.application_id, console.user["id"], kind="manage", redirect_uri=""
        )
    parts = urlsplit(app.manage_url)
    return console.render(
        "manage_frame",
        app.name,
        section="installed",
        app=app,
        frame_address=with_query(app.manage_url, {"code": code}),
        frame_origin=f"{parts.scheme}://{parts.netloc}",
    )


@console_page
def webhooks(console: Console) -> HttpResponse:
    """The account's hooks, newest first, with every attempt."""
    own = [hook for hook in reversed(console.state["webhooks"]) if hook["account"] == console.account["account"]]
    rows = [_webhook_row(hook) for hook in own[:WEBHOOKS_SHOWN]]
    connected = [apps()[key] for key in console.account["installations"] if key in apps()]
    return console.render("webhooks", "Webhook log", rows=rows, connected=connected)


def _webhook_row(hook: dict[str, Any]) -> dict[str, Any]:
    app = apps().get(hook["application_id"])
    last = hook["attempts"][-1] if hook["attempts"] else None
    return {
        "hook": hook,
        "app": app,
        "last": last,
        "next_in_s": max(0, round(hook["next_at"] - now_s())),
        "body": webhook_body(hook, app.secret) if app else {},
    }


@require_POST
@console_page
def send_test(console: Console, application_id: int) -> HttpResponse:
    """The “check” button: one attempt, beside the queue, with a signature that does not hold."""
    app = _app(application_id)
    console.state["webhooks"].append(
        new_webhook(console.state, console.account, app.application_id, "test", 0, "test", None)
    )
    return console.back_to("webhooks", "test-sent")


@require_POST
@console_page
def retry_now(console: Console, webhook_id: int) -> HttpResponse:
    for hook in console.state["webhooks"]:
        if hook["id"] == webhook_id and hook["state"] == "waiting":
            hook["next_at"] = 0
    return console.back_to("webhooks", "retry")


def _app(application_id: int) -> MarketplaceApp:
    app = apps().get(str(application_id))
    if app is None:
        raise Http404
    return app
