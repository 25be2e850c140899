"""One attempt to deliver one webhook."""

from typing import Any

import httpx

from poster_sandbox.marketplace import MarketplaceApp
from poster_sandbox.signatures import webhook_verify

TIMEOUT_S = 5


def webhook_body(hook: dict[str, Any], secret: str) -> dict[str, Any]:
    """The JSON object that Poster posts. A retry is the same body again."""
    body = {
        "account": hook["account"],
        "account_number": hook["account_number"],
        "object": hook["object"],
        "object_id": hook["object_id"],
        "action": hook["action"],
        "time": hook["time"],
        "verify": _verify(hook, secret),
    }
    if hook["data"] is not None:
        body["data"] = hook["data"]
    return body


def _verify(hook: dict[str, Any], secret: str) -> str:
    """The signature; the "check" button of Poster's developer account sends one that does not hold."""
    return webhook_verify(
        account=hook["account"],
        object_name=hook["object"],
        object_id=hook["object_id"],
        action=hook["action"],
        data=hook["data"],
        time_s=hook["time"],
        secret="not-the-secret" if hook["object"] == "test" else secret,
    )


def send_webhook(hook: dict[str, Any], app: MarketplaceApp) -> tuple[int, str]:
    """Post it once: (HTTP status, or 0 when there was no answer; a word about it). Never raises."""
    try:
        answer = httpx.post(
            app.webhook_url,
            json=webhook_body(hook, app.secret),
            timeout=TIMEOUT_S,
            trust_env=False,
            headers={"User-Agent": "Poster sandbox"},
        )
    except httpx.TimeoutException:
        return 0, "no answer in time"
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return 0, str(error) or type(error).__name__
    return answer.status_code, answer.reason_phrase
