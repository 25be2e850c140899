"""The guest's link: once, one phone, and never a word more than needed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.integration.checks.factories import a_cafe
from tests.integration.wallet.guests import a_phone_with_card, link_of, open_on

from incust.businesses.tenancy import in_business
from incust.customers.models import Customer, Device, WalletLink
from incust.customers.wallet_links import revoke_wallet_links
from incust.wallet.open_link import DEVICES_MAX

pytestmark = pytest.mark.django_db


def test_opening_the_page_binds_nothing_so_that_previews_do_not_use_the_link_up() -> None:
    cafe = a_cafe()
    link = link_of(cafe.guest())
    for _ in range(3):
        page = Client().get(link)
        assert page.status_code == 200
        assert "Open on this phone" in page.content.decode()
    assert cafe.rows("SELECT count(*) FROM customers.device") == [(0,)]
    assert open_on(Client(), cafe, link) == 200


def test_a_link_binds_one_phone_and_no_other() -> None:
    cafe = a_cafe()
    link = link_of(cafe.guest(5000))
    phone, other = Client(), Client()
    assert open_on(phone, cafe, link) == 200
    assert open_on(other, cafe, link) == 410
    assert open_on(phone, cafe, link) == 410
    assert phone.get("/w/kava/state").json()["bonus"]["balance_minor"] == 5000
    assert other.get("/w/kava/state").status_code == 401


def test_on_its_phone_a_used_link_leads_into_the_wallet_and_elsewhere_to_asking_for_a_new_one() -> None:
    cafe = a_cafe()
    guest = cafe.guest()
    link = link_of(guest)
    phone = Client()
    open_on(phone, cafe, link)
    page = phone.get(link, follow=True)
    assert (page.redirect_chain, page.status_code) == ([("/w/kava/", 302)], 200)
    elsewhere = Client().get(link, follow=True)
    assert elsewhere.status_code == 401
    assert "have a new link sent" in elsewhere.content.decode()


def test_the_answer_holds_the_phones_secret_and_the_cookie_is_out_of_reach_of_scripts() -> None:
    cafe = a_cafe()
    link = link_of(cafe.guest())
    answer = Client().post("/w/kava/bind", {"token": link.rpartition("/")[2]})
    device = answer.json()["device"]
    assert (len(device["number"]), len(device["secret"])) == (10, 44)
    cookie = answer.cookies["incust_wallet"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/w/kava/")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("how", ["revoked", "replaced by a newer one", "too old", "never given out"])
def test_a_link_that_is_no_good_opens_nothing_and_all_look_alike(how: str) -> None:
    cafe = a_cafe()
    guest = cafe.guest()
    link = link_of(guest)
    with in_business(cafe.business_id):
        if how == "revoked":
            revoke_wallet_links(Customer.objects.get(pk=guest.id), timezone.now())
        elif how == "too old":
            WalletLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    if how == "replaced by a newer one":
        link_of(guest)
    if how == "never given out":
        link = "/w/l/" + "A" * 24
    page = Client().get(link)
    assert page.status_code == 410
    assert "This link does not open a card any more" in page.content.decode()
    assert open_on(Client(), cafe, link) == 410


def test_a_link_of_one_business_binds_nothing_in_another() -> None:
    ours, other = a_cafe("kava"), a_cafe("piekarnia")
    link = link_of(ours.guest())
    assert open_on(Client(), other, link) == 410
    assert other.rows("SELECT count(*) FROM customers.device") == [(0,)]
    assert open_on(Client(), ours, link) == 200


def test_a_phone_bound_anew_lets_go_of_what_it_was() -> None:
    cafe = a_cafe()
    guest = cafe.guest()
    phone = a_phone_with_card(guest)
    assert open_on(phone, cafe, link_of(guest)) == 200
    assert cafe.rows("SELECT revoked_at IS NULL FROM customers.device ORDER BY id") == [(False,), (True,)]


def test_a_guest_has_a_few_phones_and_the_first_is_let_go_for_another() -> None:
    cafe = a_cafe()
    guest = cafe.guest()
    phones = [a_phone_with_card(guest) for _ in range(DEVICES_MAX + 1)]
    assert [phone.get("/w/kava/state").status_code for phone in phones] == [401] + [200] * DEVICES_MAX


def test_binding_needs_the_pages_own_token_against_forgery() -> None:
    cafe = a_cafe()
    link = link_of(cafe.guest())
    phone = Client(enforce_csrf_checks=True)
    assert open_on(phone, cafe, link) == 403
    phone.get(link)
    token = phone.cookies["incust_csrf"].value
    bound = phone.post("/w/kava/bind", {"token": link.rpartition("/")[2]}, headers={"X-CSRFToken": token})
    assert bound.status_code == 200


def test_pages_allow_no_inline_scripts_and_no_foreign_content() -> None:
    cafe = a_cafe()
    policy = Client().get(link_of(cafe.guest())).headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    page = a_phone_with_card(cafe.guest()).get("/w/kava/").content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page


def test_no_device_secret_is_stored_in_the_open() -> None:
    cafe = a_cafe()
    link = link_of(cafe.guest())
    secret = Client().post("/w/kava/bind", {"token": link.rpartition("/")[2]}).json()["device"]["secret"]
    with in_business(cafe.business_id):
        assert secret.encode() not in bytes(Device.objects.get().secret_sealed)
