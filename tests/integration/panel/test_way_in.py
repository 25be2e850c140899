"""Who comes in where: sign-in, the prefix of a business, and the walls between businesses."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import get_script_prefix
from tests.integration.panel.people import BACKEND, Person, colleague, make_terminal, owner_of

from incust.businesses.models import AuditEntry, PointOfSale, User
from incust.businesses.tenancy import in_business

pytestmark = pytest.mark.django_db

PAGES = (
    "", "customers/customer/", "checks/check/", "settings/terminals/", "settings/program/", "settings/poster/",
    "settings/staff/", "businesses/pointofsale/", "businesses/auditentry/", "webhooks/", "receipts/",
)  # fmt: skip


class TestSignIn:
    def test_nobody_is_led_to_the_sign_in_and_back(self) -> None:
        person = owner_of()
        answer = Client().get(f"/b/{person.business.slug}/settings/terminals/")
        assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/b/kava/settings/terminals/")

    def test_email_and_password_lead_into_the_business(self) -> None:
        person = owner_of()
        person.user.set_password("a-long-enough-password")
        person.user.save()
        browser = Client()
        form = {"login": "OWNER@kava.example", "password": "a-long-enough-password"}
        assert browser.post("/sign-in/", form)["Location"] == "/"
        assert browser.get("/")["Location"] == "/b/kava/"

    def test_a_wrong_password_says_so_without_saying_which_half_is_wrong(self) -> None:
        owner_of()
        known = Client().post("/sign-in/", {"login": "owner@kava.example", "password": "wrong-password"})
        unknown = Client().post("/sign-in/", {"login": "nobody@kava.example", "password": "wrong-password"})
        sentence = "The email address and/or password you specified are not correct."
        assert sentence in known.content.decode()
        assert sentence in unknown.content.decode()

    def test_nobody_signs_up_by_himself(self) -> None:
        answer = Client().post(
            "/account/signup/",
            {"email": "new@kava.example", "password1": "long-password-1", "password2": "long-password-1"},
        )
        assert answer.status_code == 200
        assert not User.objects.filter(email="new@kava.example").exists()

    def test_nobody_claims_an_email_by_himself(self) -> None:
        person = owner_of()
        answer = person.client.post("/account/email/", {"email": "victim@example.org", "action_add": ""})
        assert answer.status_code == 404

    def test_who_came_through_poster_chooses_a_password_and_is_back_in_the_panel(self) -> None:
        person = owner_of()
        person.user.set_unusable_password()
        person.user.save()
        person.client.force_login(person.user, backend=BACKEND)
        form = {"password1": "a-long-enough-password", "password2": "a-long-enough-password"}
        assert person.client.post("/account/password/set/", form)["Location"] == "/"
        person.user.refresh_from_db()
        assert person.user.check_password("a-long-enough-password")

    def test_with_several_businesses_one_chooses(self) -> None:
        person = owner_of()
        other = owner_of("Piekarnia", email="owner@piekarnia.example")
        with in_business(other.business.id):
            from incust.businesses.models import Membership

            Membership.objects.create(business=other.business, user=person.user, role="manager")
        page = person.client.get("/").content.decode()
        assert 'href="/b/kava/"' in page
        assert 'href="/b/piekarnia/"' in page
        assert "Piekarnia" in person.get().content.decode()  # the switch in the sidebar


class TestPages:
    @pytest.mark.parametrize("path", PAGES)
    def test_every_page_opens_with_its_addresses_in_the_business(self, path: str) -> None:
        person = owner_of()
        make_terminal(person.business)
        answer = person.get(path)
        assert answer.status_code == 200
        assert 'href="/b/kava/settings/terminals/"' in answer.content.decode()
        assert get_script_prefix() == "/"

    @pytest.mark.parametrize("path", ["", "settings/program/"])
    def test_pages_run_nothing_that_is_not_ours(self, path: str) -> None:
        policy = owner_of().get(path)["Content-Security-Policy"]
        assert "script-src 'self' 'unsafe-eval';" in policy
        assert "frame-ancestors 'none'" in policy

    def test_the_sidebar_says_terminals_and_salespeople_under_settings(self) -> None:
        page = owner_of().get().content.decode()
        assert page.index("Settings") < page.index("Terminals and Salespeople") < page.index("Records")


class TestWallsBetweenBusinesses:
    @pytest.fixture
    def people(self) -> tuple[Person, Person]:
        return owner_of(), owner_of("Piekarnia", email="owner@piekarnia.example")

    @pytest.mark.parametrize("path", PAGES)
    def test_a_foreign_business_is_like_one_that_does_not_exist(self, people: tuple[Person, Person], path: str) -> None:
        ours, other = people
        foreign = ours.get(path, business=other.business)
        missing = ours.client.get(f"/b/nowhere/{path}")
        assert (foreign.status_code, missing.status_code) == (404, 404)
        assert b"Piekarnia" not in foreign.content

    def test_a_foreign_number_is_a_404_in_ones_own_business(self, people: tuple[Person, Person]) -> None:
        ours, other = people
        theirs = make_terminal(other.business)
        paths = [
            f"settings/terminals/{theirs.id}/edit/", f"checks/check/{theirs.id}/change/",
            f"customers/customer/{theirs.id}/change/",
        ]  # fmt: skip
        assert [ours.get(path).status_code for path in paths] == [404, 404, 404]
        posts = [
            f"settings/terminals/{theirs.id}/edit/", f"settings/terminals/{theirs.id}/remove/",
            f"settings/terminals/{theirs.id}/keys/add/", f"customers/{theirs.id}/wallet-link/",
        ]  # fmt: skip
        assert [ours.post(path).status_code for path in posts] == [404, 404, 404, 404]

    def test_a_foreign_point_of_sale_cannot_be_chosen(self, people: tuple[Person, Person]) -> None:
        ours, other = people
        mine, theirs = make_terminal(ours.business), make_terminal(other.business)
        answer = ours.post(
            f"settings/terminals/{mine.id}/edit/",
            {"name": "Bar", "point_of_sale": theirs.point_of_sale_id, "currency": "UAH", "language": "en",
             "profile_display": "always"},
        )  # fmt: skip
        assert answer.status_code == 200
        assert "Select a valid choice" in answer.content.decode()

    def test_lists_show_ones_own(self, people: tuple[Person, Person]) -> None:
        ours, other = people
        with in_business(other.business.id):
            PointOfSale.objects.create(business=other.business, name="Their secret place")
        assert b"Their secret place" not in ours.get("businesses/pointofsale/").content
        assert b"Their secret place" in other.get("businesses/pointofsale/").content


class TestRoles:
    def test_a_salesperson_reads_everything_and_changes_nothing(self) -> None:
        owner = owner_of()
        terminal = make_terminal(owner.business)
        reader = colleague(owner, "salesperson")
        assert [reader.get(path).status_code for path in PAGES] == [200] * len(PAGES)
        page = reader.get(f"settings/terminals/{terminal.id}/edit/").content.decode()
        assert 'data-test="save"' not in page
        assert 'data-test="key-add"' not in page
        refused = [
            f"settings/terminals/{terminal.id}/edit/", f"settings/terminals/{terminal.id}/remove/",
            f"settings/terminals/{terminal.id}/keys/add/", "settings/terminals/add/", "settings/program/",
            "settings/poster/connect/", "settings/staff/", "businesses/pointofsale/add/",
        ]  # fmt: skip
        assert [reader.post(path, {"name": "X"}).status_code for path in refused] == [403] * len(refused)
        with in_business(owner.business.id):
            assert AuditEntry.objects.count() == 0

    def test_a_manager_edits_but_does_not_choose_who_comes_in(self) -> None:
        owner = owner_of()
        manager = colleague(owner, "manager")
        assert manager.post("businesses/pointofsale/add/", {"name": "Station", "address": ""}).status_code == 302
        assert manager.post("settings/staff/", {"email": "x@kava.example", "role": "owner"}).status_code == 403

    def test_who_lost_his_membership_is_out_at_once(self) -> None:
        from incust.businesses.models import Membership

        owner = owner_of()
        manager = colleague(owner, "manager")
        with in_business(owner.business.id):
            member = Membership.objects.get(user=manager.user)
        assert owner.post(f"settings/staff/{member.id}/remove/").status_code == 302
        assert manager.get().status_code == 404

    def test_the_last_owner_stays(self) -> None:
        from incust.businesses.models import Membership

        owner = owner_of()
        with in_business(owner.business.id):
            member = Membership.objects.get()
        owner.post(f"settings/staff/{member.id}/remove/")
        owner.post(f"settings/staff/{member.id}/role/", {"role": "manager"})
        with in_business(owner.business.id):
            assert Membership.objects.get().role == "owner"
