"""Poster's lists of receipts: which there are of some days, each with a sign that changes when it does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from .api_client import PosterApi
from .problems import PosterUnavailable

PER_PAGE = 500
"""Of at most 1000; so a page stays far below what we read of an answer."""
PAGES_MAX = 1000
"""Of one day; an account has some hundreds of receipts. A list without an end is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedReceipt:
    """A closed receipt as the list shows it. ``sign`` changes with whatever the list shows of it."""

    transaction_id: str
    location: str
    client_id: str
    paid_minor: int
    closed_at: datetime | None
    sign: str


def closed_receipts(
    api: PosterApi, day: date, *, zone: ZoneInfo, go_on: Callable[[], bool], from_page: int = 1
) -> Iterator[list[ListedReceipt]]:
    """Those closed on this day of the account, page by page. Raises `ListCut` where ``go_on`` says to stop, and what
    the API client raises.

    https://dev.joinposter.com/docs/v3/web/transactions/getTransactions
    """
    for page in range(from_page, PAGES_MAX + 1):
        if not go_on():
            raise ListCut
        answer = api.get(
            "transactions.getTransactions", date_from=day.isoformat(), date_to=day.isoformat(),
            per_page=str(PER_PAGE), page=str(page),
        )  # fmt: skip
        rows = answer.get("data") if isinstance(answer, Mapping) else None
        if not isinstance(rows, list):
            raise PosterUnavailable
        yield [_listed(row, zone) for row in rows]
        if len(rows) < PER_PAGE:
            return
    raise PosterUnavailable


def removed_receipts(api: PosterApi, first: date, last: date) -> list[str]:
    """Numbers of the deleted ones that were opened on these days. Raises what the API client raises.

    https://dev.joinposter.com/docs/v3/web/dash/getTransactions
    """
    rows = api.get("dash.getTransactions", dateFrom=f"{first:%Y%m%d}", dateTo=f"{last:%Y%m%d}", status="3")
    return [str(row["transaction_id"]) for row in rows or [] if isinstance(row, Mapping)]


class ListCut(Exception):
    """The time was up before the list had come to its end."""


def _listed(row: Any, zone: ZoneInfo) -> ListedReceipt:
    try:
        client_id, paid = str(row.get("client_id") or ""), sum(_money(row, name) for name in _PAID)
        return ListedReceipt(
            transaction_id=str(row["transaction_id"]), location=str(row.get("spot_id") or ""),
            client_id="" if client_id == "0" else client_id, paid_minor=paid,
            closed_at=_moment(str(row.get("date_close") or ""), zone), sign=_sign(row),
        )  # fmt: skip
    except (AttributeError, KeyError, ArithmeticError, TypeError, ValueError):
        raise PosterUnavailable from None


_PAID = ("payed_sum", "payed_cert", "payed_bonus")


def _money(row: Mapping[str, Any], name: str) -> int:
    """This list tells money in currency units (inferred; see the sandbox's `amount`)."""
    return int((Decimal(str(row.get(name) or 0)) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)
    except ValueError:
        return None


def _sign(row: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:32]
