"""Accounts and movements for the ledger's tests, through the functions the program itself calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from incust.businesses.create_business import CreateBusiness, create_business
from incust.businesses.models import User
from incust.businesses.tenancy import in_business
from incust.customers.models import Customer

NOON = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
UNIT = "bonus:UAH"


@dataclass
class Ledger:
    """One business with one customer account; check numbers count up."""

    business_id: int
    customer_id: int
    account_id: int
    last_check: int = 0

    def run(self, sql: str, *parameters: Any) -> Any:
        """The first row of a statement of the application, inside the business."""
        with in_business(self.business_id), connection.cursor() as cursor:
            cursor.execute(sql, list(parameters))
            return cursor.fetchone() if cursor.description else None

    def post(
        self,
        redeem_minor: int = 0,
        credits: Sequence[int] = (),
        expire_on: Sequence[date | None] | None = None,
        hold: int | None = None,
        check: int | None = None,
        at: datetime = NOON,
        cover_max: int | None = None,
    ) -> tuple[int, int, int]:
        """(captured, unbacked, balance) of a posted check. A lot's last day ends at midnight UTC."""
        self.last_check = check or self.last_check + 1
        days = list(expire_on or [None] * len(credits))
        ends = [day and datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1) for day in days]
        row = self.run(
            "SELECT captured_minor, unbacked_minor, balance_minor FROM ledger.post_check("
            "%s, %s, %s, %s, %s, %s::bigint[], %s::date[], %s::timestamptz[], 'test', %s, %s, %s)",
            self.business_id, self.account_id, self.last_check, hold, redeem_minor, list(credits), days, ends, at, at,
            cover_max,
        )  # fmt: skip
        assert isinstance(row, tuple)
        return row  # type: ignore[return-value]

    def hold(
        self, amount_minor: int, check: int = 900, at: datetime = NOON, minutes: int = 30
    ) -> tuple[bool, int | None, int]:
        """(held, hold id, available before)."""
        row = self.run(
            "SELECT held, hold_id, available_minor FROM ledger.hold_points(%s, %s, 'check', %s, %s, %s, %s)",
            self.business_id, self.account_id, check, amount_minor, at, at + timedelta(minutes=minutes),
        )  # fmt: skip
        assert isinstance(row, tuple)
        return row  # type: ignore[return-value]

    def balance(self, at: datetime = NOON) -> tuple[int, int]:
        """(balance, available) as readers see it."""
        row = self.run(
            "SELECT balance_minor, available_minor FROM ledger.balance(%s, %s, %s, %s)",
            self.business_id, self.customer_id, UNIT, at,
        )  # fmt: skip
        assert isinstance(row, tuple)
        return row  # type: ignore[return-value]

    def rows(self, sql: str, *parameters: Any) -> list[Any]:
        with in_business(self.business_id), connection.cursor() as cursor:
            cursor.execute(sql, list(parameters))
            return cursor.fetchall()


def a_ledger(name: str = "kava") -> Ledger:
    """A business of its own with one customer and his empty account."""
    leave_business()
    business = create_business(CreateBusiness(name=name, owner=User.objects.create(username=name)))
    with in_business(business.pk):
        customer = Customer.objects.create(business_id=business.pk, name="Olena", created_at=NOON)
    ledger = Ledger(business_id=business.pk, customer_id=customer.pk, account_id=0)
    ledger.account_id = ledger.run("SELECT ledger.open_account(%s, %s, %s, %s)", business.pk, customer.pk, UNIT, NOON)[
        0
    ]
    return ledger


def leave_business() -> None:
    """Tests roll back in one transaction, which stays bound to the business it entered last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('incust.business_id', '', true)")
