"""A receipt as Poster's back office keeps it, read over the web API: texts become numbers, money is in minor units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from .api_client import PosterApi
from .problems import PosterUnavailable

OPEN, CLOSED, REMOVED = 1, 2, 3
"""Poster's statuses."""
WITHOUT_PAYMENT = 0
"""Poster's ``pay_type`` of a receipt that nobody paid."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Product:
    """One position. ``number`` is in the back office's unit: pieces, kilograms for weight goods; so is the price."""

    product_id: str
    modification_id: str
    number: Decimal
    price_minor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LineFacts:
    """What only the list of a receipt's products tells of a position."""

    by_weight: bool
    discountable: bool
    promotion: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Transaction:
    """``external_id`` is the register's own number of the order; ``client_id`` is empty where no client is attached."""

    transaction_id: str
    external_id: str
    status: int
    location: str
    register: str
    client_id: str
    user_id: str
    user_name: str
    closed_at: datetime | None
    pay_type: int
    reason: int
    discount_percent: Decimal
    tip_minor: int
    round_minor: int
    cash_minor: int
    card_minor: int
    third_party_minor: int
    certificate_minor: int
    bonus_minor: int
    products: tuple[Product, ...]

    @property
    def paid_minor(self) -> int:
        """By all means together, Poster's own bonus included."""
        money = self.cash_minor + self.card_minor + self.third_party_minor
        return money + self.certificate_minor + self.bonus_minor


def read_transaction(api: PosterApi, transaction_id: str) -> Transaction:
    """The receipt as it stands now. Raises `NoSuchObject` and what the API client raises.

    https://dev.joinposter.com/docs/v3/web/dash/getTransaction
    """
    answer = api.get(
        "dash.getTransaction", transaction_id=transaction_id, include_products="true", include_history="true"
    )
    rows = answer if isinstance(answer, list) else [answer]
    if not rows or not isinstance(rows[0], Mapping):
        raise PosterUnavailable
    return transaction_of(rows[0])


def transaction_of(row: Mapping[str, Any]) -> Transaction:
    """One row of ``dash.getTransaction``. Raises `PosterUnavailable` for one that makes no sense or is incomplete."""
    try:
        transaction = _transaction_of(row)
    except (KeyError, TypeError, ValueError, InvalidOperation, OverflowError):
        raise PosterUnavailable from None
    if transaction.status == CLOSED and transaction.paid_minor > 0 and not transaction.products:
        # Nobody pays for nothing: to believe it would take back all that the receipt earned.
        raise PosterUnavailable
    return transaction


def read_line_facts(api: PosterApi, transaction: Transaction) -> tuple[LineFacts, ...]:
    """For each product of the receipt, in its order. Raises what the API client raises.

    https://dev.joinposter.com/docs/v3/web/dash/getTransactionProducts
    """
    rows = api.get("dash.getTransactionProducts", transaction_id=transaction.transaction_id)
    told = [row for row in rows or [] if isinstance(row, Mapping)]
    if transaction.products and not told:
        raise PosterUnavailable
    by_goods = {_goods(row): row for row in told}
    facts = []
    for place, product in enumerate(transaction.products):
        goods = (product.product_id, product.modification_id)
        # The same goods may stand in two positions, one of them in a promotion: then their places tell them apart.
        alike = place < len(told) and _goods(told[place]) == goods
        facts.append(_facts_of(told[place] if alike else by_goods.get(goods, {})))
    return tuple(facts)


def _transaction_of(row: Mapping[str, Any]) -> Transaction:
    closed_ms = _whole(row.get("date_close"))
    return Transaction(
        transaction_id=str(row["transaction_id"]),
        external_id=str(_whole(row["date_start"])),
        status=_whole(row["status"]),
        location=str(row["spot_id"]),
        register=_register_of(row),
        client_id=_number_text(row.get("client_id")),
        user_id=_number_text(row.get("user_id")),
        user_name=str(row.get("name") or ""),
        closed_at=datetime.fromtimestamp(closed_ms / 1000, tz=UTC) if closed_ms else None,
        pay_type=_whole(row.get("pay_type")),
        reason=_whole(row.get("reason")),
        discount_percent=min(max(_decimal(row.get("discount")), Decimal(0)), Decimal(100)),
        tip_minor=_whole(row.get("tip_sum")),
        round_minor=_whole(row.get("round_sum")),
        cash_minor=_whole(row.get("payed_cash")),
        card_minor=_whole(row.get("payed_card")),
        third_party_minor=_whole(row.get("payed_third_party")),
        certificate_minor=_whole(row.get("payed_cert")),
        bonus_minor=_whole(row.get("payed_bonus")),
        products=tuple(
            Product(
                product_id=str(one["product_id"]), modification_id=_number_text(one.get("modification_id")),
                number=_decimal(one.get("num")), price_minor=_whole(one.get("product_price")),
            )
            for one in row.get("products") or []
        ),
    )  # fmt: skip


def _register_of(row: Mapping[str, Any]) -> str:
    """The register that closed the receipt, or touched it last: only the history tells."""
    entries = [one for one in row.get("history") or [] if _number_text(one.get("spot_tablet_id"))]
    closing = [one for one in entries if one.get("type_history") == "close"]
    latest = (closing or entries)[-1:]
    return _number_text(latest[0]["spot_tablet_id"]) if latest else ""


def _facts_of(row: Mapping[str, Any]) -> LineFacts:
    return LineFacts(
        by_weight=_whole(row.get("weight_flag")) == 1,
        discountable=_whole(row.get("nodiscount")) == 0,
        promotion=_whole(row.get("promotion_id")) > 0,
    )


def _goods(row: Mapping[str, Any]) -> tuple[str, str]:
    return str(row.get("product_id")), _number_text(row.get("modification_id"))


def _number_text(value: Any) -> str:
    """Poster's number of something; "0" is none."""
    text = str(value or "").strip()
    return "" if text == "0" else text


def _decimal(value: Any) -> Decimal:
    number = Decimal(str(value or "0"))
    if not number.is_finite():
        raise ValueError("not a number")
    return number


def _whole(value: Any) -> int:
    return int(_decimal(value).to_integral_value())
