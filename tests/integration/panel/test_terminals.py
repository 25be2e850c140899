"""Settings → Terminals and Salespeople: the Poster tab, keys, and what the audit log says of them."""

from __future__ import annotations

import hashlib
import html
import re

import pytest
from tests.integration.checks.factories import a_cafe, a_check, leave_business
from tests.integration.panel.people import Person, make_terminal, owner_of
from tests.integration.poster.connecting import connect
from tests.integration.poster.poster_beside import PosterBeside

from incust.businesses.models import AuditEntry, Business, Terminal, TerminalKey, User
from incust.businesses.tenancy import in_business

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(poster: PosterBeside) -> Person:
    person = owner_of()
    connect(poster, person.business)
    return person


def terminal_named(person: Person, name: str) -> Terminal:
    with in_business(person.business.id):
        return Terminal.objects.select_related("poster_account").get(name=name)


def fields_of(terminal: Terminal, **changes: object) -> dict[str, object]:
    return {
        "name": terminal.name, "point_of_sale": terminal.point_of_sale_id, "currency": "UAH", "language": "en",
        "enabled": "on", "profile_display": "always", "use_poster": "on", "poster_account": "demo-cafe",
        "poster_application": "inCust", "poster_customer_number": "333226", "poster_location_id": "1",
        "poster_register_id": "1", **changes,
    }  # fmt: skip


def save(person: Person, which: str = "Bar", /, **changes: object):
    terminal = terminal_named(person, which)
    return person.post(f"settings/terminals/{terminal.id}/edit/", fields_of(terminal, **changes))


class TestPosterTab:
    def test_fields_are_named_as_in_the_guide(self, owner: Person) -> None:
        page = owner.get(f"settings/terminals/{terminal_named(owner, 'Bar').id}/edit/").content.decode()
        labels = [
            "Use integration with Poster", "Account of business in Poster", "Application name in Poster",
            "Poster customer number", "Poster Location ID", "Poster register ID",
            "Configuration of Poster integration module",
        ]  # fmt: skip
        places = [page.index(f">{label}<") for label in labels]
        assert places == sorted(places)

    def test_a_terminal_is_linked_to_its_register(self, owner: Person) -> None:
        answer = save(owner, poster_account="https://demo-cafe.joinposter.com/manage")
        assert (answer.status_code, answer["Location"]) == (302, "/b/kava/settings/terminals/")
        bar = terminal_named(owner, "Bar")
        assert (bar.use_poster, bar.poster_account.name, bar.poster_application) == (True, "demo-cafe", "inCust")
        assert (bar.poster_location_id, bar.poster_register_id) == ("1", "1")
        assert (bar.poster_skip_customers, bar.poster_always_show_benefits, bar.poster_back_office_only) == (
            False, False, False,
        )  # fmt: skip

    def test_a_fault_saves_nothing_and_stands_at_its_field(self, owner: Person) -> None:
        answer = save(owner, poster_register_id="3", name="Renamed")
        page = answer.content.decode()
        fault = re.search(r'data-test="fault-poster_register_id"><li>([^<]+)', page)
        assert fault
        assert fault[1] == "The register “Station till” does not belong to “Center” but to “Station”."
        assert 'data-first-tab="poster"' in page
        assert not terminal_named(owner, "Bar").use_poster

    def test_poster_down_saves_nothing_and_keeps_what_was_typed(self, owner: Person, poster: PosterBeside) -> None:
        poster.weather(web_api="down")
        page = save(owner).content.decode()
        assert "Poster does not answer right now" in page
        assert 'value="333226"' in page
        assert not terminal_named(owner, "Bar").use_poster

    def test_a_taken_register_is_named(self, owner: Person) -> None:
        save(owner)
        page = save(owner, "Hall").content.decode()
        assert "This register is already linked to the terminal “Bar”." in page

    def test_without_the_box_the_register_is_free_again(self, owner: Person) -> None:
        save(owner)
        assert save(owner, use_poster="").status_code == 302
        assert save(owner, "Hall").status_code == 302

    def test_the_audit_log_says_what_changed(self, owner: Person) -> None:
        save(owner, poster_skip_customers="on")
        save(owner, poster_skip_customers="on")
        with in_business(owner.business.id):
            entries = list(AuditEntry.objects.filter(action="terminal.changed"))
        assert len(entries) == 1
        assert (entries[0].user_id, entries[0].subject) == (owner.user.id, "Bar")
        assert entries[0].changes == {
            "use_poster": [False, True], "poster_application": ["", "inCust"], "poster_location_id": ["", "1"],
            "poster_register_id": ["", "1"], "poster_skip_customers": [False, True],
            "poster_account": [None, "demo-cafe"],
        }  # fmt: skip
        assert "do not create customers in Poster: no → yes" in owner.get("businesses/auditentry/").content.decode()

    def test_each_dangerous_box_asks_again_with_its_consequences(self, owner: Person) -> None:
        page = owner.get(f"settings/terminals/{terminal_named(owner, 'Bar').id}/edit/").content.decode()
        assert page.count("data-ask-again") == 3
        assert "Do not select any of these without talking to us first." in page
        for name in ("poster_skip_customers", "poster_always_show_benefits", "poster_back_office_only"):
            assert f'id="confirm-{name}"' in page

    def test_receipts_from_the_back_office_alone_are_refused(self, owner: Person) -> None:
        page = save(owner, poster_back_office_only="on", name="Renamed").content.decode()
        fault = re.search(r'data-test="fault-poster_back_office_only"><li>([^<]+)', page)
        assert fault
        assert html.unescape(fault[1]) == (
            "Not available: Poster's back office does not say what a receipt was reduced by, "
            "so the register has to report it."
        )
        assert 'data-first-tab="poster"' in page
        stored = terminal_named(owner, "Bar")
        assert (stored.use_poster, stored.poster_back_office_only) == (False, False)


class TestKeys:
    def test_a_key_is_shown_once_and_kept_as_a_hash(self) -> None:
        owner = owner_of()
        terminal = make_terminal(owner.business)
        owner.post(f"settings/terminals/{terminal.id}/keys/add/")
        shown = re.search(
            r'data-test="new-key">([^<]+)', owner.get(f"settings/terminals/{terminal.id}/edit/").content.decode()
        )
        assert shown
        with in_business(owner.business.id):
            stored = TerminalKey.objects.get()
        assert bytes(stored.key_hash) == hashlib.sha256(shown[1].encode()).digest()
        assert shown[1] not in owner.get(f"settings/terminals/{terminal.id}/edit/").content.decode()

    def test_a_revoked_key_is_marked_and_both_are_in_the_audit_log(self) -> None:
        owner = owner_of()
        terminal = make_terminal(owner.business)
        owner.post(f"settings/terminals/{terminal.id}/keys/add/")
        with in_business(owner.business.id):
            key = TerminalKey.objects.get()
        owner.post(f"settings/terminals/{terminal.id}/keys/{key.id}/revoke/")
        with in_business(owner.business.id):
            assert TerminalKey.objects.get().revoked_at is not None
            actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
        assert actions == ["terminal.key_added", "terminal.key_revoked"]


class TestRemoval:
    def test_a_terminal_that_never_worked_can_go(self) -> None:
        owner = owner_of()
        terminal = make_terminal(owner.business)
        assert owner.post(f"settings/terminals/{terminal.id}/remove/").status_code == 302
        with in_business(owner.business.id):
            assert Terminal.objects.count() == 0

    def test_one_that_reported_receipts_without_a_hello_stays_and_says_why(self) -> None:
        cafe = a_cafe("Kava")
        cafe.guest().finalize(a_check())
        leave_business()
        with in_business(cafe.business_id):
            owner = Person(User.objects.get(), Business.objects.get())
        page = f"settings/terminals/{cafe.terminal_id}/"
        assert owner.post(f"{page}remove/")["Location"] == f"/b/kava/{page}edit/"
        assert "This terminal has worked already, so receipts name it." in owner.get(f"{page}edit/").content.decode()
        with in_business(cafe.business_id):
            assert Terminal.objects.filter(id=cafe.terminal_id, last_seen_at=None).exists()
            assert not AuditEntry.objects.filter(action="terminal.removed").exists()

    def test_one_that_worked_stays(self) -> None:
        from django.utils import timezone

        owner = owner_of()
        terminal = make_terminal(owner.business)
        with in_business(owner.business.id):
            Terminal.objects.update(last_seen_at=timezone.now())
        owner.post(f"settings/terminals/{terminal.id}/remove/")
        with in_business(owner.business.id):
            assert Terminal.objects.count() == 1
