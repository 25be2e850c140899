"""Menu: products, and the form that changes one."""

from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from poster_sandbox.accounts import by_id
from poster_sandbox.console.page import Console, console_page
from poster_sandbox.goods import ProductRefused, change_product, is_removed, remove_product, workshops_of


@console_page
def products(console: Console) -> HttpResponse:
    names = {category["id"]: category["name"] for category in console.account["categories"]}
    rows = [
        {**product, "category": names.get(product["category_id"], "")}
        for product in console.account["products"]
        if not is_removed(product)
    ]
    return console.render("products", "Products", rows=rows)


@console_page
def product_form(console: Console, product_id: int) -> HttpResponse:
    product = _known(console, product_id)
    if console.request.method != "POST":
        return _form(console, product)
    sent = console.request.POST
    fields: dict[str, Any] = {member: sent.get(member, "") for member in ("name", "category_id", "workshop_id")}
    fields |= {member: member in sent for member in ("nodiscount", "hidden")}
    try:
        change_product(console.state, console.account, product, fields)
    except ProductRefused as refusal:
        return _form(console, {**product, **fields}, fault=f"{refusal}.", status=422)
    return console.back_to("products", "product-saved")


@require_POST
@console_page
def remove(console: Console, product_id: int) -> HttpResponse:
    remove_product(console.state, console.account, _known(console, product_id))
    return console.back_to("products", "product-removed")


def _form(console: Console, form: dict[str, Any], fault: str = "", status: int = 200) -> HttpResponse:
    workshops = workshops_of(console.account)
    return console.render(
        "product", form["name"], status, section="products", form=form, workshops=workshops, fault=fault
    )


def _known(console: Console, product_id: int) -> dict[str, Any]:
    product = by_id(console.account["products"], product_id)
    if product is None or is_removed(product):
        raise Http404
    return product
