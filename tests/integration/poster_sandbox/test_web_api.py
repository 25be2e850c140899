"""Units, types and errors of the web API, method by method."""

import json
import time

import pytest
from tests.integration.poster_sandbox import sales
from tests.integration.poster_sandbox.running_sandbox import wait_until


def error_code(answer):
    assert set(answer) == {"error"}
    assert set(answer["error"]) == {"code", "message"}
    return answer["error"]["code"]


class TestErrors:
    def test_errors_come_with_status_200(self, sandbox):
        answer = sandbox.client.get("/demo-cafe/api/access.getSpots")

        assert answer.status_code == 200
        assert answer.json() == {"error": {"code": 10, "message": "Access token is not specified"}}

    def test_a_wrong_token_is_11_and_an_expired_one_12(self, sandbox, token):
        assert error_code(sandbox.api("access.getSpots", "333226:0")) == 11
        assert error_code(sandbox.api("access.getSpots", token, account="second-cafe")) == 11
        sandbox.post_form("/demo-cafe/manage/installed/4242/expire-token", page="/demo-cafe/manage/installed")
        assert error_code(sandbox.api("access.getSpots", token)) == 12

    def test_an_unknown_method_is_20(self, sandbox, token):
        assert error_code(sandbox.api("storage.getSuppliers", token)) == 20

    def test_an_archived_account_is_503_in_the_envelope(self, sandbox, token):
        sandbox.post_form("/demo-cafe/manage/settings", {"archived": "on", "lang": "en"})

        assert error_code(sandbox.api("access.getSpots", token)) == 503

    def test_a_missing_id_is_34_an_unknown_one_32(self, sandbox, token):
        assert error_code(sandbox.api("clients.getClient", token)) == 34
        assert error_code(sandbox.api("clients.getClient", token, client_id=999)) == 32
        assert error_code(sandbox.api("dash.getTransaction", token, transaction_id=999)) == 32

    def test_a_body_that_is_no_json_is_400(self, sandbox, token):
        answer = sandbox.client.post(
            f"/demo-cafe/api/clients.createGroup?token={token}",
            content="{oops",
            headers={"Content-Type": "application/json"},
        )

        assert error_code(answer.json()) == 400

    def test_without_the_accounts_name_the_token_tells_it(self, sandbox, token):
        answer = sandbox.client.get("/api/access.getTablets", params={"token": token}).json()

        assert len(answer["response"]) == 3


class TestPlaces:
    def test_settings(self, sandbox, token):
        settings = sandbox.api("settings.getAllSettings", token)["response"]

        assert settings["COMPANY_ID"] == "demo-cafe"
        assert settings["timezones"] == "Europe/Kiev"
        assert settings["lang"] == "en"
        assert settings["uses_tables"] == 0
        assert settings["currency"]["currency_code_iso"] == "UAH"

    def test_locations_are_texts_in_access_and_numbers_in_spots(self, sandbox, token):
        assert sandbox.api("access.getSpots", token)["response"][0] == {
            "spot_id": "1",
            "spot_name": "Center",
            "spot_adress": "1 Market Square",
            "storages": [{"storage_id": 1, "storage_name": "Storage Center", "storage_adress": "1 Market Square"}],
        }
        assert sandbox.api("spots.getSpots", token)["response"][1] == {
            "spot_id": 2,
            "name": "Station",
            "address": "12 Station Road",
        }

    def test_tablets(self, sandbox, token):
        assert sandbox.api("access.getTablets", token)["response"][2] == {
            "tablet_id": "3",
            "tablet_name": "Station till",
            "spot_id": "2",
        }

    def test_employees_are_numbered_and_keep_their_pin(self, sandbox, token):
        waiter = sandbox.api("access.getEmployees", token)["response"][2]

        assert (waiter["user_id"], waiter["name"], waiter["role_id"], waiter["access_mask"]) == (3, "Waiter", 4, 1)
        assert "pin" not in waiter


class TestClients:
    def test_a_client_is_texts_in_minor_units_in_an_array_of_one(self, sandbox, token):
        [client] = sandbox.api("clients.getClient", token, client_id=1)["response"]

        assert client["client_id"] == "1"
        assert client["bonus"] == "500"
        assert client["total_payed_sum"] == "0"
        assert client["birthday"] == "0000-00-00"
        assert (client["phone"], client["phone_number"]) == ("+380 50 11-10-001", "380501110001")
        assert (client["client_groups_id"], client["client_groups_discount"], client["loyalty_type"]) == (
            "2",
            "10",
            "2",
        )

    def test_groups(self, sandbox, token):
        assert sandbox.api("clients.getGroups", token)["response"][2] == {
            "client_groups_id": "3",
            "client_groups_name": "Cash-back 5 %",
            "client_groups_discount": "5",
            "loyalty_type": "1",
            "birthday_bonus": "0",
            "count_groups_clients": "3",
            "use_ewallet": "0",
            "delete": "0",
        }

    def test_a_new_group_is_answered_with_its_number(self, sandbox, token):
        fields = {"client_groups_name": "Ours", "loyalty_type": "2", "client_groups_discount": "0"}

        assert sandbox.api_post("clients.createGroup", token, **fields) == {"response": 11}
        assert error_code(sandbox.api_post("clients.createGroup", token, **fields)) == 38
        assert error_code(sandbox.api_post("clients.createGroup", token)) == 34

    def test_a_new_client_by_form_and_by_json(self, sandbox, token, receiver):
        fields = {
            "client_name": "Surname First Middle",
            "client_groups_id_client": 1,
            "phone": "+38 050 222-33-44",
            "birthday": "1986-11-23",
            "client_sex": 2,
        }
        assert sandbox.api_post("clients.createClient", token, **fields) == {"response": 101}
        by_json = sandbox.client.post(
            f"/demo-cafe/api/clients.createClient?token={token}", json={**fields, "phone": "+380502223345"}
        )
        assert by_json.json() == {"response": 102}

        [client] = sandbox.api("clients.getClients", token, phone="+380502223344")["response"]
        assert (client["lastname"], client["firstname"], client["patronymic"]) == ("Surname", "First", "Middle")
        assert (client["birthday"], client["client_sex"]) == ("1986-11-23", "2")
        hooks = wait_until(lambda: len(receiver.hooks) == 2 and receiver.hooks)
        assert [(hook["object"], hook["action"], hook["object_id"]) for hook in hooks] == [
            ("client", "added", 101),
            ("client", "added", 102),
        ]

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"phone": "12"}, 37),
            ({"phone": "call me"}, 37),
            ({"phone": "+380501110001"}, 99),
            ({"client_name": " "}, 34),
            ({"client_groups_id_client": ""}, 34),
            ({"client_groups_id_client": 99}, 32),
            ({"birthday": "yesterday"}, 155),
            ({"client_sex": 9}, 155),
        ],
    )
    def test_a_client_that_cannot_be(self, sandbox, token, changes, code):
        fields = {"client_name": "New", "client_groups_id_client": 1, "phone": "+380507654321", **changes}

        assert error_code(sandbox.api_post("clients.createClient", token, **fields)) == code
        assert len(sandbox.api("clients.getClients", token)["response"]) == 8

    def test_an_update_changes_what_is_sent_and_no_more(self, sandbox, token, receiver):
        answer = sandbox.api_post("clients.updateClient", token, client_id=2, card_number="777")

        [client] = sandbox.api("clients.getClient", token, client_id=2)["response"]
        assert answer == {"response": 2}
        assert (client["card_number"], client["phone_number"]) == ("777", "380501110002")
        assert wait_until(lambda: receiver.hooks)[0]["action"] == "changed"

    def test_lists_are_cut_into_pages_newest_first(self, sandbox, token):
        page = sandbox.api("clients.getClients", token, num=2, offset=1, client_id_only="true")["response"]

        assert page == [{"client_id": "7"}, {"client_id": "6"}]
        assert error_code(sandbox.api("clients.getClients", token, num="many")) == 701

    def test_an_sms_lands_in_the_console(self, sandbox, token):
        answer = sandbox.api_post("clients.sendSms", token, phone="380501110001", message="Code 123456")

        assert answer == {"response": True}
        assert "Code 123456" in sandbox.client.get("/demo-cafe/manage/sms").text
        assert error_code(sandbox.api_post("clients.sendSms", token, phone="48501110001", message="x")) == 37


def products(sandbox, token):
    return sandbox.api("menu.getProducts", token)["response"]


def told(sandbox):
    return [(hook["object"], hook["object_id"], hook["action"]) for hook in sandbox.receiver.hooks]


class TestMenu:
    def test_a_plain_product_has_prices_per_location_in_minor_units(self, sandbox, token):
        products = {one["product_id"]: one for one in sandbox.api("menu.getProducts", token)["response"]}

        assert products["31"]["price"] == {"1": "5500", "2": "5500"}
        assert products["31"]["menu_category_id"] == "3"
        assert (products["54"]["nodiscount"], products["31"]["nodiscount"]) == ("1", "0")
        assert (products["34"]["weight_flag"], products["34"]["unit"]) == ("1", "kg")

    def test_a_product_with_modifications_has_prices_there_only(self, sandbox, token):
        [cappuccino] = [one for one in sandbox.api("menu.getProducts", token)["response"] if one["product_id"] == "13"]

        assert "price" not in cappuccino
        assert cappuccino["modifications"][1]["modificator_id"] == "132"
        assert cappuccino["modifications"][1]["spots"][0]["price"] == "7500"

    def test_categories_and_their_products(self, sandbox, token):
        categories = sandbox.api("menu.getCategories", token)["response"]
        tea = sandbox.api("menu.getProducts", token, category_id=2)["response"]

        assert [one["category_name"] for one in categories] == ["Coffee", "Tea", "Pastry", "Breakfast", "Lunch", "Bar"]
        assert [one["product_id"] for one in tea] == ["21", "22", "23"]

    def test_stations_and_what_they_make(self, sandbox, token):
        assert sandbox.api("menu.getWorkshops", token)["response"] == [
            {"workshop_id": "1", "workshop_name": "Bar", "delete": "0"},
            {"workshop_id": "2", "workshop_name": "Kitchen", "delete": "0"},
        ]
        of_kitchen = [one["product_id"] for one in products(sandbox, token) if one["workshop"] == "2"]
        assert of_kitchen == ["41", "51", "52"]

    def test_a_changed_product_is_served_and_told(self, sandbox, token):
        changed = {"name": "Latte macchiato", "category_id": 3, "nodiscount": 1, "hidden": True}
        answer = sandbox.client.post("/sandbox/products", json={"account": "demo-cafe", "product_id": 14, **changed})
        assert answer.json() == {"ok": True}
        [latte] = [one for one in products(sandbox, token) if one["product_id"] == "14"]
        assert [latte[name] for name in ("product_name", "menu_category_id", "nodiscount", "hidden", "workshop")] == [
            "Latte macchiato", "3", "1", "1", "1",
        ]  # fmt: skip
        wait_until(lambda: sandbox.receiver.hooks)
        assert told(sandbox) == [("product", 14, "changed")]
        menu = sandbox.register("GET", "bootstrap").json()["products"]
        assert 14 not in [one["id"] for one in menu]

    def test_a_removed_product_is_listed_no_more_until_it_is_back(self, sandbox, token):
        def remove(removed):
            sandbox.client.post(
                "/sandbox/products", json={"account": "demo-cafe", "product_id": 34, "removed": removed}
            )
            return "34" in [one["product_id"] for one in products(sandbox, token)]

        assert [remove(True), remove(False)] == [False, True]
        wait_until(lambda: len(sandbox.receiver.hooks) == 2)
        assert told(sandbox) == [("dish", 34, "removed"), ("dish", 34, "added")]  # sold by weight: a dish

    def test_a_change_that_makes_no_sense_changes_nothing_and_tells_nobody(self, sandbox, token):
        before = products(sandbox, token)
        for changes, status in [({"name": " "}, 422), ({"category_id": 77}, 422), ({"taste": 1}, 422)]:
            sent = {"account": "demo-cafe", "product_id": 14, "nodiscount": 1, **changes}
            assert sandbox.client.post("/sandbox/products", json=sent).status_code == status
        assert sandbox.client.post("/sandbox/products", json={"account": "x", "product_id": 14}).status_code == 404
        assert products(sandbox, token) == before
        assert sandbox.receiver.hooks == []


class TestReceipts:
    @pytest.fixture
    def receipt_id(self, sandbox, token):
        sandbox.register("PUT", f"orders/{sales.ORDER_ID}", {"order": sales.order(), "history": []})
        return sandbox.register("POST", f"orders/{sales.ORDER_ID}/close", sales.paid()).json()["orderName"]

    def test_a_receipt_is_texts_in_minor_units(self, sandbox, token, receipt_id):
        [receipt] = sandbox.api("dash.getTransaction", token, transaction_id=receipt_id)["response"]

        assert receipt["transaction_id"] == str(receipt_id) == "1001"
        assert receipt["date_start"] == str(sales.ORDER_ID)
        assert (receipt["sum"], receipt["payed_sum"]) == ("20500", "16500")
        assert (receipt["payed_cash"], receipt["payed_card"], receipt["pay_type"]) == ("10000", "6500", "3")
        assert (receipt["status"], receipt["client_id"], receipt["spot_id"]) == ("2", "5", "1")
        assert "products" not in receipt
        assert "history" not in receipt

    def test_products_share_what_was_paid(self, sandbox, token, receipt_id):
        [receipt] = sandbox.api("dash.getTransaction", token, transaction_id=receipt_id, include_products="true")[
            "response"
        ]

        assert [
            (p["product_id"], p["modification_id"], p["num"], p["product_price"], p["payed_sum"])
            for p in receipt["products"]
        ] == [("13", "132", "2", "7500", "12073"), ("31", "0", "1", "5500", "4427")]

    def test_history_gives_its_json_parsed(self, sandbox, token, receipt_id):
        [receipt] = sandbox.api("dash.getTransaction", token, transaction_id=receipt_id, include_history="true")[
            "response"
        ]

        assert [entry["type_history"] for entry in receipt["history"]] == ["open", "close"]
        assert receipt["history"][1]["value2"] == "16500"
        assert receipt["history"][1]["value_text"] == {"payments": {"cash": 100, "card": 65}}

    def test_weight_goods_are_sold_by_the_gram_and_booked_by_the_kilogram(self, sandbox, token):
        biscuits = {"0": {"id": sales.BISCUITS, "count": 250, "price": 0.42}}
        order = sales.order(products=biscuits, total=105, clientId=0, payType="mix")
        body = {"order": order, "payments": {"card": 105}}
        number = sandbox.register("POST", f"orders/{sales.ORDER_ID}/close", body).json()["orderName"]

        [receipt] = sandbox.api("dash.getTransaction", token, transaction_id=number, include_products="true")[
            "response"
        ]
        assert (receipt["sum"], receipt["payed_card"], receipt["pay_type"]) == ("10500", "10500", "2")
        assert (receipt["products"][0]["num"], receipt["products"][0]["product_price"]) == ("0.25", "42000")

    def test_lists_by_day_and_status(self, sandbox, token, receipt_id):
        everything = {"dateFrom": "20200101", "dateTo": "20991231"}

        closed = sandbox.api("dash.getTransactions", token, **everything)["response"]
        assert [one["transaction_id"] for one in closed] == ["1001"]
        assert sandbox.api("dash.getTransactions", token, **everything, status=1)["response"] == []
        assert sandbox.api("dash.getTransactions", token, dateFrom="20200101", dateTo="20200102")["response"] == []
        assert error_code(sandbox.api("dash.getTransactions", token, dateFrom="2020-01-01")) == 155

    def test_pages_of_receipts_are_numbers(self, sandbox, token, receipt_id):
        today = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 86400))
        answer = sandbox.api("transactions.getTransactions", token, date_from=today, date_to="2099-12-31", per_page=10)[
            "response"
        ]

        assert (answer["count"], answer["page"]) == (1, {"per_page": 10, "page": 1, "count": 1})
        [receipt] = answer["data"]
        assert (receipt["transaction_id"], receipt["client_id"], receipt["payed_sum"]) == (1001, 5, 165)
        assert receipt["products"][0]["num"] == 2

    def test_pages_need_dates_and_bounds(self, sandbox, token):
        dates = {"date_from": "2024-01-01", "date_to": "2024-01-02"}

        assert error_code(sandbox.api("transactions.getTransactions", token)) == 34
        assert error_code(sandbox.api("transactions.getTransactions", token, **dates, per_page=1001)) == 155


class TestExtras:
    def test_extras_of_the_account_reach_settings_and_registers(self, sandbox, token):
        answer = sandbox.api_post(
            "application.setEntityExtras", token, **{"entity_type": "settings", "extras[token]": "abc"}
        )

        assert answer == {"response": True}
        assert sandbox.api("settings.getAllSettings", token)["response"]["extras"] == {"token": "abc"}
        assert sandbox.register("GET", "bootstrap").json()["settings"]["extras"] == {"token": "abc"}

    def test_extras_of_a_tablet_reach_that_register_only(self, sandbox, token):
        extras = json.dumps({"ip": "on"})
        sandbox.api_post("application.setEntityExtras", token, entity_type="tablet", entity_id=2, extras=extras)

        assert sandbox.register("GET", "bootstrap", tablet=2).json()["settings"]["spotTabletExtras"] == {"ip": "on"}
        assert sandbox.register("GET", "bootstrap", tablet=1).json()["settings"]["spotTabletExtras"] == {}

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"entity_type": "spot", "entity_id": 99, "extras[a]": "b"}, 32),
            ({"entity_type": "moon", "entity_id": 1, "extras[a]": "b"}, 155),
            ({"entity_type": "spot", "entity_id": 1, "extras": "no"}, 36),
        ],
    )
    def test_extras_that_cannot_be(self, sandbox, token, fields, code):
        assert error_code(sandbox.api_post("application.setEntityExtras", token, **fields)) == code

    def test_an_app_asks_who_installed_it(self, sandbox, token):
        info = sandbox.api("application.getInfo", token)["response"]

        assert (info["user"]["id"], info["ownerInfo"]["country"]) == ("1", "UA")


class TestWeather:
    def test_down_is_http_503(self, sandbox, token):
        sandbox.weather(web_api="down")

        assert sandbox.client.get(f"/demo-cafe/api/access.getSpots?token={token}").status_code == 503

    def test_slow_is_slow(self, sandbox, token):
        sandbox.weather(web_api_delay_s=0.3)
        began = time.monotonic()
        sandbox.api("access.getSpots", token)

        assert time.monotonic() - began >= 0.3

    def test_unknown_weather_is_refused_and_changes_nothing(self, sandbox):
        answer = sandbox.client.post("/sandbox/weather", json={"web_api": "down", "moon": "full"})

        assert answer.status_code == 422
        assert sandbox.client.get("/sandbox/weather").json()["web_api"] == "up"
