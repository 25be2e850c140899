"""What is sold: changing and removing a product, and the webhooks that tell of it."""

from typing import Any

from poster_sandbox.accounts import by_id
from poster_sandbox.seed.menu import seed_workshops
from poster_sandbox.store import State
from poster_sandbox.webhooks.raising import raise_webhook

GOODS, DISH = "3", "2"  # Poster's product types: goods carry modifications, dishes may be sold by weight
BAR = 1
CHANGEABLE = ("name", "category_id", "workshop_id", "nodiscount", "hidden")


class ProductRefused(Exception):
    """The product cannot be kept as asked."""


def kind_of(product: dict[str, Any]) -> str:
    return DISH if product["unit"] == "kg" else GOODS


def is_removed(product: dict[str, Any]) -> bool:
    return bool(product.get("removed"))


def workshops_of(account: dict[str, Any]) -> list[dict[str, Any]]:
    """The stations; accounts of an older state file have those of the seed."""
    return list(account.get("workshops") or seed_workshops())


def change_product(state: State, account: dict[str, Any], product: dict[str, Any], fields: dict[str, Any]) -> None:
    """Change the given members only, and raise `product` or `dish` `changed`. Raises ProductRefused."""
    unknown = fields.keys() - set(CHANGEABLE)
    if unknown:
        raise ProductRefused(f"A product has no such members: {', '.join(sorted(unknown))}")
    changed: dict[str, Any] = {}
    if "name" in fields:
        changed["name"] = str(fields["name"]).strip()
        if not changed["name"]:
            raise ProductRefused("A product needs a name")
    for member, rows in (("category_id", account["categories"]), ("workshop_id", workshops_of(account))):
        if member in fields:
            found = by_id(rows, fields[member])
            if found is None:
                raise ProductRefused(f"{member} {fields[member]} is not there")
            changed[member] = found["id"]
    changed |= {member: int(bool(fields[member])) for member in ("nodiscount", "hidden") if member in fields}
    product.update(changed)
    _tell(state, account, product, "changed")


def remove_product(state: State, account: dict[str, Any], product: dict[str, Any]) -> None:
    """Mark it as removed: registers and methods know it no more, receipts still do. Raises the hook `removed`."""
    product["removed"] = True
    _tell(state, account, product, "removed")


def recover_product(state: State, account: dict[str, Any], product: dict[str, Any]) -> None:
    """On the menu again. (Inferred: which hook Poster raises for it is not documented.)"""
    product["removed"] = False
    _tell(state, account, product, "added")


def _tell(state: State, account: dict[str, Any], product: dict[str, Any], action: str) -> None:
    raise_webhook(state, account, "dish" if kind_of(product) == DISH else "product", product["id"], action)
