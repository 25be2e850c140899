"""What a stored webhook changes. Hooks repeat and overtake one another, so each looks at the state it finds."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from incust.businesses.tenancy import in_business
from incust.messaging.outbox import Event, handles

from .installations import disconnect_account
from .models import Installation, WebhookEvent
from .webhooks import TOPIC

CLOCK_TOLERANCE = timedelta(seconds=5)
"""Poster's clock was seen a second or two ahead of ours."""


@handles(TOPIC)
def process_webhook(event: Event) -> None:
    """Do what the hook asks for, and note that it was done. May be called twice for one hook."""
    with in_business(event.business_id):
        hook = WebhookEvent.objects.filter(id=event.payload["event_id"]).first()
    if hook is None or hook.processed_at is not None:
        return
    if hook.object == "application" and hook.action == "removed":
        _application_removed(event.business_id, hook)
    with in_business(event.business_id):
        WebhookEvent.objects.filter(id=hook.id).update(processed_at=timezone.now())


def _application_removed(business_id: int, hook: WebhookEvent) -> None:
    """Somebody removed our application in Poster: the token is dead."""
    with in_business(business_id):
        installation = Installation.objects.filter(till_account__name=hook.account, revoked_at=None).first()
    # A late "removed" from before the latest connection must not undo it. ``added`` needs nothing done: the connection
    # by OAuth, which always accompanies it, has brought the token already.
    if installation is None or hook.sent_at + CLOCK_TOLERANCE < installation.installed_at:
        return
    disconnect_account(business_id=business_id, account_id=installation.till_account_id, user=None, now=timezone.now())
