"""The application was allowed anew in an account that is connected: the webhook brings the newer token.

An account that is not connected any more may have been sold since, with its name and its number. The webhook does not
say to whom: whoever returns from Poster's consent page connects it, and says which business it is for.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta

from django.utils import timezone

from incust.businesses.encryption import decrypt
from incust.businesses.models import TillAccount
from incust.businesses.tenancy import in_business

from .connect_account import connect_account
from .grant import Grant
from .models import Installation, WebhookEvent
from .problems import TokenRefused

CLOCK_TOLERANCE = timedelta(seconds=5)
"""Poster's clock was seen a second or two ahead of ours."""

log = logging.getLogger(__name__)


def connect_added(business_id: int, hook: WebhookEvent) -> bool:
    """Renew the token of an account that is connected; says whether that was done. Any other token is forgotten.

    Raises what the API client raises, but for a dead token.
    """
    token = _token_of(hook)
    with in_business(business_id):
        account = TillAccount.objects.filter(system="poster", name=hook.account).first()
        installation = Installation.objects.filter(till_account=account).first()
        if account is None or installation is None or not _brings_access(account, installation, hook, token):
            return False
    try:
        connect_account(
            business_id=business_id, grant=_grant(account, installation, token), user=None, now=timezone.now()
        )
    except TokenRefused:
        log.info("the token of an installation hook is no longer good")
        return False
    return True


def _brings_access(account: TillAccount, installation: Installation, hook: WebhookEvent, token: str) -> bool:
    if not account.connected or installation.token_encrypted is None or not token.startswith(f"{account.number}:"):
        return False
    connected_before = installation.installed_at - CLOCK_TOLERANCE
    if hook.sent_at < connected_before or _removed_since(connected_before, hook.account):
        return False
    return decrypt(installation.token_encrypted) != token


def _removed_since(since: datetime, account: str) -> bool:
    """Whether the application was removed after the connection, even if that is not worked off yet."""
    removals = WebhookEvent.objects.filter(object="application", action="removed", account=account)
    return removals.filter(sent_at__gte=since).exists()


def was_connected_since(hook: WebhookEvent, connected_at: datetime) -> bool:
    """Whether the account was connected once more after the hook, by a later installation that we had heard of by then:
    hooks overtake one another. Inside ``in_business``."""
    later = WebhookEvent.objects.filter(object="application", action="added", account=hook.account)
    return later.filter(sent_at__gt=hook.sent_at, received_at__lte=connected_at).exists()


def _token_of(hook: WebhookEvent) -> str:
    try:
        data = json.loads(decrypt(hook.data.encode())) if hook.data else {}
    except ValueError:
        return ""
    return str(data.get("access_token") or "") if isinstance(data, dict) else ""


def _grant(account: TillAccount, installation: Installation, token: str) -> Grant:
    return Grant(
        application_id=account.application_id, account=account.name, account_number=account.number, token=token,
        owner_name=installation.owner_name, owner_email=installation.owner_email,
        owner_phone=installation.owner_phone, company_name=installation.company_name,
    )  # fmt: skip
