"""An account's goods as Poster lists them: kept whole or not at all, marked when they go, read only when needed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.integration.poster.connecting import connect, make_business
from tests.integration.poster.poster_beside import SECRET, PosterBeside

from incust.businesses.models import Business, TillAccount
from incust.businesses.tenancy import in_business
from incust.messaging.outbox import Event, TryLater, handle
from incust.poster.api_client import PosterApi
from incust.poster.catalogue import (
    TRIES_MAX,
    CatalogueClaimed,
    ask_for_all_catalogues,
    read_catalogue,
    read_when_asked,
)
from incust.poster.catalogue_answer import CatalogueNonsense, product_of_row, takes_no_discount
from incust.poster.catalogue_models import CatalogueRun, Category, Product, Station
from incust.poster.catalogue_names import names_of_goods
from incust.poster.installations import disconnect_account
from incust.poster.models import WebhookEvent
from incust.poster.problems import PosterUnavailable, TokenRefused
from incust.poster.signatures import webhook_signature

pytestmark = pytest.mark.django_db

LATTE = "14"


class Goods:
    """A business with its account connected; goods are not read yet."""

    def __init__(self, poster: PosterBeside) -> None:
        self.poster = poster
        self.business, _owner = make_business()
        self.account = connect(poster, self.business)

    def read(self, **how: Any) -> bool:
        return read_catalogue(self.business.id, self.account.pk, **how)

    def change(self, product: int = 14, **changes: Any) -> None:
        sent = {"account": "demo-cafe", "product_id": product, **changes}
        self.poster.client.post("/sandbox/products", json=sent).raise_for_status()

    def product(self, number: str = LATTE) -> Product:
        with in_business(self.business.id):
            return Product.objects.get(till_account=self.account, external_id=number)

    def run(self) -> CatalogueRun:
        with in_business(self.business.id):
            return CatalogueRun.objects.get(till_account=self.account)

    def rows(self, sql: str, *parameters: Any) -> list[Any]:
        with in_business(self.business.id), connection.cursor() as cursor:
            cursor.execute(sql, list(parameters))
            return cursor.fetchall()

    def kept(self) -> list[Any]:
        """All rows of all goods, as they lie there: a row that was rewritten differs."""
        return [
            self.rows(f"SELECT xmin::text, ctid::text, to_jsonb(t)::text FROM poster.{table} t ORDER BY id")
            for table in ("product", "product_category", "station")
        ]

    def asked(self) -> list[int]:
        return [int(row[0]) for row in self.rows("SELECT id FROM messaging.outbox WHERE topic = 'poster-catalogue'")]

    def event(self, **payload: Any) -> Event:
        return Event(
            id=1, business_id=self.business.id, topic="", payload={"account_id": self.account.pk, **payload},
            created_at=timezone.now(),
        )  # fmt: skip


@pytest.fixture
def goods(poster: PosterBeside) -> Goods:
    return Goods(poster)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The methods that Poster was asked, in order."""
    made: list[str] = []
    inner = PosterApi.get

    def get(self: PosterApi, asked: str, **parameters: Any) -> Any:
        made.append(asked)
        return inner(self, asked, **parameters)

    monkeypatch.setattr(PosterApi, "get", get)
    return made


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have Poster's answer to one method replaced by what ``change`` makes of it."""

    def spoil(method: str, change: Callable[[Any], Any]) -> None:
        inner = PosterApi.get

        def get(self: PosterApi, asked: str, **parameters: Any) -> Any:
            answer = inner(self, asked, **parameters)
            return change(answer) if asked == method else answer

        monkeypatch.setattr(PosterApi, "get", get)

    return spoil


class TestReading:
    def test_all_goods_are_kept_with_where_they_belong(self, goods: Goods) -> None:
        assert goods.read() is True
        with in_business(goods.business.id):
            assert list(Category.objects.order_by("external_id").values_list("external_id", "name")) == [
                ("1", "Coffee"), ("2", "Tea"), ("3", "Pastry"), ("4", "Breakfast"), ("5", "Lunch"), ("6", "Bar"),
            ]  # fmt: skip
            assert list(Station.objects.order_by("external_id").values_list("external_id", "name")) == [
                ("1", "Bar"), ("2", "Kitchen"),
            ]  # fmt: skip
            assert Product.objects.count() == 25
            assert list(Product.objects.filter(takes_no_discount=True).values_list("name")) == [("Lunch offer",)]
            assert list(Product.objects.filter(by_weight=True).values_list("name")) == [("Biscuits by weight",)]
            kitchen = Product.objects.filter(station_external_id="2").order_by("external_id")
            assert list(kitchen.values_list("name", "category_external_id")) == [
                ("Omelette", "4"), ("Soup of the day", "5"), ("Caesar salad", "5"),
            ]  # fmt: skip
        latte = goods.product()
        assert (latte.name, latte.category_external_id, latte.station_external_id) == ("Latte", "1", "1")
        assert (latte.takes_no_discount, latte.by_weight, latte.hidden, latte.removed_at) == (False, False, False, None)
        assert latte.modifications == [{"id": "141", "name": "350 ml"}, {"id": "142", "name": "450 ml"}]

    def test_reading_again_rewrites_only_what_changed(self, goods: Goods) -> None:
        goods.read()
        before = goods.kept()
        assert goods.read() is True
        assert goods.kept() == before
        goods.change(name="Latte macchiato", category_id=3, workshop_id=2, nodiscount=1, hidden=1)
        goods.read()
        latte = goods.product()
        assert (latte.name, latte.category_external_id, latte.station_external_id) == ("Latte macchiato", "3", "2")
        assert (latte.takes_no_discount, latte.hidden) == (True, True)
        others = [row for table in goods.kept() for row in table]
        assert sum(row not in others for table in before for row in table) == 1

    def test_a_product_that_vanished_is_marked_and_back_when_it_is_back(self, goods: Goods) -> None:
        goods.read()
        number = goods.product().pk
        goods.change(removed=True)
        goods.read()
        gone = goods.product()
        assert (gone.pk, gone.name, gone.removed_at is not None) == (number, "Latte", True)
        since = gone.removed_at
        goods.read()
        assert goods.product().removed_at == since
        goods.change(removed=False)
        goods.read()
        assert (goods.product().pk, goods.product().removed_at) == (number, None)

    def test_one_statement_takes_them_all(self, goods: Goods, django_assert_max_num_queries: Any) -> None:
        with django_assert_max_num_queries(30):
            goods.read()

    def test_goods_of_another_business_are_out_of_sight_and_reach(self, goods: Goods) -> None:
        goods.read()
        other, _owner = make_business("Piekarnia", email="owner@piekarnia.example")
        with in_business(other.id):
            assert Product.objects.count() + Category.objects.count() + Station.objects.count() == 0
            assert CatalogueRun.objects.count() == 0
            assert Product.objects.filter(external_id=LATTE).update(name="Theirs") == 0
            assert names_of_goods(goods.account.pk, [(LATTE, "")]) == {}


class TestOrder:
    def test_a_reading_that_began_earlier_does_not_overwrite_a_later_one(
        self, goods: Goods, answering: Callable[..., None]
    ) -> None:
        """While Poster is asked, another process reads a newer list and stores it."""
        goods.read()

        def overtaken(answer: Any) -> Any:
            later = timezone.now() + timedelta(seconds=1)
            goods.rows("UPDATE poster.catalogue_run SET began_at = %s RETURNING id", later)
            return [{**row, "product_name": "Old"} for row in answer]

        answering("menu.getProducts", overtaken)
        assert goods.read() is False
        assert goods.product().name == "Latte"

    def test_one_reading_serves_all_that_was_asked_before_it_began(self, goods: Goods, calls: list[str]) -> None:
        asked_at = timezone.now()
        assert goods.read(asked_at=asked_at) is True
        assert calls == ["menu.getCategories", "menu.getWorkshops", "menu.getProducts"]
        assert goods.read(asked_at=asked_at) is False
        assert len(calls) == 3
        assert goods.read(asked_at=timezone.now()) is True
        assert len(calls) == 6

    def test_two_at_once_are_refused_and_a_killed_one_is_forgotten(self, goods: Goods, calls: list[str]) -> None:
        goods.read()
        goods.rows(
            "UPDATE poster.catalogue_run SET claimed_until = %s RETURNING 1", timezone.now() + timedelta(minutes=1)
        )
        with pytest.raises(CatalogueClaimed):
            goods.read()
        assert len(calls) == 3
        with pytest.raises(TryLater):
            read_when_asked(goods.event())
        goods.rows(
            "UPDATE poster.catalogue_run SET claimed_until = %s RETURNING 1", timezone.now() - timedelta(minutes=1)
        )
        assert goods.read() is True
        assert goods.run().claimed_until is None


SPOILED: list[tuple[str, Callable[[Any], Any]]] = [
    ("menu.getProducts", lambda rows: {"0": rows[0]}),
    ("menu.getProducts", lambda rows: None),
    ("menu.getProducts", lambda rows: []),
    ("menu.getProducts", lambda rows: [*rows, "and so on"]),
    ("menu.getProducts", lambda rows: [*rows, rows[0]]),
    ("menu.getProducts", lambda rows: [*rows, {**rows[0], "product_id": "0"}]),
    ("menu.getProducts", lambda rows: [*rows, {**rows[0], "product_id": "1/2"}]),
    ("menu.getProducts", lambda rows: [{key: row[key] for key in row if key != "product_name"} for row in rows]),
    ("menu.getProducts", lambda rows: [{**rows[0], "modifications": [{"name": "big"}]}]),
    ("menu.getCategories", lambda rows: [{**row, "category_id": None} for row in rows]),
    ("menu.getWorkshops", lambda rows: "no"),
]


class TestFaults:
    @pytest.mark.parametrize(("method", "spoil"), SPOILED)
    def test_an_answer_that_makes_no_sense_changes_nothing_and_is_told(
        self, goods: Goods, answering: Callable[..., None], method: str, spoil: Callable[[Any], Any]
    ) -> None:
        goods.read()
        before, run = goods.kept(), goods.run()
        answering(method, spoil)
        with pytest.raises(CatalogueNonsense):
            goods.read()
        assert goods.kept() == before
        now = goods.run()
        assert (now.began_at, now.finished_at, now.failures) == (run.began_at, run.finished_at, 1)
        assert now.fault == {"code": "poster-catalogue-nonsense", "members": {}}

    def test_a_poster_that_is_away_is_asked_again_and_in_the_end_left_alone(self, goods: Goods) -> None:
        goods.poster.weather(web_api="down")
        with pytest.raises(PosterUnavailable):
            goods.read()
        with pytest.raises(TryLater):
            read_when_asked(goods.event())
        assert (goods.run().failures, goods.run().claimed_until) == (2, None)
        goods.rows("UPDATE poster.catalogue_run SET failures = %s RETURNING 1", TRIES_MAX - 1)
        read_when_asked(goods.event())
        assert (goods.run().failures, goods.run().fault) == (6, {"code": "poster-unavailable", "members": {}})
        goods.poster.weather(web_api="up")
        goods.read()
        assert (goods.run().failures, goods.run().fault) == (0, None)

    def test_a_token_that_is_refused_is_told_and_not_tried_again(self, goods: Goods) -> None:
        goods.poster.sign_in()
        goods.poster.post_form("/demo-cafe/manage/installed/4242/expire-token", page="/demo-cafe/manage/installed")
        read_when_asked(goods.event())
        fault = goods.run().fault
        assert fault is not None
        assert fault["code"] == TokenRefused.code

    def test_a_disconnected_account_is_not_asked(self, goods: Goods, calls: list[str]) -> None:
        disconnect_account(business_id=goods.business.id, account_id=goods.account.pk, user=None, now=timezone.now())
        read_when_asked(goods.event())
        assert calls == []
        assert goods.run().fault is None


def send(event: dict[str, Any]) -> int:
    body = json.dumps({**event, "verify": webhook_signature(event, SECRET)})
    return Client().post("/poster/webhook", data=body, content_type="application/json").status_code


def hook(object_name: str, action: str, number: int = 14, at: int = 1_790_000_000) -> dict[str, Any]:
    return {
        "account": "demo-cafe", "account_number": "333226", "object": object_name, "object_id": number,
        "action": action, "time": str(at),
    }  # fmt: skip


class TestOccasions:
    def test_connecting_has_the_worker_read_the_goods(self, goods: Goods) -> None:
        (event,) = goods.asked()
        handle(goods.business.id, event)
        assert goods.product().name == "Latte"
        assert goods.asked() == []

    def test_a_connection_stands_even_if_the_goods_cannot_be_read(
        self, poster: PosterBeside, answering: Callable[..., None]
    ) -> None:
        answering("menu.getProducts", lambda rows: None)
        goods = Goods(poster)
        with pytest.raises(TryLater):
            handle(goods.business.id, goods.asked()[0])
        with in_business(goods.business.id):
            assert TillAccount.objects.get().connected is True

    @pytest.mark.parametrize(
        ("object_name", "action"),
        [("product", "changed"), ("product", "removed"), ("product", "added"), ("product", "transformed"),
         ("dish", "changed"), ("category", "changed"), ("workshop", "added")],
    )  # fmt: skip
    def test_a_webhook_of_goods_has_them_read(self, goods: Goods, object_name: str, action: str) -> None:
        goods.read()
        goods.change(name="Latte macchiato")
        assert send(hook(object_name, action)) == 200
        self._work(goods.business)
        assert goods.product().name == "Latte macchiato"
        with in_business(goods.business.id):
            assert WebhookEvent.objects.exclude(processed_at=None).count() == 1

    def test_webhooks_twice_late_and_in_any_order_end_with_what_poster_has(
        self, goods: Goods, calls: list[str]
    ) -> None:
        goods.read()
        goods.change(name="First")
        goods.change(removed=True)
        goods.change(removed=False)
        goods.change(name="Last")
        hooks = [hook("product", action, at=1_790_000_000 + at) for at, action in
                 enumerate(("changed", "removed", "added", "changed"))]  # fmt: skip
        for one in (*reversed(hooks), hooks[0]):
            assert send(one) == 200
        self._work(goods.business)
        latte = goods.product()
        assert (latte.name, latte.removed_at) == ("Last", None)
        assert calls.count("menu.getProducts") == 2  # the first reading, and one for all four hooks

    def test_a_webhook_waits_for_no_reading_and_one_that_fails_is_tried_again(
        self, goods: Goods, calls: list[str]
    ) -> None:
        goods.read()
        calls.clear()
        goods.poster.weather(web_api="down")
        send(hook("product", "changed"))
        (event_id,) = goods.rows("SELECT id FROM messaging.outbox WHERE topic = 'poster-webhook'")[0]
        handle(goods.business.id, event_id)
        with in_business(goods.business.id):
            assert WebhookEvent.objects.get().processed_at is not None
        assert calls == []
        with pytest.raises(TryLater):
            handle(goods.business.id, goods.asked()[-1])
        assert goods.run().fault == {"code": "poster-unavailable", "members": {}}

    def test_every_night_each_connected_account_is_read(self, goods: Goods) -> None:
        other, _owner = make_business("Piekarnia", email="owner@piekarnia.example")
        second = connect(goods.poster, other, "second-cafe")
        for event in goods.asked():
            handle(goods.business.id, event)
        disconnect_account(business_id=other.id, account_id=second.pk, user=None, now=timezone.now())
        assert ask_for_all_catalogues() == 1
        assert len(goods.asked()) == 1

    @staticmethod
    def _work(business: Business) -> None:
        with in_business(business.id), connection.cursor() as cursor:
            for topic in ("poster-webhook", "poster-catalogue"):  # what the first leaves to the second
                cursor.execute("SELECT id FROM messaging.outbox WHERE topic = %s ORDER BY id", [topic])
                for (event_id,) in cursor.fetchall():
                    handle(business.id, event_id)


class TestRows:
    def test_a_dish_has_modifications_in_groups_and_numbers_may_be_numbers(self) -> None:
        row = {
            "product_id": 30, "product_name": "Lunch", "menu_category_id": 0, "workshop": 3, "nodiscount": 0,
            "group_modifications": [
                {"is_deleted": 0, "modifications": [{"dish_modification_id": 142, "name": "Cola"}]},
                {"is_deleted": 1, "modifications": [{"dish_modification_id": 144, "name": "Fries"}]},
            ],
        }  # fmt: skip
        assert product_of_row(row) == {
            "id": "30", "name": "Lunch", "category": "", "station": "3", "takes_no_discount": False,
            "by_weight": False, "hidden": False, "modifications": [{"id": "142", "name": "Cola"}],
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("row", "hidden"),
        [({"hidden": "1"}, True), ({"hidden": "0"}, False), ({}, False),
         ({"spots": [{"visible": "0"}, {"visible": "0"}]}, True),
         ({"spots": [{"visible": "0"}, {"visible": "1"}]}, False)],
    )  # fmt: skip
    def test_a_product_that_no_location_shows_is_hidden(self, row: dict[str, Any], hidden: bool) -> None:
        shape = product_of_row({"product_id": "1", "product_name": "Tea", **row})
        assert shape is not None
        assert shape["hidden"] is hidden

    @pytest.mark.parametrize(("value", "none"), [("1", True), (1, True), ("0", False), (0, False), (None, False)])
    def test_a_one_means_that_no_discount_is_taken(self, value: Any, none: bool) -> None:
        assert takes_no_discount({"nodiscount": value}) is none

    def test_names_that_the_database_cannot_hold_lose_only_that(self) -> None:
        shape = product_of_row({"product_id": "1", "product_name": " Te\0a \ud800" + "x" * 300})
        assert shape is not None
        assert shape["name"] == ("Tea " + "x" * 300)[:200]


def test_numbers_on_a_check_become_names(goods: Goods) -> None:
    goods.read()
    goods.change(removed=True)
    goods.read()
    with in_business(goods.business.id):
        names = names_of_goods(goods.account.pk, [(LATTE, "141"), (LATTE, ""), (LATTE, "9"), ("31", ""), ("999", "")])
        assert names_of_goods(None, [(LATTE, "")]) == {}
    assert names == {
        (LATTE, "141"): "Latte, 350 ml", (LATTE, ""): "Latte", (LATTE, "9"): "Latte", ("31", ""): "Croissant",
    }  # fmt: skip
