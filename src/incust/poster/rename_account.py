"""An account was renamed in Poster. Its number stays; its old name is kept nowhere, for Poster may give it away."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from incust.businesses.audit import record_change
from incust.businesses.encryption import decrypt
from incust.businesses.models import TillAccount
from incust.businesses.tenancy import in_business
from incust.businesses.terminal_access import Caller
from incust.messaging.outbox import Event, enqueue, handles

from .account_access import go_on_after_connection
from .account_address import account_name_of
from .api_client import PosterApi
from .models import Installation, WebhookEvent
from .problems import PosterRefused

TOPIC = "poster-renamed"
RENAMED = "poster.renamed"
"""In the log of changes."""
TRIED_AGAIN_AFTER = timedelta(hours=1)
NAMES_KEPT = 5
log = logging.getLogger(__name__)


def ask_about_name(business_id: int, account_id: int, name: str) -> bool:
    """Somebody calls the account by a name that we do not know. Whether it is true is asked once, by a job."""
    if account_name_of(name) != name:
        return False
    now = timezone.now()
    with in_business(business_id):
        # Plain first: the till's error path locks nothing for a name that was asked about already.
        known = Installation.objects.select_related("till_account").filter(till_account_id=account_id)
        if not any(_worth_a_try(one, name, now) for one in known):
            return False
        mine = known.select_for_update(skip_locked=True, of=("self",)).first()
        if mine is None or not _worth_a_try(mine, name, now):
            return False
        mine.names_tried = [[name, now.timestamp()], *(one for one in mine.names_tried if one[0] != name)][:NAMES_KEPT]
        mine.save(update_fields=["names_tried"])
        enqueue(business_id, TOPIC, {"account_id": account_id, "name": name})
        return True


def _worth_a_try(installation: Installation, name: str, now: datetime) -> bool:
    """Each name at most hourly; once a token is refused, each new name once, and no further ones than are kept."""
    if installation.token_encrypted is None:
        return False
    tried = {one[0]: float(one[1]) for one in installation.names_tried}
    if installation.till_account.access_refused_at is not None:
        return name not in tried and len(tried) < NAMES_KEPT
    recent = [at for at in tried.values() if at > now.timestamp() - TRIED_AGAIN_AFTER.total_seconds()]
    return len(recent) < NAMES_KEPT and tried.get(name, 0.0) <= now.timestamp() - TRIED_AGAIN_AFTER.total_seconds()


def ask_about_caller(caller: Caller) -> bool:
    """A register called us by a name that opens nothing. Where Poster tells a number that we know, the account may have
    been renamed; the register gets its answer a moment later. Call outside of ``in_business``."""
    if caller.door != "poster" or not caller.account_number:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT business_id, till_account_id FROM businesses.till_account_of('poster', %s, %s)"
            " WHERE connected AND application_id = %s AND name <> %s",
            [caller.account, caller.account_number, caller.application, caller.account],
        )
        row = cursor.fetchone()
    return row is not None and ask_about_name(row[0], row[1], caller.account)


@handles(TOPIC)
def rename_account(event: Event) -> None:
    """Take the name over if our token opens the account of that name: a token belongs to one account, and the number
    that Poster sends with hooks and requests is not signed. Raises `PosterUnavailable`, and is tried again then."""
    account_id, name = int(event.payload["account_id"]), str(event.payload["name"])
    with in_business(event.business_id):
        installation = Installation.objects.select_related("till_account").filter(till_account_id=account_id).first()
    if installation is None or installation.token_encrypted is None or installation.till_account.name == name:
        return
    try:
        with PosterApi(name, decrypt(installation.token_encrypted)) as api:
            api.get("settings.getAllSettings")
    except PosterRefused as problem:
        log.warning("account %s is not called by the name that was told: %s", account_id, problem.code)
        return
    release_name(name, installation.till_account.number)
    with in_business(event.business_id):
        account = TillAccount.objects.select_for_update().get(id=account_id)
        follow_name(account, name)
        refused = account.access_refused_at is not None
        account.name, account.access_refused_at = name, None
        account.save(update_fields=["name", "access_refused_at"])
        if refused:  # the token was refused under the old name, and has just opened the new one
            go_on_after_connection(event.business_id, account_id, now=timezone.now())


def follow_name(account: TillAccount, name: str) -> None:
    """What is stored under the account's old name gets the new one; the account itself is the caller's to save."""
    if account.name == name:
        return
    WebhookEvent.objects.filter(account=account.name).update(account=name)
    record_change(
        business_id=account.business_id, user=None, action=RENAMED, subject=name,
        changes={"name": [account.name, name]},
    )  # fmt: skip


def release_name(name: str, number: str) -> None:
    """Poster has just shown that the name belongs to the account of this number: whoever else we know by it is known by
    his own number from now on, until Poster tells his new name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT business_id, till_account_id FROM businesses.till_accounts_named('poster', %s)", [name])
        holders = cursor.fetchall()
    for business_id, account_id in holders:
        with in_business(business_id):
            other = TillAccount.objects.select_for_update().filter(id=account_id, name=name).first()
            if other is not None and number and other.number not in ("", number):
                without_name = f"#{other.number}"  # no account can be called so; a bare number is a legal name
                follow_name(other, without_name)
                other.name = without_name
                # Until Poster tells his new name there is nobody to call.
                other.access_refused_at = other.access_refused_at or timezone.now()
                other.save(update_fields=["name", "access_refused_at"])
