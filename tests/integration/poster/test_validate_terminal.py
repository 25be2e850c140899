"""The *Poster* tab: each fault has its own sentence at its own field."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.integration.poster.connecting import NOW, connect, make_business
from tests.integration.poster.poster_beside import APP_ID, PosterBeside

from incust.businesses.models import Business, Terminal, TillAccount
from incust.businesses.tenancy import in_business
from incust.poster.applications import register_application
from incust.poster.installations import disconnect_account
from incust.poster.validate_terminal import CheckedTab, PosterTab, check_poster_tab

pytestmark = pytest.mark.django_db

RIGHT = PosterTab(
    terminal_id=None, account="demo-cafe", application="inCust", customer_number="333226", location_id="1",
    register_id="2",
)  # fmt: skip


@pytest.fixture
def connected(poster: PosterBeside) -> tuple[Business, TillAccount]:
    business, _owner = make_business()
    return business, connect(poster, business)


def check(business: Business, **changes: str) -> CheckedTab:
    return check_poster_tab(business.id, replace(RIGHT, **changes))


class TestRight:
    def test_the_right_values_pass_and_are_resolved(self, connected: tuple[Business, TillAccount]) -> None:
        business, account = connected
        checked = check(business)
        assert (checked.faults, checked.account_id, checked.application) == ({}, account.id, "inCust")

    @pytest.mark.parametrize(
        "typed", ["https://demo-cafe.joinposter.com/manage", "demo-cafe.joinposter.com", " Demo-Cafe "]
    )
    def test_a_pasted_link_will_do(self, connected: tuple[Business, TillAccount], typed: str) -> None:
        business, account = connected
        assert check(business, account=typed).account_id == account.id


class TestFaults:
    @pytest.mark.parametrize(
        ("changes", "field", "sentence"),
        [
            ({"account": ""}, "poster_account", "Choose the account of the business in Poster."),
            ({"account": "not an account"}, "poster_account", "This is not the name of a Poster account."),
            ({"account": "https://evil.example/x"}, "poster_account", "This is not the name of a Poster account."),
            ({"account": "second-cafe"}, "poster_account", "The account “second-cafe” is not connected."),
            ({"application": ""}, "poster_application", "Choose the name of the application in Poster."),
            ({"application": "Other"}, "poster_application", "No application has this name. Known: inCust."),
            ({"customer_number": ""}, "poster_customer_number", "Enter the customer number."),
            ({"customer_number": "1"}, "poster_customer_number", "1 is not the customer number of “demo-cafe”."),
            ({"location_id": ""}, "poster_location_id", "Choose the location"),
            ({"location_id": "77"}, "poster_location_id", "Poster knows no location 77 in this account."),
            ({"register_id": ""}, "poster_register_id", "Choose the register"),
            ({"register_id": "88"}, "poster_register_id", "Poster knows no register 88 in this account."),
            (
                {"register_id": "3"},
                "poster_register_id",
                "The register “Station till” does not belong to “Center” but to “Station”.",
            ),
        ],
    )
    def test_each_fault_has_its_own_sentence_at_its_own_field(
        self, connected: tuple[Business, TillAccount], changes: dict[str, str], field: str, sentence: str
    ) -> None:
        faults = check(connected[0], **changes).faults
        assert list(faults) == [field]
        assert faults[field].startswith(sentence)

    def test_several_faults_are_told_at_once(self, connected: tuple[Business, TillAccount]) -> None:
        faults = check(connected[0], customer_number="1", location_id="77", register_id="88").faults
        assert sorted(faults) == ["poster_customer_number", "poster_location_id", "poster_register_id"]

    def test_a_register_serves_one_terminal(self, connected: tuple[Business, TillAccount]) -> None:
        business, account = connected
        with in_business(business.id):
            bar = Terminal.objects.get(name="Bar")
            bar.use_poster, bar.poster_account, bar.poster_register_id = True, account, "2"
            bar.save()
        assert check(business).faults == {
            "poster_register_id": "This register is already linked to the terminal “Bar”."
        }
        itself = check_poster_tab(business.id, replace(RIGHT, terminal_id=bar.id))
        assert itself.faults == {}

    def test_an_application_that_the_account_did_not_connect_is_refused(
        self, connected: tuple[Business, TillAccount]
    ) -> None:
        register_application(application_id="77", name="White Label", secret="other")
        faults = check(connected[0], application="White Label").faults
        assert faults == {
            "poster_application": "“White Label” is not the application that is connected in this account."
        }

    def test_poster_down_is_told_for_the_whole_form(
        self, poster: PosterBeside, connected: tuple[Business, TillAccount]
    ) -> None:
        poster.weather(web_api="down")
        faults = check(connected[0]).faults
        assert list(faults) == ["__all__"]
        assert faults["__all__"].startswith("Poster does not answer right now, so the numbers could not be checked.")

    def test_a_disconnected_account_is_not_connected(self, connected: tuple[Business, TillAccount]) -> None:
        business, account = connected
        disconnect_account(business_id=business.id, account_id=account.id, user=None, now=NOW)
        assert check(business).faults["poster_account"].startswith("The account “demo-cafe” is not connected.")

    def test_the_account_of_another_business_is_not_connected_here(
        self, connected: tuple[Business, TillAccount]
    ) -> None:
        other, _owner = make_business("Piekarnia", email="owner@piekarnia.example")
        assert check(other).faults["poster_account"].startswith("The account “demo-cafe” is not connected.")


def test_a_white_label_application_is_registered_without_its_secret_in_the_arguments(
    poster: PosterBeside, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    from django.core.management import call_command

    from incust.poster.applications import secret_of

    monkeypatch.setattr("sys.stdin", io.StringIO("a secret of a partner\n"))
    call_command("register_poster_application", "78", "Our Club", stdout=io.StringIO())
    assert secret_of("78") == "a secret of a partner"


def test_the_white_label_secret_lies_encrypted_in_the_table(poster: PosterBeside) -> None:
    from incust.poster.applications import secret_of
    from incust.poster.models import Application

    register_application(application_id="77", name="White Label", secret="a secret of a partner")
    assert b"a secret of a partner" not in bytes(Application.objects.get().secret_encrypted)
    assert secret_of("77") == "a secret of a partner"
    assert secret_of(APP_ID) == "fe2bc8e865d8fc2236968ee53c3b2bd5"
    assert secret_of("99") is None
