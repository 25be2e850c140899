"""Connecting an account of the (sandbox) Poster: what is stored, how, and for whom."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.integration.poster.connecting import NOW, connect, fresh_grant, make_business
from tests.integration.poster.poster_beside import PosterBeside

from incust.businesses.encryption import decrypt
from incust.businesses.models import AuditEntry, PointOfSale, Salesperson, Terminal, TillAccount
from incust.businesses.tenancy import in_business
from incust.poster.connect_account import connect_account
from incust.poster.installations import api_of, disconnect_account, refresh_account
from incust.poster.models import Installation, Location, Register
from incust.poster.oauth import receive_grant
from incust.poster.problems import AccountOfAnother, AccountUnknown, CodeRefused, PosterUnavailable, TokenRefused

pytestmark = pytest.mark.django_db


class TestGrant:
    def test_the_code_becomes_a_token_and_what_poster_tells_of_the_owner(self, poster: PosterBeside) -> None:
        grant = fresh_grant(poster)
        assert grant.account == "demo-cafe"
        assert grant.account_number == "333226"
        assert grant.token.startswith("333226:")
        assert (grant.owner_email, grant.company_name, grant.country) == ("owner@demo-cafe.example", "Demo Cafe", "UA")

    def test_a_used_code_is_refused(self, poster: PosterBeside) -> None:
        returned = poster.allow()
        receive_grant(**returned)
        with pytest.raises(CodeRefused):
            receive_grant(**returned)

    @pytest.mark.parametrize("account", ["", "demo-cafe.evil.example", "demo-cafe/../second", "127.0.0.1:1/x?"])
    def test_an_account_that_is_no_bare_name_is_never_called(self, poster: PosterBeside, account: str) -> None:
        code = poster.allow()["code"]
        with pytest.raises(CodeRefused):
            receive_grant(account=account, code=code)

    def test_poster_out_of_reach_says_so(self, poster: PosterBeside, settings: Any) -> None:
        returned = poster.allow()
        settings.POSTER_ACCOUNT_URL = "http://127.0.0.1:9/{account}"
        with pytest.raises(PosterUnavailable):
            receive_grant(**returned)

    def test_the_token_does_not_show_when_a_grant_is_printed(self, poster: PosterBeside) -> None:
        grant = fresh_grant(poster)
        assert grant.token not in repr(grant)
        assert grant.token not in grant.sealed()


class TestConnection:
    def test_lists_are_filled_and_points_of_sale_and_terminals_appear(self, poster: PosterBeside) -> None:
        business, _owner = make_business()
        account = connect(poster, business)
        with in_business(business.id):
            assert (account.number, account.connected) == ("333226", True)
            assert [(row.external_id, row.name) for row in Location.objects.order_by("external_id")] == [
                ("1", "Center"),
                ("2", "Station"),
            ]
            assert sorted((row.external_id, row.name, row.location_external_id) for row in Register.objects.all()) == [
                ("1", "Bar", "1"),
                ("2", "Hall", "1"),
                ("3", "Station till", "2"),
            ]
            assert sorted(place.name for place in PointOfSale.objects.all()) == ["Center", "Station"]
            assert sorted((one.name, one.point_of_sale.name, one.use_poster) for one in Terminal.objects.all()) == [
                ("Bar", "Center", False),
                ("Hall", "Center", False),
                ("Station till", "Station", False),
            ]
            assert sorted(person.name for person in Salesperson.objects.all()) == [
                "Barista", "Manager", "Owner", "Waiter",
            ]  # fmt: skip
            assert [(entry.action, entry.subject) for entry in AuditEntry.objects.all()] == [
                ("poster.connected", "demo-cafe")
            ]

    def test_the_token_lies_encrypted_in_the_table(self, poster: PosterBeside) -> None:
        business, _owner = make_business()
        grant = fresh_grant(poster)
        connect_account(business_id=business.id, grant=grant, user=None, now=NOW)
        with in_business(business.id):
            stored = bytes(Installation.objects.get().token_encrypted)
        assert grant.token.encode() not in stored
        assert grant.token.split(":")[1].encode() not in stored
        assert decrypt(stored) == grant.token

    def test_our_own_client_group_without_discount_is_made_once(self, poster: PosterBeside) -> None:
        business, _owner = make_business()
        account = connect(poster, business)
        connect(poster, business)
        with in_business(business.id):
            group_id = Installation.objects.get().client_group_id
        with api_of(business.id, account.id) as api:
            ours = [row for row in api.get("clients.getGroups") if row["client_groups_name"] == "inCust"]
        assert [(row["client_groups_id"], float(row["client_groups_discount"])) for row in ours] == [(group_id, 0.0)]

    def test_connecting_again_renews_the_token_and_doubles_nothing(self, poster: PosterBeside) -> None:
        business, _owner = make_business()
        connect(poster, business)
        second = fresh_grant(poster)
        connect_account(business_id=business.id, grant=second, user=None, now=NOW)
        with in_business(business.id):
            assert decrypt(Installation.objects.get().token_encrypted) == second.token
            assert (PointOfSale.objects.count(), Terminal.objects.count(), Register.objects.count()) == (2, 3, 3)

    def test_an_account_belongs_to_one_business(self, poster: PosterBeside) -> None:
        ours, _owner = make_business()
        other, _other_owner = make_business("Piekarnia", email="owner@piekarnia.example")
        connect(poster, ours)
        with pytest.raises(AccountOfAnother) as caught:
            connect(poster, other)
        assert "“demo-cafe” is connected to another business" in caught.value.detail
        with in_business(other.id):
            assert TillAccount.objects.count() == 0

    def test_poster_failing_half_way_leaves_nothing_behind(self, poster: PosterBeside) -> None:
        business, _owner = make_business()
        grant = fresh_grant(poster)
        poster.weather(web_api="down")
        with pytest.raises(PosterUnavailable):
            connect_account(business_id=business.id, grant=grant, user=None, now=NOW)
        with in_business(business.id):
            assert (TillAccount.objects.count(), Installation.objects.count(), PointOfSale.objects.count()) == (0, 0, 0)

    def test_a_place_made_by_hand_before_is_taken_over_by_its_name(self, poster: PosterBeside) -> None:
        business, _owner = make_business()
        with in_business(business.id):
            made_before = PointOfSale.objects.create(business=business, name="Center")
        connect(poster, business)
        with in_business(business.id):
            assert Location.objects.get(name="Center").point_of_sale_id == made_before.id
            assert PointOfSale.objects.count() == 2


class TestDisconnection:
    def test_the_token_is_forgotten_and_the_account_free_for_others(self, poster: PosterBeside) -> None:
        ours, owner = make_business()
        other, _other_owner = make_business("Piekarnia", email="owner@piekarnia.example")
        account = connect(poster, ours)
        disconnect_account(business_id=ours.id, account_id=account.id, user=owner, now=NOW)
        with in_business(ours.id):
            installation = Installation.objects.get()
            assert (installation.token_encrypted, installation.revoked_at) == (None, NOW)
        with pytest.raises(AccountUnknown):
            api_of(ours.id, account.id)
        assert connect(poster, other).connected

    def test_another_business_cannot_reach_the_account(self, poster: PosterBeside) -> None:
        ours, _owner = make_business()
        other, _other_owner = make_business("Piekarnia", email="owner@piekarnia.example")
        account = connect(poster, ours)
        with pytest.raises(AccountUnknown):
            api_of(other.id, account.id)
        disconnect_account(business_id=other.id, account_id=account.id, user=None, now=NOW)
        with in_business(ours.id):
            assert TillAccount.objects.get().connected


class TestApi:
    def test_a_dead_token_has_its_own_error(self, poster: PosterBeside) -> None:
        business, _owner = make_business()
        account = connect(poster, business)
        poster.post_form("/demo-cafe/manage/installed/4242/expire-token", page="/demo-cafe/manage/installed")
        with pytest.raises(TokenRefused) as caught:
            refresh_account(business_id=business.id, account_id=account.id, now=NOW)
        assert caught.value.poster_code in (11, 12)

    def test_a_slow_poster_is_waited_for_a_bounded_time(
        self, poster: PosterBeside, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        business, _owner = make_business()
        account = connect(poster, business)
        monkeypatch.setattr("incust.poster.api_client.TIMEOUT", httpx.Timeout(0.2))
        poster.weather(web_api_delay_s=1)
        with api_of(business.id, account.id, tries_max=2) as api, pytest.raises(PosterUnavailable):
            api.get("access.getSpots")

    def test_no_log_record_carries_the_token(self, poster: PosterBeside, caplog: pytest.LogCaptureFixture) -> None:
        business, _owner = make_business()
        with caplog.at_level("DEBUG"):
            grant = fresh_grant(poster)
            connect_account(business_id=business.id, grant=grant, user=None, now=NOW)
        assert "access.getSpots" in caplog.text
        assert grant.token not in caplog.text
        assert grant.token.split(":")[1] not in caplog.text
