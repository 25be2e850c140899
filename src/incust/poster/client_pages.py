"""All clients of an account, page by page, in the order of their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from incust.businesses.problems import Problem

from .api_client import PosterApi

PAGE = 500


class ClientsOutOfOrder(Problem):
    """Poster did not list its clients by their numbers, so some might be left out."""

    code = "poster-clients-out-of-order"
    status = 502
    sentence = _("Poster did not list its clients in the order of their numbers. Please try again later.")


@dataclass(frozen=True, kw_only=True)
class ClientPage:
    """Rows beyond the client that was asked after; ``to_offset`` is where the next page begins."""

    rows: list[Mapping[str, Any]]
    to_offset: int
    is_last: bool


def page_after(api: PosterApi, *, offset: int, last_client_id: int, size: int = PAGE) -> ClientPage:
    """The next clients after ``last_client_id``, which stood right before ``offset`` when it was read.

    Clients that vanish from the list meanwhile move the others up. So each page begins with the last known one, and
    where another stands in its place, the page before is read once more: nobody is passed over. Raises
    `ClientsOutOfOrder` and what the API client raises.
    """
    start = max(0, offset - 1)
    while True:
        rows = _listed(api, start, size + 1)
        if start == 0 or (rows and int(rows[0]["client_id"]) <= last_client_id):
            break
        start = max(0, start - size)
    return ClientPage(
        rows=[row for row in rows if int(row["client_id"]) > last_client_id],
        to_offset=start + len(rows),
        is_last=len(rows) < size + 1,
    )


def about_how_many(api: PosterApi) -> int:
    """How many clients the account's groups count together, for a progress bar."""
    groups = api.get("clients.getGroups")
    return sum(int(row.get("count_groups_clients") or 0) for row in groups if str(row.get("delete", "0")) != "1")


def _listed(api: PosterApi, start: int, count: int) -> list[Mapping[str, Any]]:
    """By number, ascending: documented for ``clients.getClients``."""
    rows = api.get("clients.getClients", num=str(count), offset=str(start), order_by="client_id", sort="asc") or []
    numbers = [int(row["client_id"]) for row in rows]
    if numbers != sorted(set(numbers)):
        raise ClientsOutOfOrder
    return list(rows)
