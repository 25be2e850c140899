"""A café with a program, a terminal with a key, and guests: what the life of a check needs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import connection

from incust.businesses.create_business import CreateBusiness, create_business
from incust.businesses.models import PointOfSale, Terminal, TerminalKey, TillAccount, User
from incust.businesses.tenancy import in_business
from incust.businesses.terminal_access import Caller
from incust.checks.finalize import FinalizeCheck, FinalizedCheck, Payment, finalize_check
from incust.checks.quote import Quote, QuoteCheck, quote_check
from incust.checks.reserve import ReserveCheck, ReservedCheck, reserve_check
from incust.customers.models import Customer, CustomerIdentifier, Identification
from incust.engine.check import Check, Line
from incust.engine.program import CreditPercent, Program, RedeemPercent
from incust.programs.publish_program import PublishProgram, publish_program
from incust.programs.save_draft import SaveDraft, save_draft

NOON = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


@dataclass
class Cafe:
    """One business, one till with a key, and a register of Poster on account `kava`, spot 1, tablet 3."""

    name: str
    business_id: int
    terminal_id: int
    program_id: int
    requests: Any = field(default_factory=count)

    def caller(self, request_id: str | None = None) -> Caller:
        """The till with the API key; each call is a new request unless its id is given."""
        return Caller(
            door="key", key_hash=_key_hash(self.name), request_id=request_id or f"{self.name}-{next(self.requests)}"
        )

    def register(self, request_id: str | None = None) -> Caller:
        """The register of Poster."""
        return Caller(
            door="poster", account=self.name, spot="1", tablet="3",
            request_id=request_id or f"{self.name}-rid-{next(self.requests)}",
        )  # fmt: skip

    def guest(
        self, balance_minor: int = 0, status: str = "full", strength: str | None = "strong", email: str = ""
    ) -> Guest:
        """A guest with points from an earlier check of his, recognised at the till with the key."""
        with in_business(self.business_id):
            customer = Customer.objects.create(
                business_id=self.business_id, name="Olena", status="full", created_at=NOON
            )
            if email:
                CustomerIdentifier.objects.create(
                    business_id=self.business_id, customer=customer, kind="email", value=email, added_at=NOON
                )
            identification = strength and Identification.objects.create(
                business_id=self.business_id, customer=customer, terminal_id=self.terminal_id, kind="qr",
                strength=strength, happened_at=NOON,
            )  # fmt: skip
        guest = Guest(cafe=self, id=customer.pk, identification_id=identification.pk if identification else None)
        if balance_minor:
            with in_business(self.business_id), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT ledger.post_check(%s, ledger.open_account(%s, %s, 'bonus:UAH', %s), %s, NULL, 0,"
                    " ARRAY[%s]::bigint[], ARRAY[NULL]::date[], ARRAY[NULL]::timestamptz[], 'test', %s, %s, NULL)",
                    [self.business_id, self.business_id, customer.pk, NOON, -customer.pk, balance_minor, NOON, NOON],
                )
        if status != "full":
            with in_business(self.business_id):
                Customer.objects.filter(pk=customer.pk).update(status=status)
        return guest

    def publish(self, rules: Program) -> None:
        """Put other rules in force."""
        save_draft(SaveDraft(business_id=self.business_id, program_id=self.program_id, rules=rules), now=NOON)
        publish_program(PublishProgram(business_id=self.business_id, program_id=self.program_id), now=NOON)

    def rows(self, sql: str, *parameters: Any) -> list[Any]:
        with in_business(self.business_id), connection.cursor() as cursor:
            cursor.execute(sql, list(parameters))
            return cursor.fetchall()


@dataclass(frozen=True)
class Guest:
    """Short ways to say what a till asks for this guest."""

    cafe: Cafe
    id: int
    identification_id: int | None

    def scanned_again(self, now: datetime = NOON) -> Guest:
        """With a strong identification of now, for another check."""
        with in_business(self.cafe.business_id):
            fresh = Identification.objects.create(
                business_id=self.cafe.business_id, customer_id=self.id, terminal_id=self.cafe.terminal_id, kind="qr",
                strength="strong", happened_at=now,
            )  # fmt: skip
        return replace(self, identification_id=fresh.pk)

    def quote(self, check: Check, redeem_minor: int | None = None, now: datetime = NOON, **members: Any) -> Quote:
        request = QuoteCheck(
            caller=members.pop("caller", None) or self.cafe.caller(), check=check, customer_id=self.id,
            identification_id=self.identification_id, redeem_minor=redeem_minor, **members,
        )  # fmt: skip
        return quote_check(request, now=now)

    def reserve(
        self, check: Check, redeem_minor: int, now: datetime = NOON, seen_hash: str | None = None, **members: Any
    ) -> ReservedCheck:
        """Quotes first, as a till does, unless the hash that the cashier saw is given."""
        request = ReserveCheck(
            caller=members.pop("caller", None) or self.cafe.caller(), check=check, customer_id=self.id,
            identification_id=self.identification_id, redeem_minor=redeem_minor,
            seen_hash=seen_hash or self.quote(check, 0, now).quote_hash, **members,
        )  # fmt: skip
        return reserve_check(request, now=now)

    def finalize(self, check: Check, redeemed_minor: int = 0, now: datetime = NOON, **members: Any) -> FinalizedCheck:
        return finalize_check(self.finalize_request(check, redeemed_minor, now, **members), now=now)

    def finalize_request(
        self, check: Check, redeemed_minor: int = 0, now: datetime = NOON, **members: Any
    ) -> FinalizeCheck:
        paid_minor = max(0, check.total_minor - redeemed_minor)
        return FinalizeCheck(
            caller=members.pop("caller", None) or self.cafe.caller(), check=check, customer_id=self.id,
            identification_id=self.identification_id, check_id=members.pop("check_id", None),
            redeemed_minor=redeemed_minor, payment=members.pop("payment", None) or Payment(cash_minor=paid_minor),
            closed_without_payment=members.pop("closed_without_payment", False),
            closed_at=members.pop("closed_at", now), salesperson=members.pop("salesperson", None),
        )  # fmt: skip

    @property
    def balance(self) -> tuple[int, int]:
        """(balance, available) at noon."""
        return self.balance_at(NOON)

    def balance_at(self, now: datetime) -> tuple[int, int]:
        rows = self.cafe.rows(
            "SELECT balance_minor, available_minor FROM ledger.balance(%s, %s, 'bonus:UAH', %s)",
            self.cafe.business_id, self.id, now,
        )  # fmt: skip
        return rows[0] if rows else (0, 0)


def rules(earn: str = "5", redeem: str = "50", **settings: Any) -> Program:
    """Credit `earn` %, redeem up to `redeem` %."""
    credit = settings.pop("credit", {})
    return Program(
        rules=(
            CreditPercent(rule_id="earn", percent=Decimal(earn), **credit),
            RedeemPercent(rule_id="redeem", percent=Decimal(redeem)),
        ),
        **settings,
    )


def a_check(amount_minor: int = 9000, external_id: str = "1506511064579", **members: Any) -> Check:
    """Two of one product, unless lines are given."""
    line = Line(line_id="0", product_id="12", quantity=Decimal(2), amount_minor=amount_minor)
    return Check(
        external_id=external_id, currency=members.pop("currency", "UAH"), lines=members.pop("lines", (line,)),
        total_minor=members.pop("total_minor", amount_minor), **members,
    )  # fmt: skip


def a_cafe(name: str = "kava", program: Program | None = None, *, published: bool = True) -> Cafe:
    """A business of its own, with a published program unless told otherwise."""
    leave_business()
    owner, _ = User.objects.get_or_create(username=f"owner of {name}")
    business = create_business(CreateBusiness(name=name, owner=owner))
    with in_business(business.pk):
        place = PointOfSale.objects.create(business=business, name="Center")
        number = "333226" if name == "kava" else f"333226-{name}"
        account = TillAccount.objects.create(business=business, name=name, number=number, connected=True)
        terminal = Terminal.objects.create(business=business, name="Bar", point_of_sale=place)
        TerminalKey.objects.create(business=business, terminal=terminal, key_hash=_key_hash(name), hint="key")
        Terminal.objects.create(
            business=business, name="Register", point_of_sale=place, use_poster=True, poster_account=account,
            poster_location_id="1", poster_register_id="3",
        )  # fmt: skip
    program_id = save_draft(
        SaveDraft(business_id=business.pk, rules=program or rules(), title={"en": "Bonus club"}), now=NOON
    )
    cafe = Cafe(name=name, business_id=business.pk, terminal_id=terminal.pk, program_id=program_id)
    if published:
        publish_program(PublishProgram(business_id=business.pk, program_id=program_id), now=NOON)
    return cafe


def leave_business() -> None:
    """Tests roll back in one transaction, which stays bound to the business it entered last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('incust.business_id', '', true)")


def _key_hash(name: str) -> bytes:
    return hashlib.sha256(f"key of {name}".encode()).digest()
