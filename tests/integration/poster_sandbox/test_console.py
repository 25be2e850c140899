"""What an owner sees and does in the console."""

import json
import re

import pytest
from tests.integration.poster_sandbox import sales

ROOT = "/demo-cafe/manage"
PAGES = [
    "/",
    "/receipts",
    "/products",
    "/products/14",
    "/clients",
    "/clients/new",
    "/clients/1",
    "/sms",
    "/locations",
    "/tablets",
    "/employees",
    "/marketplace",
    "/marketplace/4242",
    "/installed",
    "/webhooks",
    "/settings",
    "/weather",
]


@pytest.fixture
def owner(sandbox):
    sandbox.sign_in()
    return sandbox


@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_the_customer_number(owner, page):
    answer = owner.client.get(ROOT + page)

    assert answer.status_code == 200
    assert 'data-test="customer-number">333226<' in answer.text


@pytest.mark.parametrize("page", PAGES)
def test_every_page_needs_somebody_signed_in(sandbox, page):
    answer = sandbox.client.get(ROOT + page)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{ROOT}/sign-in?next=")


def test_a_session_of_one_account_opens_no_other(owner):
    assert owner.client.get("/second-cafe/manage/").status_code == 302


def test_a_waiter_has_no_console(sandbox):
    assert 'value="3"' not in sandbox.client.get(f"{ROOT}/sign-in").text
    assert sandbox.sign_in(user=3).status_code == 200
    assert sandbox.client.get(f"{ROOT}/").status_code == 302


def test_signing_in_leads_to_no_other_site(sandbox):
    answer = sandbox.post_form(f"{ROOT}/sign-in", {"user": "1", "next": "//evil.example/"})

    assert answer.headers["Location"] == f"{ROOT}/"


def test_signing_out_ends_the_session(owner):
    owner.post_form(f"{ROOT}/sign-out", page=f"{ROOT}/")

    assert owner.client.get(f"{ROOT}/").status_code == 302


def test_the_account_name_stands_in_the_general_settings(owner):
    page = owner.client.get(f"{ROOT}/settings").text

    assert 'data-test="account-name">demo-cafe</strong>.joinposter.com' in page


def test_the_marketplace_leads_to_the_consent_page(owner):
    assert "/demo-cafe/manage/marketplace/4242" in owner.client.get(f"{ROOT}/marketplace?category=Loyalty").text
    page = owner.client.get(f"{ROOT}/marketplace/4242").text
    address = re.search(r'href="([^"]+)" data-test="connect"', page)[1].replace("&amp;", "&")

    assert address == owner.consent_address()
    assert "Allow Access" in owner.client.get(address).text


def test_a_new_location_and_tablet_have_their_numbers(owner):
    owner.post_form(f"{ROOT}/locations", {"name": "Harbour", "address": "Pier 2"})
    owner.post_form(f"{ROOT}/tablets", {"name": "Pier till", "spot": "11"})

    locations = owner.client.get(f"{ROOT}/locations").text
    assert 'data-test="location-number"><strong>11</strong></td><td>Harbour' in locations
    assert 'href="/demo-cafe/register/11/"' in owner.client.get(f"{ROOT}/tablets").text
    assert owner.register("GET", "bootstrap", tablet=11).json()["settings"]["spotId"] == 11


def test_a_tablet_needs_name_and_location(owner):
    answer = owner.post_form(f"{ROOT}/tablets", {"name": "Lost", "spot": "99"})

    assert answer.status_code == 422
    assert "choose its location" in answer.text


def test_a_client_is_changed_and_a_double_phone_refused(owner):
    fields = {"client_name": "Guest 1", "client_groups_id_client": "2", "phone": "+380501110001", "bonus": "12.50"}
    assert owner.post_form(f"{ROOT}/clients/1", fields).headers["Location"].endswith("done=client-saved")
    assert "12.50" in owner.client.get(f"{ROOT}/clients?search=0501110001").text

    refused = owner.post_form(f"{ROOT}/clients/1", {**fields, "phone": "+380501110002"})

    assert refused.status_code == 422
    assert "exists already" in refused.text


class TestReceipt:
    @pytest.fixture
    def receipt(self, owner):
        owner.register("POST", f"orders/{sales.ORDER_ID}/close", sales.paid())
        return f"{ROOT}/receipts/1001"

    def test_it_shows_lines_app_discount_and_payments(self, owner, receipt):
        page = owner.client.get(receipt).text

        assert "Cappuccino" in page
        assert "Discount by Loyal Demo</dt><dd>−40.00" in page
        assert 'data-test="receipt-paid">165.00' in page

    def test_a_line_is_returned(self, owner, receipt):
        owner.post_form(f"{receipt}/refund", {"count-0": "1"}, page=receipt)

        assert 'data-test="receipt-paid">104.63' in owner.client.get(receipt).text

    def test_too_much_is_said(self, owner, receipt):
        answer = owner.post_form(f"{receipt}/refund", {"count-0": "3"}, page=receipt)

        assert answer.status_code == 422
        assert "Of line 0, 2 can be returned" in answer.text

    def test_it_is_deleted(self, owner, receipt):
        owner.post_form(f"{receipt}/delete", page=receipt)

        assert 'data-test="receipt-status">Deleted' in owner.client.get(receipt).text


def test_the_weather_is_changed_by_form(owner):
    fields = {"web_api": "up", "web_api_delay_s": "0", "webhooks": "held", "proxy": "up"}
    owner.post_form(f"{ROOT}/weather", fields)

    assert owner.client.get("/sandbox/weather").json()["webhooks"] == "held"
    assert "makes trouble on purpose" in owner.client.get(f"{ROOT}/").text


def test_the_start_page_leads_everywhere(sandbox):
    page = sandbox.client.get("/").text

    assert 'href="/demo-cafe/manage/"' in page
    assert 'href="/demo-cafe/register/3/"' in page
    assert 'href="/second-cafe/register/1/"' in page


def test_a_product_is_changed_and_removed_in_the_console(owner):
    page = owner.client.get(f"{ROOT}/products/14").text
    assert 'value="Latte"' in page
    form = {"name": "Latte, big", "category_id": "3", "workshop_id": "2", "nodiscount": "on"}
    assert owner.post_form(f"{ROOT}/products/14", form).status_code == 302
    kept = next(
        one for one in json.loads(owner.state_path.read_bytes())["accounts"]["demo-cafe"]["products"] if one["id"] == 14
    )
    assert [kept[name] for name in ("name", "category_id", "workshop_id", "nodiscount", "hidden")] == [
        "Latte, big", 3, 2, 1, 0,
    ]  # fmt: skip
    assert owner.post_form(f"{ROOT}/products/14/remove", {}, page=f"{ROOT}/products/14").status_code == 302
    assert "Latte, big" not in owner.client.get(f"{ROOT}/products").text
    assert owner.client.get(f"{ROOT}/products/14").status_code == 404
