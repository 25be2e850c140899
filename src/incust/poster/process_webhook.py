"""What a stored webhook changes. Hooks repeat and overtake one another, so each looks at the state it finds."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from incust.businesses.models import TillAccount
from incust.businesses.problems import Problem
from incust.businesses.tenancy import in_business
from incust.messaging.outbox import Event, TryLater, enqueue, handles

from .account_access import keep_until_connected
from .catalogue import HOOK_OBJECTS, ask_for_catalogue
from .claim_receipt import ReceiptClaimed
from .connect_added import CLOCK_TOLERANCE, connect_added, was_connected_since
from .installations import disconnect_account
from .models import Installation, Receipt, WebhookEvent
from .problems import TokenRefused
from .receipt_words import Reason, reason, reason_of
from .reconcile_receipt import reconcile_receipt
from .sync_client import sync_client

TOPIC = "poster-webhook"
PAUSES = tuple(timedelta(seconds=pause) for pause in (5, 30, 120, 600, 1800))
"""Between the tries of a hook that fails; after the last one a person and the runs over all receipts are left."""
CLAIMED_PAUSE = timedelta(seconds=2)

log = logging.getLogger(__name__)


@handles(TOPIC)
def process_webhook(event: Event) -> None:
    """Do what the hook asks for, and note that it was done, or what went wrong. May be called twice for one hook."""
    business_id = event.business_id
    with in_business(business_id):
        hook = WebhookEvent.objects.filter(id=event.payload["event_id"]).first()
    if hook is None or hook.processed_at is not None or hook.failed_at is not None:
        return
    try:
        look_again_at = _process(business_id, hook)
    except ReceiptClaimed:
        # The look under way may have begun before what this hook tells of.
        raise TryLater("receipt-claimed", at=timezone.now() + CLAIMED_PAUSE) from None
    except TokenRefused as refused:
        keep_until_connected(business_id, hook, refused)
        return
    except Problem as problem:
        raise_later(business_id, hook, reason_of(problem))
        return
    except Exception:
        log.exception("webhook %s of business %s could not be processed", hook.id, business_id)
        raise_later(business_id, hook, reason("unexpected"))
        return
    if look_again_at is not None:
        raise TryLater("till-first", at=look_again_at)
    with in_business(business_id):
        done = {"data": ""} if hook.object == "application" else {}  # a token is kept no longer than it is needed
        WebhookEvent.objects.filter(id=hook.id).update(processed_at=timezone.now(), fault=None, **done)


def raise_later(business_id: int, hook: WebhookEvent, fault: Reason) -> None:
    """Keep the failure; raises `TryLater` until the tries are used up."""
    now = timezone.now()
    last = hook.tries >= len(PAUSES)
    # The token of an installation is kept no longer than it is needed, nor for a person's next try.
    forgotten = {"data": ""} if last and hook.object == "application" else {}
    with in_business(business_id):
        WebhookEvent.objects.filter(id=hook.id).update(
            tries=F("tries") + 1, fault=fault, failed_at=now if last else None, **forgotten
        )
    if not last:
        raise TryLater(fault["code"], at=now + PAUSES[hook.tries])


def try_webhook_again(business_id: int, hook_id: int) -> bool:
    """A person asks for it: the failed hook gets all its tries anew. False where it has not failed (any more)."""
    with in_business(business_id):
        failed = WebhookEvent.objects.filter(id=hook_id, processed_at=None).exclude(failed_at=None)
        if not failed.update(failed_at=None, tries=0):
            return False
        enqueue(business_id, TOPIC, {"event_id": hook_id})
        return True


def _process(business_id: int, hook: WebhookEvent) -> datetime | None:
    """Gives when to come back, if there will be more to do then."""
    if (hook.object, hook.action) == ("application", "removed"):
        _application_removed(business_id, hook)
    elif (hook.object, hook.action) == ("application", "added"):
        connect_added(business_id, hook)
    elif hook.object == "transaction":
        return _transaction_touched(business_id, hook)
    elif hook.object == "client" and hook.object_id.isdecimal():
        _client_touched(business_id, hook)
    elif hook.object in HOOK_OBJECTS:
        _goods_touched(business_id, hook)
    return None


def _client_touched(business_id: int, hook: WebhookEvent) -> None:
    """Added, changed or removed: look at the client."""
    with in_business(business_id):
        account = TillAccount.objects.filter(system="poster", name=hook.account, connected=True).first()
    if account is not None:
        sync_client(business_id, account.id, int(hook.object_id), now=timezone.now())


def _goods_touched(business_id: int, hook: WebhookEvent) -> None:
    """Whatever happened to which of them: the catalogue is read, by a job of its own, for a long answer holds up nobody
    there. Of several jobs one reads; the others find that it began after they were asked for."""
    with in_business(business_id):
        account = TillAccount.objects.filter(system="poster", name=hook.account, connected=True).first()
        if account is not None:
            ask_for_catalogue(business_id, account.id)


def _transaction_touched(business_id: int, hook: WebhookEvent) -> datetime | None:
    """Whatever happened to it, and in whatever order we hear of it: look at the receipt."""
    with in_business(business_id):
        account = TillAccount.objects.filter(system="poster", name=hook.account).first()
        seen = Receipt.objects.filter(till_account=account, transaction_id=hook.object_id).first()
    if account is None or not account.connected:
        return None  # disconnected meanwhile: there is nobody to ask
    if seen is not None and _looked_at_since(seen, hook):
        return None
    return reconcile_receipt(business_id, account.id, hook.object_id, now=timezone.now()).look_again_at


def _looked_at_since(seen: Receipt, hook: WebhookEvent) -> bool:
    """One look serves all hooks that came before it: a receipt raises several within a second."""
    if seen.looked_at is None or seen.verdict == Receipt.Verdict.WAITING:
        return False
    return seen.looked_at > hook.received_at + CLOCK_TOLERANCE


def _application_removed(business_id: int, hook: WebhookEvent) -> None:
    """Somebody removed our application in Poster: the token is dead."""
    with in_business(business_id):
        installation = Installation.objects.filter(till_account__name=hook.account, revoked_at=None).first()
        connected_since = installation is not None and was_connected_since(hook, installation.installed_at)
    # A late "removed" from before the latest connection must not undo it.
    if installation is None or connected_since or hook.sent_at + CLOCK_TOLERANCE < installation.installed_at:
        return
    disconnect_account(business_id=business_id, account_id=installation.till_account_id, user=None, now=timezone.now())
