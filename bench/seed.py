"""A café with tills and guests, and reserved checks that wait to be paid."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from .database import APPLICATION_ID

CUSTOMERS = 2_000
TILLS = 8
ACCOUNT = "bench"
REDEEM_MINOR = 4_000


@dataclass(frozen=True, kw_only=True)
class Cafe:
    """`keys[n]`, terminal `terminal_id_first + n` and tablet `n` belong to till `n`.

    Order `n` belongs to customer `n % CUSTOMERS` and, with the key door, to till `n % TILLS`.
    """

    business_id: int
    program_version_id: int
    account_id_first: int
    place_id: int
    terminal_id_first: int
    keys: tuple[str, ...]
    customer_ids: tuple[int, ...]

    def customer_of(self, order: int) -> int:
        return self.customer_ids[order % len(self.customer_ids)]


def check_json(order: int) -> dict[str, Any]:
    """A receipt of two lines, as a till reports it."""
    lines = [
        {"line_id": "0", "product_id": "12", "quantity": "2.000", "amount_minor": 6000},
        {"line_id": "1", "product_id": "31", "quantity": "1.000", "amount_minor": 3000},
    ]
    return {"external_id": str(order), "currency": "UAH", "lines": lines, "total_minor": 9000}


def a_cafe() -> Cafe:
    """Create business, tills of both doors, program and customers."""
    from incust.businesses.create_business import CreateBusiness, create_business
    from incust.businesses.models import PointOfSale, Terminal, TerminalKey, TillAccount, User
    from incust.businesses.tenancy import in_business
    from incust.customers.models import Customer
    from incust.engine.program import Confirmation, CreditPercent, Program, RedeemPercent
    from incust.programs.publish_program import PublishProgram, publish_program
    from incust.programs.save_draft import SaveDraft, save_draft

    now = datetime.now(tz=UTC)
    business = create_business(CreateBusiness(name="Bench", owner=User.objects.create(username="bench")))
    keys = tuple(f"key-of-till-{number}" for number in range(TILLS))
    with in_business(business.pk):
        place = PointOfSale.objects.create(business=business, name="Center")
        account = TillAccount.objects.create(
            business=business, name=ACCOUNT, number="1", connected=True, application_id=APPLICATION_ID
        )
        tills = [
            Terminal.objects.create(business=business, name=f"Till {number}", point_of_sale=place)
            for number in range(TILLS)
        ]
        for number, (till, key) in enumerate(zip(tills, keys, strict=True)):
            TerminalKey.objects.create(
                business=business, terminal=till, key_hash=hashlib.sha256(key.encode()).digest(), hint=key[-4:]
            )
            Terminal.objects.create(
                business=business, name=f"Register {number}", point_of_sale=place, use_poster=True,
                poster_account=account, poster_location_id="1", poster_register_id=str(number),
            )  # fmt: skip
        customers = Customer.objects.bulk_create(
            Customer(business=business, name=f"Guest {number}", status="full", created_at=now)
            for number in range(CUSTOMERS)
        )
    rules = Program(
        rules=(
            CreditPercent(rule_id="earn", percent=Decimal(5)),
            RedeemPercent(rule_id="redeem", percent=Decimal(50)),
        ),
        confirmation=Confirmation.NEVER,
    )
    program_id = save_draft(SaveDraft(business_id=business.pk, rules=rules), now=now)
    published = publish_program(PublishProgram(business_id=business.pk, program_id=program_id), now=now)
    ids = tuple(customer.pk for customer in customers)
    return Cafe(
        business_id=business.pk, program_version_id=published.version_id, keys=keys, customer_ids=ids,
        account_id_first=_fill_accounts(business.pk, now), place_id=place.pk,
        terminal_id_first=tills[0].pk,
    )  # fmt: skip


def reserve(cafe: Cafe, *, first: int, count: int, door: str) -> None:
    """Reserve the checks `first`, `first + 1`, … with the very functions of the till's path, till by till."""
    import msgspec
    from django.db import connection

    from incust.businesses.terminal_access import Caller
    from incust.businesses.till_call import call
    from incust.checks.receipt import receipt_to_json
    from incust.engine.codec import outcome_to_dict
    from incust.engine.customer import Customer, CustomerStatus
    from incust.engine.evaluate import evaluate
    from incust.programs.current_program import program_version
    from incust.terminal_api.endpoints.checks import check_of
    from incust.terminal_api.schemas.checks import Check as CheckShape

    now = datetime.now(tz=UTC)
    rules = program_version(cafe.business_id, cafe.program_version_id).rules
    sample = check_of(msgspec.convert(check_json(1), CheckShape))
    full = Customer(status=CustomerStatus.FULL, available_minor=10**9)
    outcome = outcome_to_dict(evaluate(rules, sample, full, now=now, redeem_minor=REDEEM_MINOR))
    with connection.cursor() as cursor:  # only what is measured has to be durable
        cursor.execute("SET synchronous_commit TO off")
    for order in range(first, first + count):
        till = order % TILLS
        caller = (
            Caller(door="key", key_hash=hashlib.sha256(cafe.keys[till].encode()).digest())
            if door == "key"
            else Caller(door="poster", account=ACCOUNT, spot="1", tablet=str(till), application=APPLICATION_ID)
        )
        ask = {
            **receipt_to_json(sample),
            "external_id": str(order),
            "customer_id": cafe.customer_of(order),
            "redeem_minor": REDEEM_MINOR,
            "outcome": outcome,
            "program_version_id": cafe.program_version_id,
            "promised": {},
            "confirmation": None,
            "key": f"reserve-{order}",
            "input_hash": hashlib.sha256(str(order).encode()).hexdigest(),
            "now": now.isoformat(),
            "hold_until": now.replace(year=now.year + 1).isoformat(),
        }
        call("checks.reserve", caller.as_json(), ask)
    connection.close()


def _fill_accounts(business_id: int, now: datetime) -> int:
    """Give every customer a balance that never runs out."""
    from django.db import connection

    from incust.businesses.tenancy import in_business

    with in_business(business_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(a) FROM (SELECT ledger.open_account(c.business_id, c.id, 'bonus:UAH', %s) AS a,"
            " c.id AS customer_id FROM customers.customer c ORDER BY c.id) o",
            [now],
        )
        first = int(cursor.fetchone()[0])
        cursor.execute(
            "SELECT count(ledger.post_check(a.business_id, a.id, -a.id, NULL, 0, '{1000000000}', '{NULL}', '{NULL}',"
            " 'bench', %s, %s, NULL)) FROM ledger.account a",
            [now, now],
        )
        return first
