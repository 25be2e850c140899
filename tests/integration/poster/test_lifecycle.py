"""An account's life: access that Poster refuses and gives again, the application removed and installed anew."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.integration.poster.cafe_at_poster import CLIENT, CafeAtPoster, open_cafe
from tests.integration.poster.connecting import fresh_grant, make_business
from tests.integration.poster.poster_beside import SECRET, PosterBeside

from incust.businesses.models import AuditEntry, Terminal, TillAccount, User
from incust.businesses.tenancy import in_business
from incust.customers.models import Customer
from incust.messaging.outbox import TryLater, handle
from incust.poster.account_access import keep_until_connected, note_access_refused
from incust.poster.compare_account import accounts_due, compare_account
from incust.poster.connect_account import connect_account, holder_of
from incust.poster.installations import api_of, disconnect_account, refresh_account
from incust.poster.models import Installation, WebhookEvent
from incust.poster.problems import MethodNotAllowed, TokenRefused
from incust.poster.process_webhook import raise_later
from incust.poster.signatures import webhook_signature

pytestmark = pytest.mark.usefixtures("committed_database")
INSTALLED = "/demo-cafe/manage/installed"


@pytest.fixture
def cafe(committed_database: str, poster: PosterBeside) -> CafeAtPoster:
    return open_cafe(poster)


def send(object_name: str, action: str, object_id: int, *, ago_s: int = 0, **changes: Any) -> int:
    event = {
        "account": "demo-cafe", "account_number": "333226", "object": object_name, "object_id": object_id,
        "action": action, "time": str(int(timezone.now().timestamp()) - ago_s), **changes,
    }  # fmt: skip
    body = json.dumps({**event, "verify": webhook_signature(event, SECRET)})
    return Client().post("/poster/webhook", data=body, content_type="application/json").status_code


def work(cafe: CafeAtPoster, topic: str = "poster-webhook") -> int:
    rows = cafe.rows("SELECT id FROM messaging.outbox WHERE topic = %s ORDER BY id", topic)
    for (event_id,) in rows:
        handle(cafe.business.id, event_id)
    return len(rows)


def expire_token(poster: PosterBeside) -> None:
    poster.post_form(f"{INSTALLED}/4242/expire-token", page=INSTALLED)


def account_of(cafe: CafeAtPoster) -> TillAccount:
    with in_business(cafe.business.id):
        return TillAccount.objects.get(id=cafe.account.id)


def connect_again(cafe: CafeAtPoster) -> None:
    connect_account(business_id=cafe.business.id, grant=fresh_grant(cafe.poster), user=None, now=timezone.now())


def audited(cafe: CafeAtPoster, action: str) -> int:
    with in_business(cafe.business.id):
        return AuditEntry.objects.filter(action=action).count()


def refuse(cafe: CafeAtPoster) -> None:
    """Poster refuses the token at a call of ours."""
    expire_token(cafe.poster)
    with pytest.raises(TokenRefused):
        refresh_account(business_id=cafe.business.id, account_id=cafe.account.id, now=timezone.now())


class TestAccessRefused:
    def test_a_refused_token_is_noted_once(self, cafe: CafeAtPoster) -> None:
        refuse(cafe)
        since = account_of(cafe).access_refused_at
        assert since is not None
        for _ in range(3):
            with pytest.raises(TokenRefused):
                refresh_account(business_id=cafe.business.id, account_id=cafe.account.id, now=timezone.now())
        assert account_of(cafe).access_refused_at == since
        assert (account_of(cafe).connected, audited(cafe, "poster.access_refused")) == (True, 1)

    def test_poster_is_not_called_again_for_it(self, cafe: CafeAtPoster, settings: Any) -> None:
        refuse(cafe)
        settings.POSTER_ACCOUNT_URL = "http://127.0.0.1:9/{account}"  # a call would find nobody there
        with pytest.raises(TokenRefused):
            api_of(cafe.business.id, cafe.account.id)
        assert accounts_due(now=timezone.now() + timedelta(days=1)) == []

    def test_other_errors_of_poster_refuse_no_access(self, cafe: CafeAtPoster) -> None:
        with api_of(cafe.business.id, cafe.account.id) as api, pytest.raises(MethodNotAllowed):
            api.get("no.suchMethod")
        assert account_of(cafe).access_refused_at is None

    def test_a_late_answer_to_the_old_token_does_not_spoil_the_new_one(self, cafe: CafeAtPoster) -> None:
        with in_business(cafe.business.id):
            old = bytes(Installation.objects.get().token_encrypted)
        connect_again(cafe)
        assert note_access_refused(cafe.business.id, cafe.account.id, old) is False
        assert account_of(cafe).access_refused_at is None

    def test_the_register_goes_on(self, cafe: CafeAtPoster) -> None:
        refuse(cafe)
        guest = cafe.guest()
        assert cafe.report(cafe.sell(), guest).status == 200
        assert cafe.balance_minor(guest) == 1025

    def test_webhooks_wait_for_the_connection_and_are_worked_off_then(self, cafe: CafeAtPoster) -> None:
        guest = cafe.guest()
        sold = cafe.sell(clientId=CLIENT)
        refuse(cafe)
        assert send("transaction", "closed", int(sold["orderName"]), ago_s=600) == 200
        assert (work(cafe), work(cafe)) == (1, 0)  # no further try is waiting
        with in_business(cafe.business.id):
            hook = WebhookEvent.objects.get(object="transaction")
        assert (hook.processed_at, hook.tries, hook.fault["code"]) == (None, 0, "poster-token-refused")
        assert cafe.balance_minor(guest) == 0
        connect_again(cafe)
        assert account_of(cafe).access_refused_at is None
        assert cafe.rows("SELECT count(*) FROM messaging.outbox WHERE topic = 'poster-webhook'") == [(1,)]

    def test_a_hook_that_is_refused_late_does_not_wait_for_ever(self, cafe: CafeAtPoster) -> None:
        send("transaction", "closed", int(cafe.sell(clientId=CLIENT)["orderName"]), ago_s=600)
        with in_business(cafe.business.id):
            hook = WebhookEvent.objects.get(object="transaction")
        refuse(cafe)
        connect_again(cafe)
        with pytest.raises(TryLater):  # the answer to a call with the old token
            keep_until_connected(cafe.business.id, hook, TokenRefused())
        with in_business(cafe.business.id):
            assert WebhookEvent.objects.get(id=hook.id).failed_at is None

    def test_receipts_of_the_time_without_access_are_found_after_connecting(self, cafe: CafeAtPoster) -> None:
        guest = cafe.guest()
        refuse(cafe)
        sold = cafe.sell(clientId=CLIENT)
        compare_account(cafe.business.id, cafe.account.id, now=timezone.now())
        assert cafe.balance_minor(guest) == 0
        connect_again(cafe)
        assert accounts_due(now=timezone.now()) == [(cafe.business.id, cafe.account.id)]
        later = timezone.now() + timedelta(minutes=5)
        compare_account(cafe.business.id, cafe.account.id, now=later)
        assert (cafe.balance_minor(guest), cafe.receipt(sold).verdict, cafe.books_agree()) == (1025, "accrued", True)


class TestRemovedAndInstalledAgain:
    def token(self, cafe: CafeAtPoster) -> str:
        return fresh_grant(cafe.poster).token

    def remove(self, cafe: CafeAtPoster, *, ago_s: int = 0) -> None:
        cafe.poster.post_form(f"{INSTALLED}/4242/disconnect", page=INSTALLED)
        send("application", "removed", 4242, ago_s=ago_s)
        work(cafe)

    def added(self, cafe: CafeAtPoster, token: str, *, ago_s: int = 0) -> None:
        data = json.dumps({"user_id": 1, "access_token": token})
        assert send("application", "added", 4242, ago_s=ago_s, data=data) == 200
        work(cafe)

    def test_registers_are_told_in_words_and_nothing_is_lost(self, cafe: CafeAtPoster) -> None:
        guest = cafe.guest()
        cafe.report(cafe.sell(), guest)
        self.remove(cafe)
        refused = cafe.till.post("hello", {})
        assert (refused.status, refused.body["code"]) == (403, "account-disconnected")
        assert refused.body["detail"] == (
            "This Poster account is not connected. Connect inCust in Poster's marketplace."
        )
        with in_business(cafe.business.id):
            kept = (Terminal.objects.filter(use_poster=True).count(), Customer.objects.count())
        assert (kept, cafe.balance_minor(guest)) == ((1, 1), 1025)

    def test_the_hook_of_a_new_installation_does_not_give_it_to_its_former_business(self, cafe: CafeAtPoster) -> None:
        buyer, _owner = make_business("Nowa Kawa", email="buyer@nowa.example")
        self.remove(cafe)
        bought = fresh_grant(cafe.poster)
        self.added(cafe, self.token(cafe))
        assert not account_of(cafe).connected
        with in_business(cafe.business.id):
            hooks = WebhookEvent.objects.filter(object="application")
            assert [(one.action, one.data, one.processed_at is not None) for one in hooks.order_by("id")] == [
                ("removed", "", True), ("added", "", True),
            ]  # fmt: skip
            assert Installation.objects.get().token_encrypted is None
        connect_account(business_id=buyer.id, grant=bought, user=None, now=timezone.now())
        holder = holder_of("demo-cafe", "333226")
        assert holder is not None
        assert (holder.business_id, holder.connected, account_of(cafe).connected) == (buyer.id, True, False)

    def test_a_removal_that_is_not_worked_off_yet_counts(self, cafe: CafeAtPoster) -> None:
        cafe.poster.post_form(f"{INSTALLED}/4242/disconnect", page=INSTALLED)
        token = self.token(cafe)
        send("application", "removed", 4242)
        assert send("application", "added", 4242, data=json.dumps({"access_token": token}), ago_s=-1) == 200
        rows = cafe.rows("SELECT id FROM messaging.outbox WHERE topic = 'poster-webhook' ORDER BY id DESC")
        for (event_id,) in rows:  # the later one first
            handle(cafe.business.id, event_id)
        assert (len(rows), account_of(cafe).connected) == (2, False)

    def test_connecting_after_the_new_installation_brings_everything_back(self, cafe: CafeAtPoster) -> None:
        guest = cafe.guest()
        self.remove(cafe)
        connect_again(cafe)
        assert account_of(cafe).connected
        assert cafe.report(cafe.sell(), guest).status == 200
        with in_business(cafe.business.id):
            assert Installation.objects.get().owner_email == "owner@demo-cafe.example"

    def test_a_newer_token_of_a_connected_account_is_taken(self, cafe: CafeAtPoster) -> None:
        refuse(cafe)
        self.added(cafe, self.token(cafe))
        assert account_of(cafe).access_refused_at is None
        with api_of(cafe.business.id, cafe.account.id) as api:
            assert len(api.get("access.getSpots")) == 2

    def test_a_removal_that_comes_late_does_not_undo_the_new_installation(self, cafe: CafeAtPoster) -> None:
        cafe.poster.post_form(f"{INSTALLED}/4242/disconnect", page=INSTALLED)
        self.added(cafe, self.token(cafe))
        send("application", "removed", 4242, ago_s=3)
        work(cafe)
        assert account_of(cafe).connected
        with api_of(cafe.business.id, cafe.account.id) as api:
            assert len(api.get("access.getSpots")) == 2

    def test_a_token_that_opens_nothing_connects_nothing(self, cafe: CafeAtPoster) -> None:
        self.remove(cafe)
        self.added(cafe, "333226:" + "0" * 32)
        assert not account_of(cafe).connected

    def test_the_token_of_a_hook_that_failed_for_good_is_forgotten(self, cafe: CafeAtPoster) -> None:
        send("application", "added", 4242, data=json.dumps({"access_token": self.token(cafe)}))
        with in_business(cafe.business.id):
            WebhookEvent.objects.update(tries=5)
            hook = WebhookEvent.objects.get()
            assert hook.data != ""
        raise_later(cafe.business.id, hook, {"code": "poster-unavailable", "members": {}})
        with in_business(cafe.business.id):
            failed = WebhookEvent.objects.get()
        assert (failed.data, failed.failed_at is not None) == ("", True)

    def test_an_account_that_the_owner_gave_up_here_stays_his_to_give(self, cafe: CafeAtPoster) -> None:
        owner = User.objects.get(email="owner@kava.example")
        disconnect_account(business_id=cafe.business.id, account_id=cafe.account.id, user=owner, now=timezone.now())
        self.added(cafe, self.token(cafe))
        assert not account_of(cafe).connected

    def test_a_hook_from_before_the_removal_brings_nothing(self, cafe: CafeAtPoster) -> None:
        token = self.token(cafe)
        self.remove(cafe)
        self.added(cafe, token, ago_s=60)
        assert not account_of(cafe).connected
