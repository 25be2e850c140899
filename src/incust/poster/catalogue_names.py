"""What a product's number on a check means."""

from __future__ import annotations

from collections.abc import Iterable

from .catalogue_models import Product


def names_of_goods(till_account_id: int | None, goods: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """(product, modification) → "Latte, 350 ml", of those that the catalogue knows. Inside ``in_business``."""
    wanted = set(goods)
    if till_account_id is None or not wanted:
        return {}
    products = Product.objects.filter(
        till_account_id=till_account_id, external_id__in={product_id for product_id, _modification in wanted}
    )
    known = {product.external_id: product for product in products}
    return {pair: _in_words(known[pair[0]], pair[1]) for pair in wanted if pair[0] in known}


def _in_words(product: Product, modification_id: str) -> str:
    names = [one["name"] for one in product.modifications if one["id"] == modification_id]
    return ", ".join([product.name, *names])
