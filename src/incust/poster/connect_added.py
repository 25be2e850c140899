"""The application was installed anew in an account: the webhook brings the token, so nobody has to connect again."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

from django.utils import timezone

from incust.businesses.encryption import decrypt
from incust.businesses.models import AuditEntry, TillAccount
from incust.businesses.tenancy import in_business

from .connect_account import connect_account
from .grant import Grant
from .installations import DISCONNECTED
from .models import Installation, WebhookEvent
from .problems import TokenRefused

CLOCK_TOLERANCE = timedelta(seconds=5)
"""Poster's clock was seen a second or two ahead of ours."""

log = logging.getLogger(__name__)


def connect_added(business_id: int, hook: WebhookEvent) -> bool:
    """Connect the account to the business that has it; says whether that was done.

    Only where access ended in Poster or the token is a newer one: an account that works needs nothing, and one that a
    person disconnected here is his to give to a business. Raises what the API client raises, but for a dead token.
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
    if not token.startswith(f"{account.number}:") or is_followed_by(hook, "removed"):
        return False
    if installation.token_encrypted is not None and account.connected:
        newer = hook.sent_at + CLOCK_TOLERANCE >= installation.installed_at
        return newer and decrypt(installation.token_encrypted) != token
    disconnected = AuditEntry.objects.filter(action=DISCONNECTED, subject=account.name).order_by("-id").first()
    return disconnected is not None and disconnected.user_id is None


def is_followed_by(hook: WebhookEvent, action: str) -> bool:
    """Whether a later hook of the account's application says otherwise: hooks overtake one another. Inside
    ``in_business``."""
    later = WebhookEvent.objects.filter(object="application", action=action, account=hook.account)
    return later.filter(sent_at__gt=hook.sent_at).exists()


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
