"""Which terminal a request comes from, before its business is known; and who is not let in."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from tests.integration.checks.factories import Cafe, a_cafe, leave_business

from incust.businesses.models import Terminal, TerminalKey, TillAccount
from incust.businesses.tenancy import in_business
from incust.businesses.terminal_access import Caller

pytestmark = pytest.mark.django_db


def resolved(caller: Caller) -> tuple[object, ...]:
    """(business, terminal, where its receipts belong at the till's maker), or the code of the refusal."""
    leave_business()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT business_id, terminal_id, till_account_id, spot FROM businesses.resolve_terminal(%s::jsonb)",
            [json.dumps(caller.as_json())],
        )
        return cursor.fetchone()


def refusal(caller: Caller) -> str:
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        resolved(caller)
    return str(refused.value).partition("\n")[0]


@pytest.fixture
def cafe() -> Cafe:
    return a_cafe("kava")


def register(cafe: Cafe, **other: str) -> Caller:
    return Caller(**{"door": "poster", "account": cafe.name, "spot": "1", "tablet": "3", **other})  # type: ignore[arg-type]


def account_of(cafe: Cafe, **changes: object) -> int:
    with in_business(cafe.business_id):
        TillAccount.objects.filter(name=cafe.name).update(**changes)
        return TillAccount.objects.get(name=cafe.name).pk


def of_register(cafe: Cafe, **changes: object) -> int:
    with in_business(cafe.business_id):
        Terminal.objects.filter(name="Register").update(**changes)
        return Terminal.objects.get(name="Register").pk


class TestRegisters:
    def test_a_register_is_known_by_account_spot_and_tablet(self, cafe: Cafe) -> None:
        expected = (cafe.business_id, of_register(cafe), account_of(cafe), "1")
        other = a_cafe("tea")
        assert resolved(register(cafe)) == expected
        assert resolved(register(other)) == (other.business_id, of_register(other), account_of(other), "1")

    @pytest.mark.parametrize("other", [{"spot": "2"}, {"tablet": "4"}])
    def test_another_register_of_the_account_is_unknown(self, cafe: Cafe, other: dict[str, str]) -> None:
        assert refusal(register(cafe, **other)) == "register-unknown"

    def test_a_terminal_that_left_poster_is_unknown_to_it(self, cafe: Cafe) -> None:
        of_register(cafe, use_poster=False)
        a_cafe("tea")
        assert refusal(register(cafe)) == "register-unknown"

    def test_a_register_that_is_switched_off_is_told_so(self, cafe: Cafe) -> None:
        of_register(cafe, enabled=False)
        assert refusal(register(cafe)) == "terminal-off"


class TestAccounts:
    def test_an_account_that_nobody_connected_opens_nothing_though_others_did(self, cafe: Cafe) -> None:
        a_cafe("tea")
        assert refusal(register(cafe, account="stranger")) == "account-disconnected"

    def test_nor_does_one_that_was_disconnected(self, cafe: Cafe) -> None:
        account_of(cafe, connected=False)
        a_cafe("tea")
        assert refusal(register(cafe)) == "account-disconnected"

    def test_an_account_of_another_maker_is_no_account_of_poster(self, cafe: Cafe) -> None:
        account_of(cafe, system="other")
        assert refusal(register(cafe)) == "account-disconnected"

    def test_each_application_opens_its_own_accounts(self, cafe: Cafe) -> None:
        account_of(cafe, application_id="500")
        assert refusal(register(cafe)) == "account-disconnected"
        assert refusal(register(cafe, application="501")) == "account-disconnected"
        assert resolved(register(cafe, application="500"))[0] == cafe.business_id

    @pytest.mark.parametrize("connected", ["first", "second"])
    def test_of_two_businesses_that_had_the_account_the_one_that_has_it_now(self, cafe: Cafe, connected: str) -> None:
        other = a_cafe("tea")
        account_of(cafe, connected=connected == "first")
        with in_business(other.business_id):
            TillAccount.objects.update(name=cafe.name, connected=connected == "second")
        expected = cafe if connected == "first" else other
        assert resolved(register(cafe))[0] == expected.business_id


class TestKeys:
    def test_a_key_opens_its_terminal_which_belongs_to_no_till_account(self, cafe: Cafe) -> None:
        a_cafe("tea")
        assert resolved(cafe.caller()) == (cafe.business_id, cafe.terminal_id, None, None)

    def test_a_register_with_a_key_is_the_same_register(self, cafe: Cafe) -> None:
        with in_business(cafe.business_id):
            TerminalKey.objects.update(terminal_id=of_register(cafe))
        assert resolved(cafe.caller()) == resolved(register(cafe))

    def test_a_key_that_nobody_has_and_one_that_was_revoked_open_nothing(self, cafe: Cafe) -> None:
        assert refusal(Caller(door="key", key_hash=hashlib.sha256(b"x").digest())) == "key-unknown"
        with in_business(cafe.business_id):
            TerminalKey.objects.update(revoked_at=datetime(2026, 9, 1, tzinfo=UTC))
        assert refusal(cafe.caller()) == "key-unknown"

    def test_a_terminal_that_is_switched_off_is_told_so(self, cafe: Cafe) -> None:
        with in_business(cafe.business_id):
            Terminal.objects.filter(pk=cafe.terminal_id).update(enabled=False)
        assert refusal(cafe.caller()) == "terminal-off"


def test_the_transaction_is_bound_to_the_business_that_was_found(cafe: Cafe) -> None:
    other = a_cafe("tea")
    for known in (cafe, other):
        resolved(known.caller())
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('incust.business_id')")
            assert cursor.fetchone() == (str(known.business_id),)
