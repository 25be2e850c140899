"""Accounts that are renamed in Poster, names that pass to other accounts, and applications of several owners."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.integration.poster.cafe_at_poster import CafeAtPoster, link, open_cafe
from tests.integration.poster.connecting import connect, fresh_grant, make_business
from tests.integration.poster.poster_beside import SECRET, PosterBeside

from incust.businesses.models import AuditEntry, Business, TillAccount
from incust.businesses.tenancy import in_business
from incust.messaging.outbox import handle
from incust.poster.applications import forget_known, register_application
from incust.poster.connect_account import connect_account, holder_of
from incust.poster.installations import api_of, refresh_account
from incust.poster.models import Installation, WebhookEvent
from incust.poster.problems import AccountOfAnother, TokenRefused
from incust.poster.signatures import webhook_signature

pytestmark = pytest.mark.usefixtures("committed_database")
PARTNER, PARTNERS_SECRET = "999", "the-partner-knows-it"


@pytest.fixture
def cafe(committed_database: str, poster: PosterBeside) -> CafeAtPoster:
    return open_cafe(poster)


def rename(poster: PosterBeside, **names: str) -> None:
    """Accounts get other names in Poster, ``old="new"`` with ``_`` for ``-``; the sandbox is stopped meanwhile."""
    poster.let_hooks_arrive()
    poster.stop()
    state = json.loads(poster.state_path.read_text())
    renamed = {old.replace("_", "-"): new.replace("_", "-") for old, new in names.items()}
    accounts = {renamed.get(name, name): account for name, account in state["accounts"].items()}
    for name, account in accounts.items():
        account["account"] = name
    poster.state_path.write_text(json.dumps({**state, "accounts": accounts, "sessions": {}}))
    poster.start()


def send(account: str, number: str, *, secret: str = SECRET, object_name: str = "transaction", **changes: Any) -> int:
    event = {
        "account": account, "account_number": number, "object": object_name, "object_id": 7, "action": "closed",
        "time": str(int(timezone.now().timestamp())), **changes,
    }  # fmt: skip
    body = json.dumps({**event, "verify": webhook_signature(event, secret)})
    return Client().post("/poster/webhook", data=body, content_type="application/json").status_code


def work(cafe: CafeAtPoster, topic: str) -> int:
    rows = cafe.rows("SELECT id FROM messaging.outbox WHERE topic = %s ORDER BY id", topic)
    for (event_id,) in rows:
        handle(cafe.business.id, event_id)
    return len(rows)


def names_of(business: Business) -> list[tuple[str, str, bool]]:
    with in_business(business.id):
        return list(TillAccount.objects.order_by("id").values_list("name", "number", "connected"))


def hooks_of(business: Business) -> list[str]:
    with in_business(business.id):
        return list(WebhookEvent.objects.order_by("id").values_list("account", flat=True))


class TestRenamed:
    def test_a_webhook_tells_of_it_and_the_token_proves_it(self, cafe: CafeAtPoster) -> None:
        send("demo-cafe", "333226")
        rename(cafe.poster, demo_cafe="kava-lviv")
        assert [send("kava-lviv", "333226"), send("kava-lviv", "333226", object_id=8)] == [200, 200]
        assert names_of(cafe.business) == [("demo-cafe", "333226", True)]  # not before it is proven
        assert work(cafe, "poster-renamed") == 1
        assert names_of(cafe.business) == [("kava-lviv", "333226", True)]
        assert hooks_of(cafe.business) == ["kava-lviv"] * 3
        with in_business(cafe.business.id):
            assert list(AuditEntry.objects.filter(action="poster.renamed").values_list("subject", "changes")) == [
                ("kava-lviv", {"name": ["demo-cafe", "kava-lviv"]})
            ]
        with api_of(cafe.business.id, cafe.account.id) as api:
            assert len(api.get("access.getSpots")) == 2

    def test_a_name_that_our_token_does_not_open_is_not_taken(self, cafe: CafeAtPoster) -> None:
        assert send("second-cafe", "333226") == 200
        assert work(cafe, "poster-renamed") == 1
        assert names_of(cafe.business) == [("demo-cafe", "333226", True)]
        with in_business(cafe.business.id):
            assert TillAccount.objects.get().access_refused_at is None

    def test_a_token_refused_under_the_old_name_is_good_again_under_the_new_one(self, cafe: CafeAtPoster) -> None:
        rename(cafe.poster, demo_cafe="kava-lviv", second_cafe="demo-cafe")
        with pytest.raises(TokenRefused):
            refresh_account(business_id=cafe.business.id, account_id=cafe.account.id, now=timezone.now())
        send("kava-lviv", "333226", object_id=9)
        with in_business(cafe.business.id):
            WebhookEvent.objects.update(failed_at=timezone.now(), fault={"code": "poster-token-refused"})
        waiting = "SELECT count(*) FROM messaging.outbox WHERE topic = 'poster-webhook'"
        ((before,),) = cafe.rows(waiting)
        work(cafe, "poster-renamed")
        with in_business(cafe.business.id):
            assert TillAccount.objects.get().access_refused_at is None
        assert cafe.rows(waiting) == [(before + 1,)]
        with api_of(cafe.business.id, cafe.account.id) as api:
            assert len(api.get("access.getSpots")) == 2

    def test_a_refused_token_is_tried_once_under_a_new_name(self, cafe: CafeAtPoster) -> None:
        with in_business(cafe.business.id):
            TillAccount.objects.update(access_refused_at=timezone.now())
        cafe.till.account, cafe.till.account_number = "second-cafe", "333226"
        tried = 0
        for number in range(3):
            send("second-cafe", "333226", object_id=number)
            cafe.till.post("hello", {})
            tried += work(cafe, "poster-renamed")
        assert tried == 1

    def test_an_accepted_token_is_tried_hourly(self, cafe: CafeAtPoster) -> None:
        send("second-cafe", "333226")
        assert work(cafe, "poster-renamed") == 1
        send("second-cafe", "333226", object_id=8)
        assert work(cafe, "poster-renamed") == 0
        with in_business(cafe.business.id):
            Installation.objects.update(names_tried=[["second-cafe", timezone.now().timestamp() - 3601]])
        send("second-cafe", "333226", object_id=9)
        assert work(cafe, "poster-renamed") == 1

    def test_under_an_unproven_name_nobody_disconnects_the_account(self, cafe: CafeAtPoster) -> None:
        assert send("kava-lviv", "333226", object_name="application", action="removed") == 200
        assert (hooks_of(cafe.business), work(cafe, "poster-webhook")) == ([], 0)

    def test_connecting_again_renames_and_makes_no_second_account(self, cafe: CafeAtPoster) -> None:
        rename(cafe.poster, demo_cafe="kava-lviv")
        connect(cafe.poster, cafe.business, "kava-lviv")
        assert names_of(cafe.business) == [("kava-lviv", "333226", True)]
        assert holder_of("demo-cafe") is None

    def test_the_register_is_let_in_a_moment_after_its_first_call(self, cafe: CafeAtPoster) -> None:
        rename(cafe.poster, demo_cafe="kava-lviv")
        cafe.till.account, cafe.till.account_number = "kava-lviv", "333226"
        refused = cafe.till.post("hello", {})
        assert (refused.status, refused.body["code"]) == (403, "account-disconnected")
        assert cafe.till.post("hello", {}).status == 403
        assert work(cafe, "poster-renamed") == 1
        assert cafe.till.post("hello", {}).status == 200

    def test_a_number_alone_lets_no_register_in(self, cafe: CafeAtPoster) -> None:
        cafe.till.account, cafe.till.account_number = "second-cafe", "333226"
        assert cafe.till.post("hello", {}).status == 403
        work(cafe, "poster-renamed")
        assert cafe.till.post("hello", {}).status == 403


class TestNamesThatPassOn:
    def test_the_register_of_the_names_new_owner_does_not_reach_the_former_ones_terminal(
        self, cafe: CafeAtPoster
    ) -> None:
        cafe.till.account_number = "333226"
        assert cafe.till.post("hello", {}).status == 200
        cafe.till.account_number = "510044"
        refused = cafe.till.post("hello", {})
        assert (refused.status, refused.body["code"]) == (403, "account-disconnected")

    def test_a_webhook_of_the_new_owner_is_not_the_former_ones(self, cafe: CafeAtPoster) -> None:
        assert send("demo-cafe", "510044") == 200
        assert hooks_of(cafe.business) == []

    def test_two_businesses_swap_their_names(self, cafe: CafeAtPoster) -> None:
        other, _owner = make_business("Piekarnia", email="owner@piekarnia.example")
        second = connect(cafe.poster, other, "second-cafe")
        rename(cafe.poster, demo_cafe="second-cafe", second_cafe="demo-cafe")
        connect_account(
            business_id=other.id, grant=fresh_grant(cafe.poster, "demo-cafe"), user=None, now=timezone.now()
        )
        assert names_of(other) == [("demo-cafe", second.number, True)]
        assert names_of(cafe.business) == [("#333226", "333226", True)]  # its new name is not known yet
        send("second-cafe", "333226")
        work(cafe, "poster-renamed")
        assert names_of(cafe.business) == [("second-cafe", "333226", True)]
        holders = [holder_of(name) for name in ("demo-cafe", "second-cafe")]
        assert [one.business_id for one in holders if one] == [other.id, cafe.business.id]

    def test_the_account_stays_with_its_business_under_any_name(self, cafe: CafeAtPoster) -> None:
        other, _owner = make_business("Piekarnia", email="owner@piekarnia.example")
        rename(cafe.poster, demo_cafe="kava-lviv")
        with pytest.raises(AccountOfAnother):
            connect(cafe.poster, other, "kava-lviv")
        assert (names_of(other), names_of(cafe.business)) == ([], [("demo-cafe", "333226", True)])


class TestSeveralAccountsOfOneBusiness:
    def test_each_has_its_token_its_registers_and_its_fate(self, cafe: CafeAtPoster) -> None:
        second = connect(cafe.poster, cafe.business, "second-cafe")
        with in_business(cafe.business.id):
            link(cafe.business, second, "Second", "1", "1")
            TillAccount.objects.filter(id=second.id).update(access_refused_at=timezone.now())
        with api_of(cafe.business.id, cafe.account.id) as api:
            assert api.get("settings.getAllSettings")["company_name"] == "Demo Cafe"
        ours = cafe.till.post("hello", {}).body["terminal"]["name"]
        cafe.till.account = "second-cafe"
        assert (ours, cafe.till.post("hello", {}).body["terminal"]["name"]) == ("Bar", "Second")


class TestSeveralApplications:
    @pytest.fixture
    def partner(self, cafe: CafeAtPoster) -> None:
        register_application(application_id=PARTNER, name="Partner", secret=PARTNERS_SECRET)
        forget_known()

    def test_a_register_signed_by_another_application_is_refused(self, cafe: CafeAtPoster, partner: None) -> None:
        cafe.till.application, cafe.till.secret = PARTNER, PARTNERS_SECRET
        refused = cafe.till.post("hello", {})
        assert (refused.status, refused.body["code"]) == (403, "account-disconnected")
        cafe.till.application = cafe.poster.app["application_id"]
        assert cafe.till.post("hello", {}).body["code"] == "signature-wrong"

    def test_its_secret_renames_nothing_of_ours(self, cafe: CafeAtPoster, partner: None) -> None:
        cafe.till.application, cafe.till.secret = PARTNER, PARTNERS_SECRET
        cafe.till.account, cafe.till.account_number = "kava-lviv", "333226"
        assert cafe.till.post("hello", {}).status == 403
        assert send("kava-lviv", "333226", secret=PARTNERS_SECRET) == 401
        assert (work(cafe, "poster-renamed"), hooks_of(cafe.business)) == (0, [])

    def test_an_account_of_the_partner_is_opened_by_his_secret_alone(self, cafe: CafeAtPoster, partner: None) -> None:
        with in_business(cafe.business.id):
            TillAccount.objects.update(application_id=PARTNER)
        assert cafe.till.post("hello", {}).status == 403
        assert [send("demo-cafe", "333226"), send("demo-cafe", "333226", secret=PARTNERS_SECRET)] == [401, 200]
        cafe.till.application, cafe.till.secret = PARTNER, PARTNERS_SECRET
        assert cafe.till.post("hello", {}).status == 200
