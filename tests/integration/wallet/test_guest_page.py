"""What the guest's page shows and changes."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings
from tests.integration.checks.factories import NOON, Guest, a_cafe, a_check, leave_business, rules
from tests.integration.checks.refunding import paid, refund
from tests.integration.wallet.guests import a_phone_with_card

from incust.businesses.tenancy import in_business
from incust.customers.models import Customer, Device
from incust.engine.program import CustomerStatus
from incust.wallet.guest import COOKIE, SALT
from incust.wallet.tickets import read_ticket

pytestmark = pytest.mark.django_db


class TestState:
    def test_it_shows_the_balance_and_each_receipt_with_what_it_moved(self) -> None:
        guest = a_cafe().guest(12000, email="olena@example.org")
        guest.finalize(a_check(9000), redeemed_minor=4000, now=NOON + timedelta(hours=1))
        state = a_phone_with_card(guest).get("/w/kava/state").json()
        assert state["bonus"]["balance_minor"] == 8250
        receipt, opening = state["history"]["items"]
        assert {k: receipt[k] for k in ("kind", "place", "total_minor", "redeemed_minor", "earned_minor")} == {
            "kind": "check", "place": "Center", "total_minor": 9000, "redeemed_minor": 4000, "earned_minor": 250,
        }  # fmt: skip
        assert (receipt["balance_after_minor"], opening["balance_after_minor"]) == (8250, 12000)
        assert (state["customer"]["email"], state["program"]) == ("olena@example.org", {"title": "Bonus club"})
        assert state["currency"] == {"code": "UAH", "digits": 2}

    def test_a_refund_is_a_movement_of_its_own(self) -> None:
        guest = a_cafe().guest(12000)
        check_id = paid(guest, 4000)
        phone = a_phone_with_card(guest)
        before = phone.get("/w/kava/balance").json()["version"]
        refund(guest.cafe, check_id, {"cake": 1})
        leave_business()
        state = phone.get("/w/kava/state").json()
        assert state["bonus"]["version"] == before + 2
        moved = state["history"]["items"][0]
        assert {name: moved[name] for name in moved if name not in ("id", "at")} == {
            "kind": "refund", "place": "Center", "total_minor": None, "redeemed_minor": 83, "earned_minor": 1333,
            "balance_after_minor": 9500,
        }  # fmt: skip

    def test_what_expires_is_listed_by_day(self) -> None:
        guest = a_cafe(program=rules(credit={"lifetime_days": 30})).guest()
        now = timezone.now()
        guest.finalize(a_check(9000), now=now)
        last_day = (now.astimezone(ZoneInfo("Europe/Kyiv")) + timedelta(days=30)).date()
        expiring = a_phone_with_card(guest).get("/w/kava/state").json()["bonus"]["expiring"]
        assert expiring == [{"amount_minor": 450, "expires_on": last_day.isoformat()}]

    def test_a_guest_without_an_account_sees_zero(self) -> None:
        state = a_phone_with_card(a_cafe().guest()).get("/w/kava/state").json()
        assert state["bonus"] == {"version": 0, "balance_minor": 0, "available_minor": 0, "expiring": []}
        assert state["history"] == {"items": [], "before": None}

    def test_history_comes_in_pages(self) -> None:
        guest = a_cafe().guest()
        for number in range(23):
            guest.finalize(a_check(9000, external_id=f"15065110645{number:02}"))
        phone = a_phone_with_card(guest)
        first = phone.get("/w/kava/state").json()["history"]
        rest = phone.get(f"/w/kava/history?before={first['before']}").json()
        assert (len(first["items"]), len(rest["items"]), rest["before"]) == (20, 3, None)
        assert len({item["id"] for item in first["items"] + rest["items"]}) == 23
        assert phone.get("/w/kava/history?before=x").status_code == 422

    def test_the_page_carries_the_state_for_opening_without_a_connection(self) -> None:
        page = a_phone_with_card(a_cafe().guest(12345)).get("/w/kava/")
        assert '"balance_minor": 12345' in page.content.decode()


class TestFences:
    def test_a_phone_of_one_business_is_nobody_in_another(self) -> None:
        ours, other = a_cafe("kava"), a_cafe("piekarnia")
        phone = a_phone_with_card(ours.guest(5000))
        other.guest(7000)
        cookie = phone.cookies[COOKIE].value
        stranger = Client()
        stranger.cookies[COOKIE] = cookie
        assert stranger.get("/w/kava/state").status_code == 200
        assert stranger.get("/w/piekarnia/state").status_code == 401

    @pytest.mark.parametrize(
        "cookie",
        ["", "x", signing.dumps({"b": 1, "d": 1}, salt="another"), signing.dumps([], salt=SALT)],
        # A signature holds the second it was made in, and every worker has to know the test by the same name.
        ids=["empty", "nonsense", "signed-for-another-use", "of-another-shape"],
    )
    def test_a_forged_cookie_is_nobody(self, cookie: str) -> None:
        a_cafe().guest()
        stranger = Client()
        stranger.cookies[COOKIE] = cookie
        assert stranger.get("/w/kava/state").status_code == 401

    def test_a_revoked_phone_is_nobody_at_once(self) -> None:
        cafe = a_cafe()
        phone = a_phone_with_card(cafe.guest())
        with in_business(cafe.business_id):
            Device.objects.update(revoked_at=NOON)
        for address in ("state", "balance", "live", "history?before=9"):
            assert phone.get(f"/w/kava/{address}").status_code == 401
        for address in ("code", "profile", "language", "forget"):
            assert phone.post(f"/w/kava/{address}").status_code == 401
        assert phone.get("/w/kava/").status_code == 401

    def test_an_unknown_business_is_not_found(self) -> None:
        assert Client().get("/w/nobody/").status_code == 404
        assert Client().get("/w/nobody/manifest.webmanifest").status_code == 404

    def test_forgetting_takes_the_card_off_the_phone(self) -> None:
        cafe = a_cafe()
        phone = a_phone_with_card(cafe.guest())
        assert phone.post("/w/kava/forget").status_code == 200
        assert cafe.rows("SELECT revoked_at IS NULL FROM customers.device") == [(False,)]
        assert phone.get("/w/kava/state").status_code == 401


class TestBalance:
    def test_nothing_new_costs_nothing(self) -> None:
        guest = a_cafe().guest(12000)
        phone = a_phone_with_card(guest)
        first = phone.get("/w/kava/balance")
        assert first.json() == {"version": 1, "balance_minor": 12000, "available_minor": 12000}
        again = phone.get("/w/kava/balance", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        guest.finalize(a_check(9000))
        changed = phone.get("/w/kava/balance", headers={"If-None-Match": first.headers["ETag"]})
        assert (changed.status_code, changed.json()["balance_minor"]) == (200, 12450)


class TestTemporaryCode:
    def test_each_one_replaces_the_last_and_lives_three_minutes(self) -> None:
        cafe = a_cafe()
        phone = a_phone_with_card(cafe.guest())
        codes = [phone.post("/w/kava/code").json() for _ in range(2)]
        assert codes[1]["lives_s"] == 180
        assert cafe.rows("SELECT code FROM customers.temporary_code") == [(codes[1]["code"],)]

    def test_looking_at_the_address_issues_nothing(self) -> None:
        assert a_phone_with_card(a_cafe().guest()).get("/w/kava/code").status_code == 405


class TestProfile:
    FILLED = {"name": "Olena", "birthday": "1990-04-12", "gender": "female", "consent": "on"}

    def test_consent_finishes_the_registration(self) -> None:
        cafe = a_cafe()
        phone = a_phone_with_card(cafe.guest(status="limited"))
        customer = phone.post("/w/kava/profile", self.FILLED).json()["customer"]
        assert {k: customer[k] for k in ("name", "birthday", "gender", "status")} == {
            "name": "Olena", "birthday": "1990-04-12", "gender": "female", "status": "full",
        }  # fmt: skip
        assert cafe.rows("SELECT given, source FROM customers.consent") == [(True, "wallet")]

    def test_the_program_says_what_consent_is_worth(self) -> None:
        cafe = a_cafe(program=rules(new_customer_status=CustomerStatus.LIMITED))
        phone = a_phone_with_card(cafe.guest(status="none"))
        assert phone.post("/w/kava/profile", self.FILLED).json()["customer"]["status"] == "limited"

    def test_without_consent_the_status_stays(self) -> None:
        phone = a_phone_with_card(a_cafe().guest(status="limited"))
        customer = phone.post("/w/kava/profile", {"name": "Olena"}).json()["customer"]
        assert (customer["name"], customer["status"]) == ("Olena", "limited")

    def test_fields_can_be_emptied(self) -> None:
        phone = a_phone_with_card(a_cafe().guest())
        phone.post("/w/kava/profile", self.FILLED)
        customer = phone.post("/w/kava/profile", {"name": ""}).json()["customer"]
        assert (customer["name"], customer["birthday"], customer["gender"]) == ("", None, None)

    @pytest.mark.parametrize(
        ("birthday", "sentence"), [("2999-01-01", "Check the year."), ("1800-01-01", "Check the year."), ("12", "")]
    )
    def test_an_impossible_birthday_is_refused_at_its_field(self, birthday: str, sentence: str) -> None:
        answer = a_phone_with_card(a_cafe().guest()).post("/w/kava/profile", {"birthday": birthday})
        assert answer.status_code == 422
        assert sentence in answer.json()["errors"]["birthday"]

    @pytest.mark.parametrize(
        ("language", "title"), [("uk", "Історія"), ("pl", "Historia"), ("ru", "История"), ("en", "History")]
    )
    def test_the_page_speaks_the_guests_language(self, language: str, title: str) -> None:
        cafe = a_cafe()
        guest = cafe.guest()
        phone = a_phone_with_card(guest)
        assert phone.post("/w/kava/language", {"language": language}).json() == {"language": language}
        assert title in phone.get("/w/kava/").content.decode()
        with in_business(cafe.business_id):
            assert Customer.objects.get(pk=guest.id).language == language
        assert phone.post("/w/kava/language", {"language": "xx"}).status_code == 422


class TestLiveTicket:
    def test_it_names_the_guest_and_only_for_a_minute(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.LIVE_URL = "http://localhost:8001"
        guest: Guest = a_cafe().guest()
        url = a_phone_with_card(guest).get("/w/kava/live").json()["url"]
        assert url.startswith("http://localhost:8001/live?ticket=")
        ticket = url.partition("ticket=")[2]
        assert read_ticket(ticket) == (guest.cafe.business_id, guest.id)
        assert read_ticket(ticket[:-1]) is None
        assert read_ticket("") is None
        monkeypatch.setattr("incust.wallet.tickets.GOOD_FOR_S", -1)
        assert read_ticket(ticket) is None

    def test_without_a_live_process_there_is_none_and_the_page_polls(self, settings: Settings) -> None:
        settings.LIVE_URL = ""
        assert a_phone_with_card(a_cafe().guest()).get("/w/kava/live").status_code == 404

    def test_pages_may_connect_to_the_live_process(self, settings: Settings) -> None:
        settings.LIVE_URL = "http://localhost:8001"
        policy = a_phone_with_card(a_cafe().guest()).get("/w/kava/").headers["Content-Security-Policy"]
        assert "connect-src 'self' http://localhost:8001;" in policy
