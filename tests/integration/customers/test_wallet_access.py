"""What the wallet stands on: links, devices, temporary codes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from incust.businesses.encryption import decrypt
from incust.businesses.tenancy import in_business
from incust.customers.devices import bind_device, secret_of_device
from incust.customers.models import Device, WalletLink
from incust.customers.temporary_codes import issue_temporary_code
from incust.customers.wallet_links import create_wallet_link, find_wallet_link, open_wallet_link, revoke_wallet_links

from .guests import Place, make_guest, open_place

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.fixture
def place() -> Place:
    return open_place()


def token_of(path: str) -> str:
    assert path.startswith("/w/l/")
    return path.removeprefix("/w/l/")


class TestWalletLink:
    def test_its_token_leads_to_the_business_and_the_link(self, place: Place) -> None:
        token = token_of(create_wallet_link(make_guest(place), NOON))
        found = find_wallet_link(token)
        assert found is not None
        assert found[0] == place.business_id
        with in_business(place.business_id):
            assert open_wallet_link(*found, now=NOON) is not None

    def test_the_database_holds_no_token(self, place: Place) -> None:
        token = token_of(create_wallet_link(make_guest(place), NOON))
        with in_business(place.business_id):
            assert token.encode() not in bytes(WalletLink.objects.get().token_hash)

    def test_a_made_up_token_leads_nowhere(self, place: Place) -> None:
        create_wallet_link(make_guest(place), NOON)
        assert find_wallet_link("x" * 24) is None

    @pytest.mark.parametrize("how", ["revoked", "replaced", "too old", "used"])
    def test_a_link_that_is_no_longer_good_opens_nothing(self, place: Place, how: str) -> None:
        guest = make_guest(place)
        found = find_wallet_link(token_of(create_wallet_link(guest, NOON)))
        assert found is not None
        now = NOON + timedelta(days=31 if how == "too old" else 1)
        if how == "revoked":
            revoke_wallet_links(guest, NOON)
        if how == "replaced":
            create_wallet_link(guest, NOON)
        with in_business(place.business_id):
            if how == "used":
                WalletLink.objects.update(used_at=NOON)
            assert open_wallet_link(*found, now=now) is None


class TestDevice:
    def test_its_secret_is_encrypted_at_rest(self, place: Place) -> None:
        bound = bind_device(place.business_id, make_guest(place).pk, now=NOON)
        with in_business(place.business_id):
            stored = bytes(Device.objects.get().secret_sealed)
        assert (len(bound.number), len(bound.secret)) == (10, 32)
        assert bound.secret not in stored
        assert decrypt(stored).encode() not in stored
        assert secret_of_device(stored) == bound.secret

    def test_its_secret_does_not_show_in_reports(self, place: Place) -> None:
        bound = bind_device(place.business_id, make_guest(place).pk, now=NOON)
        assert "secret" not in repr(bound)


class TestTemporaryCode:
    def test_a_new_one_voids_the_one_before(self, place: Place) -> None:
        guest = make_guest(place)
        for _ in range(3):
            issued = issue_temporary_code(place.business_id, guest.pk, now=NOON)
        with in_business(place.business_id), connection.cursor() as cursor:
            cursor.execute("SELECT code FROM customers.temporary_code")
            assert cursor.fetchall() == [(issued.code,)]
        assert issued.expires_at - NOON == timedelta(minutes=3)

    def test_a_live_code_is_given_to_nobody_else_and_a_lapsed_one_is(
        self, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        drawn = iter([7, 7, 8, 7])
        monkeypatch.setattr("incust.customers.temporary_codes.secrets.randbelow", lambda _below: next(drawn))
        one, two, three = (make_guest(place) for _ in range(3))
        assert issue_temporary_code(place.business_id, one.pk, now=NOON).code == "000007"
        assert issue_temporary_code(place.business_id, two.pk, now=NOON).code == "000008"
        later = NOON + timedelta(minutes=3, seconds=1)
        assert issue_temporary_code(place.business_id, three.pk, now=later).code == "000007"
