"""Given goods of a connected account, when people open the page, then they find them by category, name and number."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.integration.checks.factories import Cafe, a_cafe, leave_business
from tests.integration.checks.refunding import paid, refund
from tests.integration.panel.people import Person, colleague, owner_of
from tests.integration.poster.connecting import connect
from tests.integration.poster.poster_beside import PosterBeside

from incust.businesses.models import Business, TillAccount, User
from incust.businesses.tenancy import in_business
from incust.poster.catalogue_models import CatalogueRun, Category, Product, Station

pytestmark = pytest.mark.django_db

ALL = ["Espresso", "Latte", "Lunch offer"]
THEN = datetime(2026, 5, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def owner() -> Person:
    return owner_of()


def account_of(person: Person, name: str = "demo-cafe") -> TillAccount:
    with in_business(person.business.id):
        return TillAccount.objects.create(business=person.business, name=name, connected=True)


def fill(person: Person, account: TillAccount) -> None:
    """Drinks → Coffee with two products, one without a category, one that is gone."""
    of = {"business": person.business, "till_account": account}
    with in_business(person.business.id):
        Category.objects.create(**of, external_id="1", name="Drinks")
        Category.objects.create(**of, external_id="2", name="Coffee", parent_external_id="1")
        Station.objects.create(**of, external_id="1", name="Bar")
        latte: dict[str, Any] = {"modifications": [{"id": "141", "name": "350 ml"}, {"id": "142", "name": "450 ml"}]}
        Product.objects.create(
            **of, external_id="14", name="Latte", category_external_id="2", station_external_id="1", **latte
        )
        Product.objects.create(**of, external_id="11", name="Espresso", category_external_id="2", hidden=True)
        Product.objects.create(**of, external_id="54", name="Lunch offer", takes_no_discount=True, by_weight=True)
        Product.objects.create(**of, external_id="99", name="Old cake", category_external_id="2", removed_at=THEN)
        CatalogueRun.objects.create(**of, began_at=THEN, finished_at=THEN)


def figures(page: str) -> dict[str, int]:
    return {name: int(number) for name, number in re.findall(r'data-test="goods-(\w+)">(\d+)<', page)}


def shown(page: str) -> list[str]:
    return re.findall(r'data-test="goods-row">\s*<td>([^<]+) <small>', page)


def groups(page: str) -> list[str]:
    return re.findall(r'data-test="goods-category">([^<]+)<', page)


class TestList:
    def test_goods_stand_in_their_categories_and_are_counted(self, owner: Person) -> None:
        fill(owner, account_of(owner))
        page = owner.get("goods/").content.decode()
        assert figures(page) == {"sold": 3, "categories": 2, "discountless": 1, "gone": 1}
        assert groups(page) == ["Drinks → Coffee", "Without a category"]
        assert shown(page) == ALL
        assert "350 ml, 450 ml" in page
        assert page.count("<td>Bar</td>") == 1
        assert [page.count(f">{words}</span>") for words in ("hidden", "takes no discounts", "by weight")] == [1, 1, 1]
        assert re.findall(r"Last read: ([^<]+?)\.", page) == ["2 May 2026, 15:00"]

    @pytest.mark.parametrize(
        ("query", "names"),
        [("q=lat", ["Latte"]), ("q=54", ["Lunch offer"]), ("q=%2314", ["Latte"]), ("q=5", []),
         ("category={0}/2", ["Espresso", "Latte"]), ("category={0}/2&q=esp", ["Espresso"]),
         ("category=gone", ["Old cake"]), ("category={0}/1", []), ("category=nonsense", ALL),
         ("q=%00&category=%00", ALL), ("category=9999999999999999999999/1&page=x", ALL)],
    )  # fmt: skip
    def test_goods_are_found(self, owner: Person, query: str, names: list[str]) -> None:
        account = account_of(owner)
        fill(owner, account)
        answer = owner.get(f"goods/?{query.format(account.pk)}")
        assert (answer.status_code, shown(answer.content.decode())) == (200, names)

    def test_a_tree_that_points_at_itself_ends(self, owner: Person) -> None:
        account = account_of(owner)
        fill(owner, account)
        with in_business(owner.business.id):
            Category.objects.filter(external_id="1").update(parent_external_id="2")
        assert owner.get("goods/").status_code == 200

    def test_a_reading_that_failed_is_told_beside_what_was_read_before(self, owner: Person) -> None:
        fill(owner, account_of(owner))
        with in_business(owner.business.id):
            CatalogueRun.objects.update(fault={"code": "poster-catalogue-nonsense", "members": {}}, failures=1)
        page = owner.get("goods/").content.decode()
        assert "list of goods is incomplete or contradicts itself. What was read before stays." in page
        assert shown(page) == ALL

    def test_two_accounts_are_told_apart(self, owner: Person) -> None:
        for name in ("demo-cafe", "second-cafe"):
            fill(owner, account_of(owner, name))
        page = owner.get("goods/").content.decode()
        assert groups(page) == [
            "demo-cafe: Drinks → Coffee", "second-cafe: Drinks → Coffee", "Without a category", "Without a category",
        ]  # fmt: skip

    def test_a_category_stands_below_the_one_that_holds_it(self, owner: Person) -> None:
        account = account_of(owner)
        fill(owner, account)
        of = {"business": owner.business, "till_account": account}
        with in_business(owner.business.id):
            Category.objects.create(**of, external_id="3", name="Appetizers")
            Category.objects.create(**of, external_id="4", name="Zakuski", parent_external_id="3")
            Product.objects.create(**of, external_id="70", name="Olives", category_external_id="4")
        assert groups(owner.get("goods/").content.decode()) == [
            "Appetizers → Zakuski", "Drinks → Coffee", "Without a category",
        ]  # fmt: skip

    def test_without_an_account_it_says_how_to_get_one(self, owner: Person) -> None:
        page = owner.get("goods/").content.decode()
        assert "No Poster account is connected" in page
        assert 'data-test="goods-read"' not in page

    def test_before_the_first_reading_it_says_so(self, owner: Person) -> None:
        account_of(owner)
        page = owner.get("goods/").content.decode()
        assert "No goods yet" in page
        assert "Not read yet." in page

    def test_nothing_of_another_business_is_shown(self, owner: Person) -> None:
        other = owner_of("Piekarnia", "owner@piekarnia.example")
        fill(other, account_of(other))
        account_of(owner, "kava")
        assert figures(owner.get("goods/").content.decode()) == {
            "sold": 0,
            "categories": 0,
            "discountless": 0,
            "gone": 0,
        }


class TestReadAgain:
    def test_the_button_reads_them_from_poster(self, poster: PosterBeside) -> None:
        owner = owner_of()
        connect(poster, owner.business)
        answer = owner.post("goods/read/")
        assert answer.status_code == 302
        page = owner.get("goods/").content.decode()
        assert "The goods of “demo-cafe” were read from Poster." in page
        assert (figures(page)["sold"], figures(page)["categories"]) == (25, 6)

    def test_a_poster_that_is_away_is_told(self, poster: PosterBeside) -> None:
        owner = owner_of()
        connect(poster, owner.business)
        poster.weather(web_api="down")
        owner.post("goods/read/")
        page = owner.get("goods/").content.decode()
        assert "demo-cafe: Poster does not answer right now." in page
        assert 'data-test="goods-trouble"' in page

    def test_a_salesperson_looks_and_starts_nothing(self, owner: Person) -> None:
        fill(owner, account_of(owner))
        seller = colleague(owner, "salesperson")
        page = seller.get("goods/").content.decode()
        assert shown(page) == ALL
        assert 'data-test="goods-read"' not in page
        assert seller.post("goods/read/").status_code == 403

    def test_it_is_not_read_by_looking(self, owner: Person) -> None:
        fill(owner, account_of(owner))
        assert owner.get("goods/read/").status_code == 405


class TestOnTheCheck:
    def test_a_line_is_called_by_its_name_once_the_goods_are_known(self) -> None:
        cafe: Cafe = a_cafe()
        check_id = paid(cafe.guest(12_000), 4000, caller=cafe.register())
        refund(cafe, check_id, {"coffee": 2})
        with in_business(cafe.business_id):
            business = Business.objects.get(pk=cafe.business_id)
        leave_business()
        owner = Person(User.objects.get(username=f"owner of {cafe.name}"), business)
        before = owner.get(f"checks/check/{check_id}/change/").content.decode()
        assert "<td>#12" in before
        with in_business(cafe.business_id):
            account = TillAccount.objects.get()
            Product.objects.create(business=business, till_account=account, external_id="12", name="Filter <coffee>")
        leave_business()
        page = owner.get(f"checks/check/{check_id}/change/").content.decode()
        assert "<td>Filter &lt;coffee&gt;" in page
        assert "Filter &lt;coffee&gt; × 2" in page
        assert "#12" not in page
