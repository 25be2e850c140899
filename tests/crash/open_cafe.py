"""``python -m tests.crash.open_cafe NAME TILLS GUESTS``: a café in the database of the environment, as JSON.

Run as a process of its own, so that the tests' own settings stay out of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sys
from decimal import Decimal
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "incust.config.settings"

import django

django.setup()

from django.utils import timezone  # noqa: E402 (Django comes first)

from incust.businesses.create_business import CreateBusiness, create_business  # noqa: E402
from incust.businesses.models import PointOfSale, Terminal, TerminalKey, User  # noqa: E402
from incust.businesses.tenancy import in_business  # noqa: E402
from incust.customers.models import Customer, CustomerIdentifier  # noqa: E402
from incust.engine.program import Confirmation, CreditPercent, Program, RedeemPercent  # noqa: E402
from incust.programs.publish_program import PublishProgram, publish_program  # noqa: E402
from incust.programs.save_draft import SaveDraft, save_draft  # noqa: E402


def open_cafe(name: str, tills: int, guests: int) -> dict[str, Any]:
    """Terminals with API keys, guests with phone and mail, and a program that credits lasting and expiring points."""
    business = create_business(CreateBusiness(name=name, owner=User.objects.create(username=f"owner-of-{name}")))
    keys = [secrets.token_urlsafe(24) for _ in range(tills)]
    now = timezone.now()
    people: list[dict[str, Any]] = []
    with in_business(business.pk):
        place = PointOfSale.objects.create(business=business, name="Center")
        for number, key in enumerate(keys):
            terminal = Terminal.objects.create(business=business, name=f"Till {number}", point_of_sale=place)
            TerminalKey.objects.create(
                business=business, terminal=terminal, key_hash=hashlib.sha256(key.encode()).digest(), hint=key[-4:]
            )
        for number in range(guests):
            customer = Customer.objects.create(
                business=business, name=f"Guest {number}", status="full", language="en", created_at=now
            )
            contacts = {"phone": f"+38050{business.pk:03d}{number:04d}", "email": f"guest{number}@{name}.example"}
            for kind, value in contacts.items():
                CustomerIdentifier.objects.create(
                    business=business, customer=customer, kind=kind, value=value, added_at=now
                )
            people.append({"customer_id": customer.pk, **contacts})
    rules = (
        CreditPercent(rule_id="lasting", percent=Decimal(5)),
        CreditPercent(rule_id="expiring", percent=Decimal(5), lifetime_days=30),
        RedeemPercent(rule_id="redeem", percent=Decimal(50)),
    )
    draft = SaveDraft(business_id=business.pk, rules=Program(rules=rules, confirmation=Confirmation.NEVER))
    publish_program(PublishProgram(business_id=business.pk, program_id=save_draft(draft, now=now)), now=now)
    return {"business_id": business.pk, "keys": keys, "guests": people}


if __name__ == "__main__":
    print(json.dumps(open_cafe(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
