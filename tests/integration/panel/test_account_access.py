"""What the owner sees of his accounts' lives: access that ended or ends soon, and a register that was replaced."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from tests.integration.panel.people import Person, colleague, owner_of
from tests.integration.poster.connecting import connect
from tests.integration.poster.poster_beside import PosterBeside

from incust.businesses.models import AuditEntry, PointOfSale, Terminal, TillAccount
from incust.businesses.tenancy import in_business
from incust.poster.models import Installation

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(poster: PosterBeside) -> Person:
    person = owner_of()
    account = connect(poster, person.business)
    with in_business(person.business.id):
        Terminal.objects.filter(name="Bar").update(
            use_poster=True, poster_account=account, poster_application="inCust", poster_location_id="1",
            poster_register_id="1",
        )  # fmt: skip
    connected_at(person, timezone.now())
    return person


def connected_at(person: Person, at: datetime) -> None:
    with in_business(person.business.id):
        Installation.objects.update(installed_at=at)


def refused_since(person: Person, at: datetime) -> None:
    with in_business(person.business.id):
        TillAccount.objects.update(access_refused_at=at)


def bar(person: Person) -> Terminal:
    with in_business(person.business.id):
        return Terminal.objects.select_related("point_of_sale").get(name="Bar")


class TestAccess:
    @pytest.mark.parametrize("page", ["", "settings/poster/"])
    def test_an_account_that_works_is_not_talked_about(self, owner: Person, page: str) -> None:
        shown = owner.get(page).content.decode()
        assert ("access-refused" in shown, "access-ends" in shown) == (False, False)

    @pytest.mark.parametrize("page", ["", "settings/poster/"])
    def test_the_owner_reads_that_access_ended_and_may_connect_again(self, owner: Person, page: str) -> None:
        refused_since(owner, timezone.now())
        shown = owner.get(page).content.decode()
        assert 'data-test="access-refused"' in shown
        assert "Poster no longer lets inCust into the account “demo-cafe”. Registers go on" in shown
        assert shown.count('data-test="connect-again"') == 1
        assert ("Access refused</span>" in shown, ">Connected</span>" in shown, "Access until" in shown) == (
            True, False, False,
        )  # fmt: skip

    def test_somebody_who_may_not_edit_gets_no_button(self, owner: Person) -> None:
        refused_since(owner, timezone.now())
        shown = colleague(owner, "marketer").get().content.decode()
        assert ('data-test="access-refused"' in shown, "connect-again" in shown) == (True, False)

    @pytest.mark.parametrize(("days", "told"), [(699, False), (701, True), (731, True)])
    def test_he_is_told_thirty_days_before_access_ends(self, owner: Person, days: int, told: bool) -> None:
        connected_at(owner, timezone.now() - timedelta(days=days))
        assert ('data-test="access-ends"' in owner.get().content.decode()) is told

    def test_the_account_shows_when_access_ends(self, owner: Person) -> None:
        connected_at(owner, datetime(2026, 3, 1, 12, tzinfo=timezone.get_current_timezone()))
        assert "<dt>Access until</dt><dd>29 February 2028</dd>" in owner.get("settings/poster/").content.decode()


class TestRegisterReplaced:
    def test_the_free_registers_of_poster_as_it_is_now_are_offered(self, owner: Person, poster: PosterBeside) -> None:
        poster.add_tablet("New bar", 1)
        shown = owner.get(f"settings/terminals/{bar(owner).id}/move/").content.decode()
        places = [shown.index(f"<strong>{name}</strong>") for name in ("Hall", "New bar", "Station till")]
        assert places == sorted(places)  # those of its own location first
        assert "<strong>Bar</strong>" not in shown

    def test_one_press_moves_the_terminal_and_everything_stays(self, owner: Person, poster: PosterBeside) -> None:
        before = bar(owner)
        answer = owner.post(f"settings/terminals/{before.id}/move/", {"register": "2"})
        assert (answer.status_code, answer["Location"]) == (302, "/b/kava/settings/terminals/")
        after = bar(owner)
        assert (after.id, after.poster_location_id, after.poster_register_id) == (before.id, "1", "2")
        assert (after.point_of_sale_id, after.enabled, after.ask_at_pay, after.poster_skip_customers) == (
            before.point_of_sale_id, before.enabled, before.ask_at_pay, before.poster_skip_customers,
        )  # fmt: skip
        with in_business(owner.business.id):
            entry = AuditEntry.objects.get(action="terminal.changed")
        assert entry.changes["poster_register_id"] == ["1", "2"]

    def test_in_another_location_it_works_for_the_point_of_sale_there(self, owner: Person) -> None:
        owner.post(f"settings/terminals/{bar(owner).id}/move/", {"register": "3"})
        with in_business(owner.business.id):
            station = PointOfSale.objects.get(name="Station")
        after = bar(owner)
        assert (after.poster_location_id, after.poster_register_id, after.point_of_sale_id) == ("2", "3", station.id)

    @pytest.mark.parametrize("register", ["1", "77", ""])
    def test_a_register_that_is_not_free_is_refused(self, owner: Person, register: str) -> None:
        address = f"settings/terminals/{bar(owner).id}/move/"
        assert owner.post(address, {"register": register})["Location"] == f"/b/kava/{address}"
        assert bar(owner).poster_register_id == "1"

    def test_poster_being_away_moves_nothing(self, owner: Person, poster: PosterBeside) -> None:
        poster.weather(web_api="down")
        address = f"settings/terminals/{bar(owner).id}/move/"
        assert owner.post(address, {"register": "2"})["Location"] == f"/b/kava/{address}"
        assert bar(owner).poster_register_id == "1"

    def test_who_may_not_edit_may_not_move(self, owner: Person) -> None:
        answer = colleague(owner, "marketer").post(f"settings/terminals/{bar(owner).id}/move/", {"register": "2"})
        assert (answer.status_code, bar(owner).poster_register_id) == (403, "1")
