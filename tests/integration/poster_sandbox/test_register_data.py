"""What the register page is told, and what it tells."""

import pytest
from tests.integration.poster_sandbox import sales
from tests.integration.poster_sandbox.running_sandbox import wait_until

PUT_ADDRESS = f"orders/{sales.ORDER_ID}"
CLOSE_ADDRESS = f"orders/{sales.ORDER_ID}/close"


class TestStart:
    def test_settings_are_posters(self, sandbox):
        assert sandbox.register("GET", "bootstrap", tablet=3).json()["settings"] == {
            "accountUrl": "demo-cafe",
            "country": "UA",
            "currencyCodeIso": "UAH",
            "currency": "грн.",
            "currencySymbol": "₴",
            "lang": "en",
            "spotId": 2,
            "spotTabletId": 3,
            "timezone": "Europe/Kiev",
            "usesTables": False,
            "extras": {},
            "spotExtras": {},
            "spotTabletExtras": {},
        }

    def test_prices_are_currency_units(self, sandbox):
        products = {one["id"]: one for one in sandbox.register("GET", "bootstrap").json()["products"]}

        assert products[31] == {
            "id": 31,
            "category_id": 3,
            "name": "Croissant",
            "price": 55,
            "unit": "p",
            "nodiscount": 0,
            "modifications": [],
            "color": "#C77800",
        }
        assert products[13]["modifications"][1] == {"id": 132, "name": "350 ml", "price": 75}
        assert (products[34]["unit"], products[34]["price"]) == ("kg", 420)

    def test_apps_appear_once_they_are_connected(self, sandbox):
        assert sandbox.register("GET", "bootstrap").json()["apps"] == []
        sandbox.connect()

        [app] = sandbox.register("GET", "bootstrap").json()["apps"]
        assert app == {
            "applicationId": "4242",
            "applicationName": "loyaldemo",
            "title": "Loyal Demo",
            "bundleAddress": sandbox.app["bundle_address"],
        }
        assert sandbox.register("GET", "bootstrap", account="second-cafe").json()["apps"] == []

    def test_pins_stay_on_the_server(self, sandbox):
        assert all("pin" not in one for one in sandbox.register("GET", "bootstrap").json()["employees"])

    def test_an_unknown_register_is_404(self, sandbox):
        assert sandbox.register("GET", "bootstrap", tablet=99).status_code == 404
        assert sandbox.register("GET", "bootstrap", account="nobody").status_code == 404


class TestPeople:
    def test_the_waiter_signs_in_with_0000(self, sandbox):
        answer = sandbox.register("POST", "login", {"pin": "0000"})

        assert answer.json() == {"user": {"id": 3, "name": "Waiter", "role_id": 4, "admin": False}}

    @pytest.mark.parametrize("body", [{"pin": "4711"}, {"pin": 0}, {}])
    def test_a_wrong_pin_is_403(self, sandbox, body):
        assert sandbox.register("POST", "login", body).status_code == 403

    def test_managers_rights_need_a_managers_pin(self, sandbox):
        assert sandbox.register("POST", "manager", {"pin": "2222"}).json()["ok"] is True
        assert sandbox.register("POST", "manager", {"pin": "0000"}).status_code == 403

    def test_guests_are_found_by_name_phone_and_card(self, sandbox):
        by_phone = sandbox.register("GET", "clients?search=0501110004").json()
        by_card = sandbox.register("GET", "clients?search=2000000000004").json()
        by_name = sandbox.register("GET", "clients?search=guest 4").json()

        assert [one["id"] for one in by_phone["clients"]] == [4]
        assert [one["id"] for one in by_card["foundByCard"]] == [4]
        assert [one["id"] for one in by_name["clients"]] == [4]
        assert by_phone["foundByCard"] == []

    def test_a_guest_is_posters_client_in_currency_units(self, sandbox):
        client = sandbox.register("GET", "clients/3").json()["client"]

        assert (client["id"], client["phone"], client["bonus"]) == (3, "+380501110003", 15)
        assert (client["groupId"], client["discount"], client["loyaltyType"]) == (1, 0, 2)
        assert sandbox.register("GET", "clients/999").status_code == 404

    @pytest.mark.parametrize("wrapped", [True, False])
    def test_a_new_guest_in_both_shapes(self, sandbox, wrapped):
        fields = {
            "client_name": "Guest Nine",
            "client_groups_id_client": 1,
            "country_phone_code": 380,
            "phone": "0509998877",
            "birthday": "03-08-1990",
        }
        client = sandbox.register("POST", "clients", {"client": fields} if wrapped else fields).json()["client"]

        assert (client["phone"], client["birthday"]) == ("+380509998877", "1990-08-03")

    def test_a_second_guest_of_one_phone_is_an_error(self, sandbox):
        fields = {"client_name": "Twin", "client_groups_id_client": 1, "phone": "+380501110001"}

        assert sandbox.register("POST", "clients", fields).json()["error"]["code"] == 99

    def test_a_shift_is_opened_and_closed_once(self, sandbox):
        assert sandbox.register("POST", "shift", {"action": "open"}).json()["shift"]["timeend"] == 0
        assert sandbox.register("POST", "shift", {"action": "open"}, tablet=2).status_code == 409
        sandbox.register("POST", CLOSE_ADDRESS, sales.paid())

        closed = sandbox.register("POST", "shift", {"action": "close"}).json()["shift"]

        assert closed["timeend"] >= closed["timestart"]
        assert closed["amount_end"] == 100


class TestOpenOrders:
    def test_an_order_shows_on_the_other_registers_of_its_location(self, sandbox):
        answer = sandbox.register("PUT", PUT_ADDRESS, {"order": sales.order(), "history": []})

        assert answer.json()["orderName"] == 1001
        [order] = sandbox.register("GET", "orders", tablet=2).json()["orders"]
        assert (order["id"], order["orderName"], order["total"]) == (sales.ORDER_ID, 1001, 205)
        assert sandbox.register("GET", "orders", tablet=3).json()["orders"] == []

    def test_extras_of_another_register_survive_an_older_copy(self, sandbox):
        sandbox.register("PUT", PUT_ADDRESS, {"order": sales.order()})
        extra = {"key": "guest", "value": "41"}
        assert sandbox.register("POST", f"{PUT_ADDRESS}/extras", extra, tablet=2).json() == {"success": True}

        sandbox.register("PUT", PUT_ADDRESS, {"order": sales.order(comment="no sugar")})

        [order] = sandbox.register("GET", "orders").json()["orders"]
        assert (order["extras"], order["comment"]) == ({"guest": "41"}, "no sugar")

    def test_an_extra_is_a_text(self, sandbox):
        sandbox.register("PUT", PUT_ADDRESS, {"order": sales.order()})

        assert sandbox.register("POST", f"{PUT_ADDRESS}/extras", {"key": "a", "value": 1}).status_code == 422
        assert sandbox.register("POST", "orders/1/extras", {"key": "a", "value": "b"}).status_code == 404

    @pytest.mark.parametrize(
        "order",
        [
            None,
            sales.order(order_id=5),
            sales.order(products=[]) | {"products": [1]},
            sales.order(products={"0": {"id": 999, "count": 1, "price": 1}}),
            sales.order(products={"0": {"id": 31, "count": -1, "price": 1}}),
            sales.order(products={"0": {"id": 31, "count": "x", "price": 1}}),
            sales.order(extras="no"),
        ],
    )
    def test_nonsense_is_refused_and_keeps_nothing(self, sandbox, order):
        assert sandbox.register("PUT", PUT_ADDRESS, {"order": order}).status_code == 422
        assert sandbox.register("GET", "orders").json()["orders"] == []

    def test_a_dropped_order_is_gone_and_stays_gone(self, sandbox):
        sandbox.register("PUT", PUT_ADDRESS, {"order": sales.order()})

        assert sandbox.register("DELETE", PUT_ADDRESS).json() == {"removed": True}
        assert sandbox.register("DELETE", PUT_ADDRESS).json() == {"removed": False}
        assert sandbox.register("PUT", PUT_ADDRESS, {"order": sales.order()}).status_code == 409


class TestReceipts:
    def test_closing_twice_is_closing_once(self, sandbox, token):
        first = sandbox.register("POST", CLOSE_ADDRESS, sales.paid()).json()
        again = sandbox.register("POST", CLOSE_ADDRESS, sales.paid()).json()

        assert first["orderName"] == again["orderName"] == 1001
        [client] = sandbox.api("clients.getClient", token, client_id=5)["response"]
        assert client["total_payed_sum"] == "16500"

    def test_a_receipt_is_posters_order_with_its_payments(self, sandbox):
        sandbox.register("POST", CLOSE_ADDRESS, sales.paid())

        [receipt] = sandbox.register("GET", "receipts?limit=50").json()["receipts"]
        assert (receipt["status"], receipt["payedSum"], receipt["payedCash"], receipt["payedCard"]) == (2, 165, 100, 65)
        assert (receipt["platformDiscount"], receipt["loyaltyAppId"], receipt["total"]) == (40, 4242, 205)

    def test_closed_without_payment_is_pay_type_0(self, sandbox, token):
        order = sales.order(payType="close", clientId=0)
        body = {"order": order, "payments": {"reason": 2}}
        sandbox.register("POST", CLOSE_ADDRESS, body)

        [receipt] = sandbox.api("dash.getTransaction", token, transaction_id=1001)["response"]
        assert (receipt["pay_type"], receipt["reason"], receipt["payed_sum"]) == ("0", "2", "0")

    def test_a_bonus_group_collects_posters_own_bonus(self, sandbox, token):
        body = sales.paid()
        body["order"]["clientId"] = 2  # group 3: cash-back of 5 %, bonus 10.00
        sandbox.register("POST", CLOSE_ADDRESS, body)

        [client] = sandbox.api("clients.getClient", token, client_id=2)["response"]
        assert client["bonus"] == "1825"

    @pytest.mark.parametrize("payments", [None, {"cash": -1}, {"cash": "much"}])
    def test_payments_that_cannot_be(self, sandbox, payments):
        body = {"order": sales.paid()["order"], "payments": payments}

        assert sandbox.register("POST", CLOSE_ADDRESS, body).status_code == 422
        assert sandbox.register("GET", "receipts").json()["receipts"] == []

    def test_a_returned_line_leaves_count_sum_and_the_guests_total(self, sandbox, token):
        sandbox.register("POST", CLOSE_ADDRESS, sales.paid())
        answer = sandbox.register("POST", "receipts/1001/refund", {"products": [{"key": "0", "count": 1}]}).json()

        assert answer["removed"] is False
        assert answer["receipt"]["products"]["0"]["refunded"] == 1
        [receipt] = sandbox.api("dash.getTransaction", token, transaction_id=1001, include_products="true")["response"]
        assert (receipt["sum"], receipt["payed_sum"]) == ("13000", "10463")
        assert (receipt["products"][0]["num"], receipt["products"][0]["payed_sum"]) == ("1", "6036")
        [client] = sandbox.api("clients.getClient", token, client_id=5)["response"]
        assert client["total_payed_sum"] == "10463"

    def test_no_more_comes_back_than_was_sold(self, sandbox):
        sandbox.register("POST", CLOSE_ADDRESS, sales.paid())
        one = {"products": [{"key": "1", "count": 1}]}

        assert sandbox.register("POST", "receipts/1001/refund", one).status_code == 200
        assert sandbox.register("POST", "receipts/1001/refund", one).status_code == 422
        assert (
            sandbox.register("POST", "receipts/1001/refund", {"products": [{"key": "7", "count": 1}]}).status_code
            == 422
        )

    @pytest.mark.parametrize("address", ["receipts/1001/delete", f"receipts/{sales.ORDER_ID}/refund"])
    def test_a_whole_receipt_goes_back_with_everything(self, sandbox, token, address):
        sandbox.register("POST", CLOSE_ADDRESS, sales.paid())

        assert sandbox.register("POST", address).json()["removed"] is True
        [receipt] = sandbox.api("dash.getTransaction", token, transaction_id=1001)["response"]
        [client] = sandbox.api("clients.getClient", token, client_id=5)["response"]
        assert (receipt["status"], client["total_payed_sum"]) == ("3", "0")
        assert sandbox.register("GET", "receipts").json()["receipts"] == []

    def test_an_open_order_cannot_be_refunded(self, sandbox):
        sandbox.register("PUT", PUT_ADDRESS, {"order": sales.order()})

        assert sandbox.register("POST", "receipts/1001/refund").status_code == 409


class TestHooksOfASale:
    def story(self, receiver, count):
        hooks = wait_until(lambda: len(receiver.hooks) >= count and receiver.hooks)
        return [(hook["object"], hook["action"]) for hook in hooks]

    def test_a_sale_is_told_step_by_step(self, sandbox, receiver, token):
        item = {"type_history": "additem", "value": 31, "value3": 0, "value_text": {"price": 55}}
        sandbox.register("PUT", PUT_ADDRESS, {"order": sales.order(), "history": [item]})
        sandbox.register("POST", CLOSE_ADDRESS, sales.paid())

        assert self.story(receiver, 4) == [
            ("transaction", "added"),
            ("transaction", "changed"),
            ("transaction", "closed"),
            ("client_payed_sum", "changed"),
        ]

    def test_an_order_closed_offline_tells_the_same_story_later(self, sandbox, receiver, token):
        item = {"type_history": "additem", "value": 31, "value_text": '{"price":55}'}
        sandbox.register("POST", CLOSE_ADDRESS, {**sales.paid(), "history": [item]})

        assert self.story(receiver, 4) == [
            ("transaction", "added"),
            ("transaction", "changed"),
            ("transaction", "closed"),
            ("client_payed_sum", "changed"),
        ]

    def test_refund_and_deletion_are_told(self, sandbox, receiver, token):
        sandbox.register("POST", CLOSE_ADDRESS, sales.paid())
        wait_until(lambda: len(receiver.hooks) == 3)
        receiver.clear()
        sandbox.register("POST", "receipts/1001/refund", {"products": [{"key": "1", "count": 1}]})
        sandbox.register("POST", "receipts/1001/delete")

        assert self.story(receiver, 4) == [
            ("client_payed_sum", "changed"),
            ("transaction", "changed"),
            ("client_payed_sum", "changed"),
            ("transaction", "removed"),
        ]

    def test_unknown_history_is_refused(self, sandbox):
        body = {"order": sales.order(), "history": [{"type_history": "dance"}]}

        assert sandbox.register("PUT", PUT_ADDRESS, body).status_code == 422
