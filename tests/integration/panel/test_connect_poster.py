"""The return from Poster, started here or in Poster's marketplace, by an owner we know or do not know."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from tests.integration.panel.people import Person, colleague, owner_of
from tests.integration.poster.connecting import connect
from tests.integration.poster.poster_beside import REDIRECT_URI, PosterBeside

from incust.businesses.models import Business, Membership, TillAccount, User
from incust.businesses.tenancy import in_business
from incust.poster.connect_account import holder_of

pytestmark = pytest.mark.django_db


def land(person: Person, address: str) -> str:
    """Follow to the end; gives the address of the last page."""
    answer = person.client.get(address, follow=True)
    return str(answer.redirect_chain[-1][0]) if answer.redirect_chain else address


def returned(poster: PosterBeside, account: str = "demo-cafe") -> str:
    """The address that Poster sends the owner back to."""
    return f"/poster/connected?{urlencode(poster.allow(account))}"


class TestStartedInTheMarketplace:
    def test_an_unknown_owner_gets_a_business_and_lands_signed_in(self, poster: PosterBeside) -> None:
        browser = Client()
        asked = browser.get(returned(poster), follow=True)
        assert asked.redirect_chain == [("/poster/connect/", 302)]
        page = asked.content.decode()
        assert ("Is this you?" in page, "“demo-cafe”" in page, "owner@demo-cafe.example" in page) == (True, True, True)
        answer = browser.post("/poster/connect/")
        assert (answer.status_code, answer["Location"]) == (302, "/b/demo-cafe/setup/demo-cafe/?installed=1")
        page = browser.get(answer["Location"]).content.decode()
        assert "Your plugin is installed" in page
        assert 'data-test="plugin-installed"' in page
        user = User.objects.get(email="owner@demo-cafe.example")
        assert not user.has_usable_password()
        holder = holder_of("demo-cafe")
        assert holder
        with in_business(holder.business_id):
            business = Business.objects.get()
            assert Membership.objects.get().role == "owner"
        assert (business.name, business.currency, business.country, business.time_zone) == (
            "Demo Cafe", "UAH", "UA", "Europe/Kyiv",
        )  # fmt: skip

    def test_a_link_from_somebody_else_alone_signs_nobody_in_and_makes_nothing(self, poster: PosterBeside) -> None:
        browser = Client()
        browser.get(returned(poster), follow=True)
        assert "_auth_user_id" not in browser.session
        assert not User.objects.filter(email="owner@demo-cafe.example").exists()
        assert holder_of("demo-cafe") is None

    def test_the_yes_cannot_be_given_by_another_site(self, poster: PosterBeside) -> None:
        browser = Client(enforce_csrf_checks=True)
        browser.get(returned(poster), follow=True)
        assert browser.post("/poster/connect/").status_code == 403
        assert holder_of("demo-cafe") is None

    def test_a_known_email_is_not_signed_in_silently(self, poster: PosterBeside) -> None:
        owner = owner_of(email="owner@demo-cafe.example")
        browser = Client()
        answer = browser.get(returned(poster), follow=True)
        assert answer.redirect_chain[-1] == ("/sign-in/?next=/poster/connect/", 302)
        assert browser.post("/poster/connect/")["Location"] == "/sign-in/?next=/poster/connect/"
        assert browser.get("/b/kava/").status_code == 302  # still nobody
        assert holder_of("demo-cafe") is None
        browser.force_login(owner.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    def test_after_the_sign_in_he_chooses_the_business(self, poster: PosterBeside) -> None:
        owner = owner_of(email="owner@demo-cafe.example")
        owner.user.set_password("a-long-enough-password")
        owner.user.save()
        browser = Client()
        browser.get(returned(poster))
        form = {"login": owner.user.email, "password": "a-long-enough-password", "next": "/poster/connect/"}
        assert browser.post("/sign-in/", form)["Location"] == "/poster/connect/"
        assert "Which business is it for?" in browser.get("/poster/connect/").content.decode()
        answer = browser.post("/poster/connect/", {"business": str(owner.business.id)})
        assert answer["Location"] == "/b/kava/setup/demo-cafe/?installed=1"
        assert holder_of("demo-cafe").business_id == owner.business.id  # type: ignore[union-attr]

    def test_somebody_signed_in_is_asked_and_not_linked_behind_his_back(self, poster: PosterBeside) -> None:
        owner = owner_of()
        answer = owner.client.get(returned(poster), follow=True)
        assert answer.redirect_chain == [("/poster/connect/", 302)]  # where the code is no longer in the address
        assert "Which business is it for?" in answer.content.decode()
        assert holder_of("demo-cafe") is None

    def test_he_may_make_a_new_business_of_it(self, poster: PosterBeside) -> None:
        owner = owner_of()
        owner.client.get(returned(poster))
        answer = owner.client.post("/poster/connect/", {"business": "new"})
        assert answer["Location"] == "/b/demo-cafe/setup/demo-cafe/?installed=1"
        assert owner.client.get(answer["Location"]).status_code == 200

    def test_a_business_that_is_not_his_cannot_be_chosen(self, poster: PosterBeside) -> None:
        owner = owner_of()
        other = owner_of("Piekarnia", email="owner@piekarnia.example")
        owner.client.get(returned(poster))
        assert owner.client.post("/poster/connect/", {"business": str(other.business.id)}).status_code == 200
        assert holder_of("demo-cafe") is None

    def test_connecting_again_by_its_own_business_renews_without_asking(self, poster: PosterBeside) -> None:
        owner = owner_of()
        connect(poster, owner.business)
        assert land(owner, returned(poster)) == "/b/kava/setup/demo-cafe/?installed=1"

    def test_the_account_of_another_business_is_refused_with_a_sentence(self, poster: PosterBeside) -> None:
        owner = owner_of()
        connect(poster, owner.business)
        stranger = owner_of("Piekarnia", email="owner@piekarnia.example")
        answer = stranger.client.get(returned(poster), follow=True)
        assert answer.status_code == 409
        assert "is connected to another business here" in answer.content.decode()
        assert holder_of("demo-cafe").business_id == owner.business.id  # type: ignore[union-attr]

    def test_a_connected_account_lets_nobody_in_without_a_sign_in(self, poster: PosterBeside) -> None:
        owner = owner_of()
        connect(poster, owner.business)
        browser = Client()
        answer = browser.get(returned(poster), follow=True)
        assert answer.redirect_chain[-1] == ("/sign-in/?next=/poster/connect/", 302)
        assert browser.post("/poster/connect/")["Location"] == "/sign-in/?next=/poster/connect/"


class TestStartedInThePanel:
    def start(self, person: Person) -> dict[str, list[str]]:
        answer = person.post("settings/poster/connect/")
        return parse_qs(urlsplit(answer["Location"]).query)

    def test_the_owner_is_sent_to_posters_consent_page(self, poster: PosterBeside) -> None:
        answer = owner_of().post("settings/poster/connect/")
        assert answer["Location"].startswith(f"{poster.url}/api/auth?")
        query = parse_qs(urlsplit(answer["Location"]).query)
        assert query == {"application_id": ["4242"], "redirect_uri": [REDIRECT_URI], "response_type": ["code"]}

    def test_and_his_business_has_the_account_when_he_comes_back(self, poster: PosterBeside) -> None:
        owner = owner_of()
        self.start(owner)
        asked = owner.client.get(returned(poster), follow=True).content.decode()
        assert ("Connect it to Kava?" in asked, "“demo-cafe”" in asked, 'name="business"' in asked) == (
            True,
            True,
            True,
        )
        assert holder_of("demo-cafe") is None
        answer = owner.client.post("/poster/connect/", {"business": str(owner.business.id)})
        assert answer["Location"] == "/b/kava/setup/demo-cafe/?installed=1"
        with in_business(owner.business.id):
            assert TillAccount.objects.get().connected

    def test_an_account_that_the_business_had_before_is_renewed_at_once(self, poster: PosterBeside) -> None:
        owner = owner_of()
        connect(poster, owner.business)
        self.start(owner)
        assert owner.client.get(returned(poster))["Location"] == "/b/kava/setup/demo-cafe/?installed=1"

    def test_a_start_counts_once(self, poster: PosterBeside) -> None:
        owner = owner_of()
        self.start(owner)
        owner.client.get(returned(poster))
        assert (
            "Which business is it for?"
            in owner.client.get(returned(poster, "second-cafe"), follow=True).content.decode()
        )

    def test_a_start_of_somebody_who_may_no_longer_edit_does_not_count(self, poster: PosterBeside) -> None:
        owner = owner_of()
        manager = colleague(owner, "manager")
        self.start(manager)
        with in_business(owner.business.id):
            Membership.objects.filter(user=manager.user).update(role="salesperson")
        manager.client.get(returned(poster))
        assert holder_of("demo-cafe") is None

    def test_a_forged_code_is_refused_with_a_sentence(self, poster: PosterBeside) -> None:
        answer = owner_of().client.get("/poster/connected?code=00000000000000000000000000000000&account=demo-cafe")
        assert answer.status_code == 400
        assert "Poster did not confirm the connection." in answer.content.decode()
