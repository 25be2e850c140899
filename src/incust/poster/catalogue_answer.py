"""What Poster answers to ``menu.*``, checked whole before anything of it counts: texts become values, ids become texts.

https://dev.joinposter.com/docs/v3/web/menu/getProducts
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from incust.businesses.problems import Problem

from .api_client import PosterApi

Row = dict[str, Any]
NAME_MAX, ID_DIGITS_MAX = 200, 19


class CatalogueNonsense(Problem):
    """No list, or a row lacks its number or name, or two rows have one number. Nothing of it was taken over."""

    code = "poster-catalogue-nonsense"
    status = 502
    sentence = _("Poster's list of goods is incomplete or contradicts itself. What was read before stays.")


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Rows as ``poster.take_catalogue`` takes them."""

    categories: list[Row]
    stations: list[Row]
    products: list[Row]


def ask_catalogue(api: PosterApi) -> Catalogue:
    """Three calls, outside of transactions. Raises `CatalogueNonsense` and what the API client raises."""
    return Catalogue(
        categories=_rows(api.get("menu.getCategories"), category_of_row),
        stations=_rows(api.get("menu.getWorkshops"), station_of_row),
        products=_rows(api.get("menu.getProducts"), product_of_row),
    )


def category_of_row(row: Mapping[str, Any]) -> Row | None:
    return {
        "id": _id(row["category_id"]),
        "name": _name(row["category_name"]),
        "parent": _reference(row.get("parent_category")),
        "hidden": _flag(row.get("category_hidden")),
        "takes_no_discount": takes_no_discount(row),
    }


def station_of_row(row: Mapping[str, Any]) -> Row | None:
    """None for one that Poster lists although it was deleted."""
    if _flag(row.get("delete")):
        return None
    return {"id": _id(row["workshop_id"]), "name": _name(row["workshop_name"])}


def product_of_row(row: Mapping[str, Any]) -> Row | None:
    return {
        "id": _id(row["product_id"]),
        "name": _name(row["product_name"]),
        "category": _reference(row.get("menu_category_id")),
        "station": _reference(row.get("workshop")),
        "takes_no_discount": takes_no_discount(row),
        "by_weight": _flag(row.get("weight_flag")),
        "hidden": _flag(row.get("hidden")) or _visible_nowhere(row),
        "modifications": _modifications(row),
    }


def takes_no_discount(row: Mapping[str, Any]) -> bool:
    """1 is "no discounts". Poster's page of this method says the opposite; its pages of the register and of receipts,
    and its own examples (0 for ordinary goods), say so."""
    return _flag(row.get("nodiscount"))


def _rows(answer: Any, read: Callable[[Mapping[str, Any]], Row | None]) -> list[Row]:
    if not isinstance(answer, list):
        raise CatalogueNonsense
    try:
        rows = [row for one in answer if (row := read(one)) is not None]
    except (AttributeError, KeyError, TypeError, ValueError):
        raise CatalogueNonsense from None
    if len({row["id"] for row in rows}) < len(rows):
        raise CatalogueNonsense
    return rows


def _visible_nowhere(row: Mapping[str, Any]) -> bool:
    """Each location says whether it sells the product; with modifications each of these says it."""
    sources = row.get("modifications") or [row]
    places = [place for source in sources for place in source.get("spots") or []]
    return bool(places) and not any(_flag(place.get("visible", "1")) for place in places)


def _modifications(row: Mapping[str, Any]) -> list[Row]:
    """Goods have them by themselves, dishes in groups."""
    of_goods = [
        {"id": _id(one["modificator_id"]), "name": _name(one["modificator_name"])}
        for one in row.get("modifications") or []
    ]
    of_dish = [
        {"id": _id(one["dish_modification_id"]), "name": _name(one["name"])}
        for group in row.get("group_modifications") or []
        if not _flag(group.get("is_deleted"))
        for one in group.get("modifications") or []
    ]
    return of_goods + of_dish


def _id(value: Any) -> str:
    """Number or text of one; raises ValueError for what is none."""
    text = "" if isinstance(value, bool) else str(value).strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= ID_DIGITS_MAX and text != "0"):
        raise ValueError("no number of Poster")
    return text


def _reference(value: Any) -> str:
    """The number of something; "0" and nothing are none."""
    return "" if value in (None, "", 0, "0") else _id(value)


def _name(value: Any) -> str:
    """As the database can hold it: without U+0000 and halves of surrogate pairs."""
    if not isinstance(value, str):
        raise ValueError("no name")
    return value.encode("utf-8", "ignore").decode().replace("\0", "").strip()[:NAME_MAX]


def _flag(value: Any) -> bool:
    return str(value or "0").strip() not in ("0", "", "False", "false")
