"""From “Connect” to a token."""

import hashlib
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.integration.poster_sandbox.running_sandbox import APP_ID, SECRET, wait_until


class TestConsent:
    def test_without_an_account_one_is_chosen_first(self, sandbox):
        page = sandbox.client.get(sandbox.consent_address().replace("/demo-cafe", "", 1))

        assert page.status_code == 200
        assert 'href="/second-cafe/api/auth?application_id=4242&amp;' in page.text

    def test_who_is_not_signed_in_signs_in_and_comes_back(self, sandbox):
        address = sandbox.consent_address()
        answer = sandbox.client.get(address)
        assert answer.headers["Location"].startswith("/demo-cafe/manage/sign-in?next=%2Fdemo-cafe%2Fapi%2Fauth")

        signed_in = sandbox.post_form(answer.headers["Location"], {"user": "1", "next": address})

        assert signed_in.headers["Location"] == address

    def test_allowing_sends_the_owner_back_with_code_and_account_alone(self, sandbox):
        sandbox.sign_in()
        answer = sandbox.post_form(sandbox.consent_address(state="xyz"), {"allow": "1"})

        address = answer.headers["Location"]
        query = parse_qs(urlsplit(address).query)
        assert address.startswith(sandbox.app["redirect_uri"] + "?")
        assert set(query) == {"code", "account"}
        assert re.fullmatch(r"[0-9a-f]{32}", query["code"][0])
        assert query["account"] == ["demo-cafe"]

    def test_client_id_is_as_good_as_application_id(self, sandbox):
        sandbox.sign_in()
        page = sandbox.client.get(sandbox.consent_address().replace("application_id", "client_id"))

        assert "Allow Access" in page.text

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"redirect_uri": "http://evil.example/"}, "redirect_uri differs"),
            ({"application_id": "1"}, "no application with the id"),
            ({"response_type": "token"}, "response_type must be"),
        ],
    )
    def test_a_wrong_request_leads_nowhere(self, sandbox, wrong, sentence):
        sandbox.sign_in()
        page = sandbox.client.get(sandbox.consent_address(**wrong))

        assert page.status_code == 400
        assert sentence in page.text
        assert "Location" not in page.headers

    def test_cancelling_connects_nothing(self, sandbox):
        sandbox.sign_in()
        answer = sandbox.post_form(sandbox.consent_address(), {"deny": "1"})

        assert answer.headers["Location"] == "/demo-cafe/manage/marketplace/4242"
        assert sandbox.webhooks() == []

    def test_another_site_cannot_allow_for_the_owner(self, sandbox):
        sandbox.sign_in()
        answer = sandbox.client.post(
            sandbox.consent_address(), data={"allow": "1"}, headers={"Origin": "http://evil.example"}
        )

        assert answer.status_code == 403


class TestExchange:
    def test_a_code_becomes_a_token_with_user_owner_and_tariff(self, sandbox):
        answer = sandbox.exchange(sandbox.allow()["code"])

        assert re.fullmatch(r"333226:[0-9a-f]{32}", answer["access_token"])
        assert answer["account_number"] == "333226"
        assert answer["user"] == {"id": 1, "name": "Owner", "email": "owner@demo-cafe.example", "role_id": 3}
        assert answer["ownerInfo"] == {
            "email": "owner@demo-cafe.example",
            "phone": "+380501110099",
            "city": "",
            "country": "UA",
            "name": "Demo Cafe",
            "company_name": "Demo Cafe",
        }
        assert answer["tariff"]["key"] == "demo"

    def test_multipart_is_taken_as_well(self, sandbox):
        code = sandbox.allow()["code"]
        form = {
            "application_id": APP_ID,
            "application_secret": SECRET,
            "grant_type": "authorization_code",
            "redirect_uri": sandbox.app["redirect_uri"],
            "code": code,
        }
        answer = sandbox.client.post(
            "/demo-cafe/api/v2/auth/access_token", files={name: (None, value) for name, value in form.items()}
        ).json()

        assert answer["access_token"].startswith("333226:")

    def test_a_code_is_good_once(self, sandbox):
        code = sandbox.allow()["code"]
        sandbox.exchange(code)

        assert sandbox.exchange(code) == {
            "code": 155,
            "error_type": "OAuthException",
            "error_message": "The code is wrong, used or expired",
        }

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"application_secret": "no"}, 155),
            ({"redirect_uri": "http://evil.example/"}, 155),
            ({"grant_type": "password"}, 155),
            ({"application_id": "1"}, 143),
            ({"application_secret": ""}, 34),
        ],
    )
    def test_a_refused_exchange_does_not_spend_the_code(self, sandbox, wrong, code):
        granted = sandbox.allow()["code"]

        assert sandbox.exchange(granted, **wrong)["code"] == code
        assert "access_token" in sandbox.exchange(granted)

    def test_a_code_of_one_account_is_worth_nothing_in_another(self, sandbox):
        code = sandbox.allow("demo-cafe")["code"]

        assert sandbox.exchange(code, account="second-cafe")["code"] == 155

    def test_the_apps_server_hears_of_the_connection_with_its_token(self, sandbox, receiver):
        token = sandbox.connect()
        hook = wait_until(lambda: receiver.hooks)[0]

        assert (hook["object"], hook["action"], hook["object_id"]) == ("application", "added", 4242)
        assert (hook["account"], hook["account_number"]) == ("demo-cafe", "333226")
        assert f'"access_token":"{token}"' in hook["data"]
        assert '"user_id":1' in hook["data"]

    def test_disconnecting_voids_the_token_and_tells_the_app(self, sandbox, receiver, token):
        sandbox.post_form("/demo-cafe/manage/installed/4242/disconnect", page="/demo-cafe/manage/installed")

        assert sandbox.api("access.getSpots", token)["error"]["code"] == 11
        assert wait_until(lambda: receiver.hooks)[0]["action"] == "removed"

    def test_connecting_again_after_a_disconnection_gives_another_token(self, sandbox, token):
        sandbox.post_form("/demo-cafe/manage/installed/4242/disconnect", page="/demo-cafe/manage/installed")

        assert sandbox.connect() != token


class TestManagePlatform:
    def manage_code(self, sandbox):
        page = sandbox.client.get("/demo-cafe/manage/installed/4242/").text
        return re.search(r'/manage\?lang=en&amp;code=([0-9a-f]{32})"', page)[1]

    def ask(self, sandbox, code, verify):
        form = {"application_id": APP_ID, "application_secret": SECRET, "code": code, "verify": verify}
        return sandbox.client.post("/api/v2/auth/manage", data=form).json()

    def test_the_app_learns_who_has_its_page_open(self, sandbox, token):
        code = self.manage_code(sandbox)
        verify = hashlib.md5(f"{APP_ID}:{SECRET}:{code}".encode()).hexdigest()

        answer = self.ask(sandbox, code, verify)

        assert answer["access_token"] == token
        assert answer["user"]["role_id"] == 3
        assert self.ask(sandbox, code, verify)["error"] == 155

    def test_a_wrong_signature_is_refused(self, sandbox, token):
        answer = self.ask(sandbox, self.manage_code(sandbox), "0" * 32)

        assert answer == {"error": 142, "message": "Verify code is not correct", "field": "verify"}

    def test_a_code_of_the_manage_page_is_none_for_oauth(self, sandbox, token):
        assert sandbox.exchange(self.manage_code(sandbox))["code"] == 155
