"""Poster's webhooks: verified, stored, answered at once. What they mean is worked out by a job.

Poster repeats an unanswered hook fifteen times within two days, and later hooks wait behind it; so whatever is genuine
gets 200, even if we have no use for it.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from psycopg.types.json import Jsonb

from incust.businesses.encryption import encrypt
from incust.businesses.prune import prune

from .applications import known_applications
from .connect_account import Holder, holder_of
from .rename_account import ask_about_name
from .signatures import webhook_is_signed

KEPT_FOR = timedelta(days=30)
"""Poster repeats a hook for two days."""
DELETE_OLD = """
DELETE FROM poster.webhook_event WHERE business_id = %(business)s AND id IN (
  SELECT id FROM poster.webhook_event WHERE business_id = %(business)s AND received_at < %(older_than)s
  ORDER BY received_at LIMIT %(rows)s)
"""
BODY_BYTES_MAX = 256 * 1024
NEEDED = ("account", "object", "object_id", "action", "time")

log = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def receive_webhook(request: HttpRequest) -> HttpResponse:
    """The address to register as the application's webhook URL."""
    event = _read(request)
    if event is None:
        return JsonResponse({"error": "malformed-request"}, status=400)
    if event["object"] == "test":
        # The "check" button of Poster's developer account; its signature is not a real one, and it changes nothing.
        return _accepted()
    holder = holder_of(str(event["account"]), str(event.get("account_number") or ""))
    if not any(webhook_is_signed(event, secret) for secret in _secrets(holder)):
        return JsonResponse({"error": "signature-wrong"}, status=401)
    if holder is None:
        # An account that nobody has connected here (yet): the connection itself reads all there is to know.
        log.info("webhook of an account that is not connected")
        return _accepted()
    if holder.account != event["account"]:
        return _by_another_name(holder, event)
    store_webhook(holder, event, now=timezone.now())
    return _accepted()


def _by_another_name(holder: Holder, event: Mapping[str, Any]) -> HttpResponse:
    """The account was renamed, if the number says the truth: it is not signed. A look at the receipt may be asked for
    all the same; whether the application is there is not believed before the name is."""
    ask_about_name(holder.business_id, holder.till_account_id, str(event["account"]))
    if event["object"] != "application":
        store_webhook(holder, event, now=timezone.now())
    return _accepted()


def _secrets(holder: Holder | None) -> list[str]:
    """Of the application through which the account is connected, and of no other: partners know their own secrets."""
    known = known_applications()
    if holder is None:
        return [one.secret for one in known]
    return [one.secret for one in known if one.application_id == holder.application_id]


def store_webhook(holder: Holder, event: Mapping[str, Any], *, now: datetime) -> None:
    """Keep the event, once however often it arrives; what has an effect goes into the outbox. One statement."""
    hook = {
        "account": holder.account,
        "object": str(event["object"])[:40],
        "object_id": str(event["object_id"])[:40],
        "action": str(event["action"])[:40],
        "data": _data_to_keep(event),
        "sent_at": datetime.fromtimestamp(int(event["time"]), tz=UTC).isoformat(),
        "received_at": now.isoformat(),
        "digest": _digest(event),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT poster.store_webhook(%s, %s, %s)", [holder.business_id, holder.till_account_id, Jsonb(hook)]
        )


def prune_webhooks(*, now: datetime) -> int:
    """Forget what was received more than `KEPT_FOR` ago, of all businesses; returns how many."""
    return prune(DELETE_OLD, older_than=now - KEPT_FOR)


def _read(request: HttpRequest) -> dict[str, Any] | None:
    try:
        if int(request.headers.get("Content-Length") or 0) > BODY_BYTES_MAX:
            return None
        event = json.loads(request.body)
        if not isinstance(event, dict) or any(name not in event for name in NEEDED):
            return None
        datetime.fromtimestamp(int(event["time"]), tz=UTC)
        # What JSON can write and the database cannot keep: half a surrogate pair, and U+0000.
        if b"\\u0000" in json.dumps(event, ensure_ascii=False).encode():
            return None
    except (ValueError, TypeError, OverflowError, OSError, RecursionError):
        return None
    return event


def _data_to_keep(event: Mapping[str, Any]) -> str:
    # ``application added`` carries a token, which must not lie about in the clear. It is gone once it was looked at.
    data = str(event.get("data") or "")
    return encrypt(data).decode() if data and event["object"] == "application" else data


def _digest(event: Mapping[str, Any]) -> str:
    parts = [event["account"], event["object"], event["object_id"], event["action"], event["time"], event.get("data")]
    return hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()[:32]


def _accepted() -> HttpResponse:
    return JsonResponse({"status": "accept"})
