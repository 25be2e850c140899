"""`menu.*`: what is sold. Prices are minor units, as texts, per location."""

from typing import Any

from poster_sandbox.goods import BAR, DISH, GOODS, is_removed, kind_of, workshops_of
from poster_sandbox.webapi.call import ApiCall


def get_categories(call: ApiCall) -> list[dict[str, Any]]:
    return [
        {
            "category_id": str(category["id"]),
            "category_name": category["name"],
            "category_photo": "",
            "parent_category": "0",
            "category_color": category["color"],
            "category_hidden": "0",
            "sort_order": str(place),
            "fiscal": "0",
            "nodiscount": "0",
            "tax_id": "0",
            "left": str(2 * place),
            "right": str(2 * place + 1),
            "level": "1",
            "category_tag": "",
        }
        for place, category in enumerate(call.account["categories"], start=1)
    ]


def get_workshops(call: ApiCall) -> list[dict[str, str]]:
    """The stations that make what is sold."""
    return [
        {"workshop_id": str(one["id"]), "workshop_name": one["name"], "delete": "0"}
        for one in workshops_of(call.account)
    ]


def get_products(call: ApiCall) -> list[dict[str, Any]]:
    """All products, or those of `category_id` and `type` (`products` goods, `batchtickets` dishes); no removed ones."""
    wanted_type = {"products": GOODS, "batchtickets": DISH}.get(call.optional("type"))
    sold = [product for product in call.account["products"] if not is_removed(product)]
    shapes = [_product(call.account, product, place) for place, product in enumerate(sold)]
    return [
        shape
        for shape in shapes
        if call.optional("category_id") in ("", shape["menu_category_id"]) and wanted_type in (None, shape["type"])
    ]


def _product(account: dict[str, Any], product: dict[str, Any], place: int) -> dict[str, Any]:
    by_weight = product["unit"] == "kg"
    names = {category["id"]: category["name"] for category in account["categories"]}
    shape: dict[str, Any] = {
        "barcode": "",
        "category_name": names.get(product["category_id"], ""),
        "unit": "kg" if by_weight else "",
        "cost": "0",
        "fiscal": "0",
        "hidden": str(int(bool(product.get("hidden")))),
        "menu_category_id": str(product["category_id"]),
        "workshop": str(product.get("workshop_id", BAR)),
        "nodiscount": str(product["nodiscount"]),
        "photo": "",
        "photo_origin": None,
        "product_code": "",
        "product_id": str(product["id"]),
        "product_name": product["name"],
        "sort_order": str(place),
        "tax_id": "0",
        "product_tax_id": "0",
        "type": kind_of(product),
        "weight_flag": str(int(by_weight)),
        "color": product["color"],
        "ingredient_id": "0",
        "cooking_time": "0",
        "out": 0,
    }
    if product["modifications"]:
        shape["modifications"] = [_modification(account, one, i) for i, one in enumerate(product["modifications"])]
    else:
        price = str(product["price_minor"])
        shape["price"] = {str(spot["id"]): price for spot in account["spots"]}
        shape["profit"] = dict(shape["price"])
        shape["spots"] = _spots(account, price)
    return shape


def _modification(account: dict[str, Any], modification: dict[str, Any], place: int) -> dict[str, Any]:
    return {
        "modificator_id": str(modification["id"]),
        "modificator_name": modification["name"],
        "modificator_selfprice": "0",
        "order": str(place),
        "modificator_barcode": "",
        "modificator_product_code": "",
        "spots": _spots(account, str(modification["price_minor"])),
        "ingredient_id": "0",
    }


def _spots(account: dict[str, Any], price: str) -> list[dict[str, str]]:
    return [
        {"spot_id": str(spot["id"]), "price": price, "profit": price, "profit_netto": price, "visible": "1"}
        for spot in account["spots"]
    ]
