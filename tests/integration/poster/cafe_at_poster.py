"""A café whose registers stand in the (sandbox) Poster: sales there, our books here, and what the till would report."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import connection
from django.utils import timezone
from tests.contract.till import Answer, PosterTill
from tests.integration.poster.connecting import connect, make_business
from tests.integration.poster.poster_beside import APP_ID, SECRET, PosterBeside
from tests.integration.poster.till_code import reports_of
from tests.integration.poster_sandbox.sales import order

from incust.businesses.models import Business, PointOfSale, Terminal, TillAccount
from incust.businesses.tenancy import in_business
from incust.checks.verify import verify_business
from incust.customers.identify import forget_countries
from incust.customers.models import Customer, CustomerIdentifier
from incust.engine.program import Confirmation, CreditPercent, Program, RedeemPercent
from incust.poster.models import Receipt
from incust.poster.reconcile_receipt import Found, reconcile_receipt
from incust.programs.publish_program import PublishProgram, publish_program
from incust.programs.save_draft import SaveDraft, save_draft

CLIENT, PHONE = 5, "+380501110005"
"""A client that Poster has from the beginning."""
GAVE_UP_WAITING = timedelta(minutes=5)
"""After the closing, when the till's report is not waited for any more."""
_numbers = count(int(time.time() * 1000))


@dataclass
class CafeAtPoster:
    """Location 1 with register 1 linked to the terminal Bar; 5 % are credited, a whole check may be redeemed."""

    poster: PosterBeside
    business: Business
    account: TillAccount
    till: PosterTill = field(default_factory=lambda: PosterTill(account="demo-cafe", tablet="1", secret=SECRET,
                                                                application=APP_ID))  # fmt: skip

    def guest(self, phone: str = PHONE, name: str = "Olena") -> int:
        now = timezone.now()
        with in_business(self.business.id):
            customer = Customer.objects.create(business=self.business, name=name, status="full", created_at=now)
            CustomerIdentifier.objects.create(
                business=self.business, customer=customer, kind="phone", value=phone, added_at=now
            )
        return customer.pk

    def sell(self, *, tablet: int = 1, payments: dict[str, float] | None = None, **changes: Any) -> dict[str, Any]:
        """Close an order at a register; gives Poster's order. 205.00 in cash by guest 5, unless said otherwise."""
        number = next(_numbers)
        sold = order(number, **{"clientId": CLIENT, "payType": "mix", "status": 2, **changes})
        due = sold["total"] - sold["platformDiscount"]
        answer = self.poster.register(
            "POST", f"orders/{number}/close", {"order": sold, "payments": payments or {"cash": due}}, tablet=tablet
        )
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["order"])

    def keep_open(self, **changes: Any) -> dict[str, Any]:
        number = next(_numbers)
        answer = self.poster.register("PUT", f"orders/{number}", {"order": order(number, **changes), "history": []})
        return dict(answer.json()["order"])

    def delete(self, sold: dict[str, Any]) -> None:
        self.poster.register("POST", f"receipts/{sold['orderName']}/delete", {}).raise_for_status()

    def give_back(self, sold: dict[str, Any], key: str, number: int) -> None:
        """So many of that position come back at the register."""
        answer = self.poster.register(
            "POST", f"receipts/{sold['orderName']}/refund", {"products": [{"key": key, "count": number}]}
        )
        answer.raise_for_status()

    def look(self, sold: dict[str, Any], *, now: datetime | None = None) -> Found:
        """After the till has been waited for."""
        at_time = now or timezone.now() + GAVE_UP_WAITING
        return reconcile_receipt(self.business.id, self.account.id, str(sold["orderName"]), now=at_time)

    def report(self, sold: dict[str, Any], customer: int, *, check_id: str | None = None) -> Answer:
        """What the bundle sends from this order."""
        (body,) = reports_of([sold], application=APP_ID)
        whole = {**body, "customer_id": str(customer), "identification_id": None, "check_id": check_id}
        return self.till.post("checks/finalize", {**whole, "salesperson": {"external_id": "3", "name": "Waiter"}})

    def reserve(self, open_order: dict[str, Any], customer: int, redeem_minor: int) -> str:
        """Quote and reserve at the till; gives the check's number."""
        (body,) = reports_of([open_order], application=APP_ID)
        asked = {"customer_id": str(customer), "identification_id": None, "check": body["check"]}
        quote = self.till.post("checks/quote", {**asked, "redeem_minor": redeem_minor})
        assert quote.status == 200, quote.body
        reserved = self.till.post(
            "checks/reserve", {**asked, "redeem_minor": redeem_minor, "check_hash": quote.body["check_hash"]}
        )
        assert reserved.status == 201, reserved.body
        return str(reserved.body["check_id"])

    def balance_minor(self, customer: int) -> int:
        rows = self.rows(
            "SELECT balance_minor FROM ledger.balance(%s, %s, 'bonus:UAH', %s)",
            self.business.id, customer, timezone.now(),
        )  # fmt: skip
        return int(rows[0][0]) if rows else 0

    def rows(self, sql: str, *parameters: Any) -> list[Any]:
        with in_business(self.business.id), connection.cursor() as cursor:
            cursor.execute(sql, list(parameters))
            return cursor.fetchall()

    def receipt(self, sold: dict[str, Any]) -> Receipt:
        with in_business(self.business.id):
            return Receipt.objects.get(transaction_id=str(sold["orderName"]))

    def codes(self, sold: dict[str, Any]) -> list[str]:
        """Why it has its verdict."""
        return [one["code"] for one in self.receipt(sold).why]

    def books_agree(self) -> bool:
        return verify_business(self.business.id) == []


def open_cafe(poster: PosterBeside) -> CafeAtPoster:
    """On a database that commits."""
    forget_countries()
    business, _owner = make_business()
    account = connect(poster, business)
    with in_business(business.id):
        Terminal.objects.filter(name="Bar").delete()
        link(business, account, "Bar", "1", "1")
    begin_program(business)
    return CafeAtPoster(poster=poster, business=business, account=account)


def begin_program(business: Business) -> None:
    rules = Program(
        rules=(
            CreditPercent(rule_id="earn", percent=Decimal(5)), RedeemPercent(rule_id="redeem", percent=Decimal(100)),
        ),
        confirmation=Confirmation.NEVER,
    )  # fmt: skip
    program = save_draft(SaveDraft(business_id=business.id, rules=rules, title={"en": "Club"}), now=timezone.now())
    publish_program(PublishProgram(business_id=business.id, program_id=program), now=timezone.now())


def link(business: Business, account: TillAccount, name: str, location: str, register: str) -> Terminal:
    """A terminal for that register. Inside ``in_business``."""
    return Terminal.objects.create(
        business=business, name=name, use_poster=True, poster_account=account, poster_location_id=location,
        poster_register_id=register, point_of_sale=PointOfSale.objects.filter(business=business).first(),
    )  # fmt: skip
