"""The demo café: one owner, two points of sale, guests, and four weeks of receipts posted by the real use cases.

Run as ``python -m incust.config.demo.seed``; a café that is there already is left as it is. Nobody in it exists.
"""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import django
from django.db import connection

WEEKS = 4
GUESTS = 36
RECEIPTS_PER_DAY = (14, 26)
FIRST_NAMES = (
    "Olena", "Taras", "Iryna", "Andrii", "Sofiia", "Danylo", "Mariia", "Oleh", "Kateryna", "Yurii", "Anna", "Bohdan",
)  # fmt: skip
MENU_MINOR = (4500, 5500, 6500, 7500, 9500, 12500, 14500, 18500)
SLUG = "demo-cafe"


def seed() -> bool:
    """Create the café where it is missing; says whether it did."""
    if _exists():
        return False
    chance = random.Random(7)  # noqa: S311 (the same café every time)
    today = datetime.now(UTC).date()
    cafe = _create_cafe(today)
    guests = _create_guests(cafe.business_id, today - timedelta(weeks=WEEKS), chance)
    for receipt in _receipts(cafe, guests, today, chance):
        _post(cafe, receipt, chance)
    _forget_letters(cafe.business_id)
    _forget_keys(cafe.business_id)
    return True


@dataclass(frozen=True, kw_only=True)
class Cafe:
    business_id: int
    keys: tuple[bytes, ...]
    """Hash of an API key for each terminal. The keys themselves are unknown to anybody."""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    guest: int
    at: datetime
    number: int


def _exists() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM businesses.business_by_slug(%s)", [SLUG])
        return cursor.fetchone() is not None


def _create_cafe(today: date) -> Cafe:
    from incust.businesses.create_business import CreateBusiness, create_business
    from incust.businesses.models import PointOfSale, Terminal, TerminalKey
    from incust.businesses.tenancy import in_business

    business = create_business(CreateBusiness(name="Demo Cafe", slug=SLUG, owner=_create_owner()))
    keys: list[bytes] = []
    with in_business(business.id):
        for place, terminals in (("Center", ("Bar", "Hall")), ("Station", ("Counter",))):
            point_of_sale = PointOfSale.objects.create(business=business, name=place)
            for name in terminals:
                terminal = Terminal.objects.create(business=business, name=name, point_of_sale=point_of_sale)
                keys.append(hashlib.sha256(random.randbytes(32)).digest())  # noqa: S311 (nobody can use it: no key has this hash)
                TerminalKey.objects.create(business=business, terminal=terminal, key_hash=keys[-1], hint="demo")
    _publish_program(business.id, datetime.combine(today - timedelta(weeks=WEEKS, days=1), time(8), UTC))
    return Cafe(business_id=business.id, keys=tuple(keys))


def _create_owner() -> object:
    from allauth.account.models import EmailAddress

    from incust.businesses.models import User

    from .run import OWNER_EMAIL

    owner = User.objects.create_user(
        username=OWNER_EMAIL, email=OWNER_EMAIL, password=os.environ["INCUST_DEMO_OWNER_PASSWORD"]
    )
    EmailAddress.objects.create(user=owner, email=OWNER_EMAIL, primary=True, verified=True)
    return owner


def _publish_program(business_id: int, now: datetime) -> None:
    from incust.engine.program import CreditPercent, Program, RedeemPercent
    from incust.programs.publish_program import PublishProgram, publish_program
    from incust.programs.save_draft import SaveDraft, save_draft

    rules = Program(
        rules=(
            CreditPercent(rule_id="credit", percent=Decimal(5)),
            RedeemPercent(rule_id="redeem", percent=Decimal(50)),
        )
    )
    titles = {"en": "Coffee Club", "uk": "Кавовий клуб", "pl": "Klub kawowy", "ru": "Кофейный клуб"}
    program_id = save_draft(SaveDraft(business_id=business_id, rules=rules, title=titles), now=now)
    publish_program(PublishProgram(business_id=business_id, program_id=program_id), now=now)


def _create_guests(business_id: int, since: date, chance: random.Random) -> list[int]:
    from incust.businesses.tenancy import in_business
    from incust.customers.models import Consent, Customer, CustomerIdentifier

    ids: list[int] = []
    with in_business(business_id):
        for number in range(GUESTS):
            joined = datetime.combine(since, time(9), UTC) + timedelta(days=number % 7, minutes=7 * number)
            customer = Customer.objects.create(
                business_id=business_id, name=FIRST_NAMES[number % len(FIRST_NAMES)], status="full", language="en",
                birthday=date(1975 + chance.randrange(30), 1 + number % 12, 1 + number % 28), created_at=joined,
            )  # fmt: skip
            CustomerIdentifier.objects.create(
                business_id=business_id, customer=customer, kind="phone", value=f"+38067000{number:04d}",
                added_at=joined,
            )  # fmt: skip
            CustomerIdentifier.objects.create(
                business_id=business_id, customer=customer, kind="email", value=f"guest{number}@demo-cafe.example",
                added_at=joined,
            )  # fmt: skip
            Consent.objects.create(
                business_id=business_id, customer=customer, given=True, source="terminal", happened_at=joined
            )
            ids.append(customer.pk)
    return ids


def _receipts(cafe: Cafe, guests: list[int], today: date, chance: random.Random) -> Iterator[Receipt]:
    number = 0
    for days_ago in range(WEEKS * 7, 0, -1):
        opening = datetime.combine(today - timedelta(days=days_ago), time(6), UTC)
        # Some guests come every other day, most now and then.
        for minute in sorted(chance.randrange(12 * 60) for _ in range(chance.randint(*RECEIPTS_PER_DAY))):
            number += 1
            guest = guests[min(int(chance.expovariate(0.09)), len(guests) - 1)]
            yield Receipt(guest=guest, at=opening + timedelta(minutes=minute), number=number)


def _post(cafe: Cafe, receipt: Receipt, chance: random.Random) -> None:
    from incust.businesses.terminal_access import Caller
    from incust.checks.finalize import FinalizeCheck, Payment, SalespersonAtTill, finalize_check
    from incust.checks.quote import QuoteCheck, quote_check
    from incust.engine.check import Check, Line

    lines = tuple(
        Line(line_id=str(position), product_id=str(10 + price % 7), amount_minor=price)
        for position, price in enumerate(chance.choices(MENU_MINOR, k=chance.randint(1, 4)))
    )
    total_minor = sum(line.amount_minor for line in lines)
    check = Check(external_id=f"demo-{receipt.number}", currency="UAH", lines=lines, total_minor=total_minor)
    caller = Caller(
        door="key", key_hash=cafe.keys[receipt.number % len(cafe.keys)], request_id=f"demo-{receipt.number}"
    )
    redeemed_minor = 0
    if chance.random() < 0.15:
        quote = quote_check(
            QuoteCheck(caller=caller, check=check, customer_id=receipt.guest, identification_id=None), now=receipt.at
        )
        redeemed_minor = quote.outcome.redeem_max_minor
    finalize_check(
        FinalizeCheck(
            caller=caller, check=check, customer_id=receipt.guest, identification_id=None, check_id=None,
            redeemed_minor=redeemed_minor, payment=Payment(card_minor=total_minor - redeemed_minor),
            closed_without_payment=False, closed_at=receipt.at,
            salesperson=SalespersonAtTill(external_id=str(1 + receipt.number % 2), name="Waiter"),
        ),
        now=receipt.at,
    )  # fmt: skip


def _forget_letters(business_id: int) -> None:
    """What these weeks would have sent has been read long ago; the guest's phone starts empty."""
    from incust.businesses.tenancy import in_business

    with in_business(business_id), connection.cursor() as cursor:
        cursor.execute("DELETE FROM messaging.outbox WHERE business_id = %s", [business_id])


def _forget_keys(business_id: int) -> None:
    """Nobody knows them, and a terminal without keys is one that the set-up page links to its register."""
    from incust.businesses.models import TerminalKey
    from incust.businesses.tenancy import in_business

    with in_business(business_id):
        TerminalKey.objects.all().delete()


if __name__ == "__main__":
    django.setup()
    seed()
