"""Our own client group in Poster, with 0 % discount, as the marketplace demands of a loyalty app."""

from __future__ import annotations

from .api_client import PosterApi

DISCOUNT = "2"
"""``loyalty_type`` of groups that give a discount; with 0 % they give nothing beside our program."""


def ensure_client_group(api: PosterApi, *, name: str, known_id: str = "") -> str:
    """The number of our group: the known one if it is still there, else one of our name with 0 %, else a new one."""
    groups = {
        str(row["client_groups_id"]): row for row in api.get("clients.getGroups") if str(row.get("delete", "0")) != "1"
    }
    if known_id in groups:
        return known_id
    for number, row in groups.items():
        if row.get("client_groups_name") == name and float(row.get("client_groups_discount") or 0) == 0:
            return number
    form = {"client_groups_name": name, "loyalty_type": DISCOUNT, "client_groups_discount": "0"}
    return str(api.post("clients.createGroup", form))
