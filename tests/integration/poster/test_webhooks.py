"""Webhooks: only genuine ones count, each counts once, and a late one undoes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.integration.poster.connecting import connect, fresh_grant, make_business
from tests.integration.poster.poster_beside import SECRET, PosterBeside

from incust.businesses.encryption import decrypt
from incust.businesses.models import AuditEntry, Business, TillAccount
from incust.businesses.tenancy import in_business
from incust.messaging.outbox import handle
from incust.poster.applications import known_applications, register_application
from incust.poster.connect_account import connect_account
from incust.poster.models import Installation, WebhookEvent
from incust.poster.signatures import webhook_signature
from incust.poster.webhooks import prune_webhooks

pytestmark = pytest.mark.django_db


@pytest.fixture
def business(poster: PosterBeside) -> Business:
    made, _owner = make_business()
    connect(poster, made)
    return made


def hook(object_name: str = "application", action: str = "removed", **changes: Any) -> dict[str, Any]:
    event = {
        "account": "demo-cafe", "account_number": "333226", "object": object_name, "object_id": 4242, "action": action,
        "time": str(int(timezone.now().timestamp())), **changes,
    }  # fmt: skip
    return {**event, "verify": webhook_signature(event, SECRET), **{k: v for k, v in changes.items() if k == "verify"}}


def send(event: dict[str, Any] | str) -> int:
    body = event if isinstance(event, str) else json.dumps(event)
    return Client().post("/poster/webhook", data=body, content_type="application/json").status_code


def work(business: Business) -> int:
    """Handle what lies in the outbox for this topic; gives how many events there were."""
    with in_business(business.id), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM messaging.outbox WHERE topic = 'poster-webhook' ORDER BY id")
        waiting = [row[0] for row in cursor.fetchall()]
    for event_id in waiting:
        handle(business.id, event_id)
    return len(waiting)


def stored(business: Business) -> list[tuple[str, str, bool]]:
    with in_business(business.id):
        rows = WebhookEvent.objects.order_by("id")
        return [(row.object, row.action, row.processed_at is not None) for row in rows]


class TestReceiving:
    def test_a_genuine_hook_is_stored_and_answered(self, business: Business) -> None:
        assert send(hook("supply", "changed", data='{"value": 1}')) == 200
        assert stored(business) == [("supply", "changed", True)]
        assert work(business) == 0  # it has no effect, so there is nothing to work off

    def test_a_receipt_that_closes_is_looked_at(self, business: Business) -> None:
        assert send(hook("transaction", "closed")) == 200
        assert stored(business) == [("transaction", "closed", False)]

    def test_steps_of_an_order_that_nobody_knows_are_no_work(self, business: Business) -> None:
        assert [send(hook("transaction", action)) for action in ("added", "changed")] == [200, 200]
        assert stored(business) == [("transaction", "added", True), ("transaction", "changed", True)]
        assert work(business) == 0

    def test_two_statements_answer_a_hook(
        self, business: Business, django_assert_num_queries: Callable[[int], AbstractContextManager[None]]
    ) -> None:
        known_applications()
        event = hook("transaction", "closed")
        with django_assert_num_queries(2):
            assert send(event) == 200

    def test_the_business_does_not_stay_bound(self, business: Business) -> None:
        send(hook("transaction", "closed"))
        with connection.cursor() as cursor:
            cursor.execute("SELECT nullif(current_setting('incust.business_id', true), '')")
            assert cursor.fetchone() == (None,)

    def test_hooks_of_last_month_are_forgotten(self, business: Business) -> None:
        send(hook("supply", "added"))
        send(hook("supply", "changed"))
        with in_business(business.id):
            WebhookEvent.objects.filter(action="added").update(received_at=timezone.now() - timedelta(days=31))
        assert prune_webhooks(now=timezone.now()) == 1
        assert stored(business) == [("supply", "changed", True)]

    def test_repeats_are_one_event(self, business: Business) -> None:
        event = hook()
        assert [send(event), send(event), send(event)] == [200, 200, 200]
        assert len(stored(business)) == 1
        assert work(business) == 1

    def test_a_wrong_signature_is_refused_and_stores_nothing(self, business: Business) -> None:
        assert send(hook(verify="0" * 32)) == 401
        assert stored(business) == []

    def test_another_applications_secret_is_not_the_accounts(self, business: Business) -> None:
        register_application(application_id="999", name="Partner", secret="the-partner-knows-it")
        event = hook()
        assert send({**event, "verify": webhook_signature(event, "the-partner-knows-it")}) == 401
        assert stored(business) == []
        assert work(business) == 0

    def test_the_test_button_gets_its_answer_without_a_real_signature(self, business: Business) -> None:
        assert send(hook("test", "test", verify="nothing")) == 200
        assert stored(business) == []

    @pytest.mark.parametrize("account", ["\ud800", "demo\0cafe"])
    def test_letters_that_cannot_be_kept_are_malformed(self, business: Business, account: str) -> None:
        event = {"account": account, "object": "x", "object_id": 1, "action": "a", "time": "1", "verify": "0"}
        assert send(json.dumps(event)) == 400
        assert stored(business) == []

    @pytest.mark.parametrize("body", ["", "[]", "{", '{"account": "demo-cafe"}', "[" * 100_000])
    def test_what_is_no_hook_is_malformed(self, business: Business, body: str) -> None:
        assert send(body) == 400

    def test_a_hook_of_an_unknown_account_is_answered_so_that_poster_stops_repeating(self, business: Business) -> None:
        assert send(hook("transaction", "added", account="nobody-here", account_number="999")) == 200
        assert stored(business) == []

    def test_the_token_in_an_installation_hook_is_not_stored_in_the_clear(self, business: Business) -> None:
        data = json.dumps({"user_id": 1, "access_token": "333226:abcdef"})
        assert send(hook("application", "added", data=data)) == 200
        with in_business(business.id):
            kept = WebhookEvent.objects.get().data
        assert (decrypt(kept.encode()), "abcdef" in kept) == (data, False)


class TestApplicationRemoved:
    def test_the_account_is_disconnected(self, business: Business) -> None:
        send(hook())
        work(business)
        with in_business(business.id):
            assert not TillAccount.objects.get().connected
            assert Installation.objects.get().token_encrypted is None
            assert AuditEntry.objects.filter(action="poster.disconnected").count() == 1

    def test_a_removal_older_than_the_connection_undoes_nothing(self, business: Business, poster: PosterBeside) -> None:
        an_hour_ago = timezone.now() - timedelta(hours=1)
        connect_account(business_id=business.id, grant=fresh_grant(poster), user=None, now=timezone.now())
        send(hook(time=str(int(an_hour_ago.timestamp()))))
        work(business)
        with in_business(business.id):
            assert TillAccount.objects.get().connected

    def test_the_sandbox_signs_as_we_read(self, business: Business, poster: PosterBeside) -> None:
        poster.receiver.clear()
        poster.post_form("/demo-cafe/manage/installed/4242/disconnect", page="/demo-cafe/manage/installed")
        poster.let_hooks_arrive()
        removed = [one for one in poster.receiver.hooks if (one["object"], one["action"]) == ("application", "removed")]
        assert send(removed[0]) == 200
        assert stored(business) == [("application", "removed", False)]
