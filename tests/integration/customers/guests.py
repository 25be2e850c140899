"""A business with a register and a key, and guests."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass

from django.utils import timezone

from incust.businesses.create_business import CreateBusiness, create_business
from incust.businesses.models import PointOfSale, Terminal, TerminalKey, User
from incust.businesses.tenancy import in_business
from incust.businesses.terminal_access import Caller
from incust.customers.models import Customer, CustomerIdentifier

_numbers = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Place:
    business_id: int
    terminal_id: int
    key_hash: bytes

    def caller(self, request_id: str = "") -> Caller:
        return Caller(door="key", key_hash=self.key_hash, request_id=request_id or f"request-{next(_numbers)}")


def open_place(name: str = "kava") -> Place:
    number = next(_numbers)
    owner = User.objects.create(username=f"owner-{name}-{number}")
    business = create_business(CreateBusiness(name=f"{name} {number}", owner=owner))
    key_hash = hashlib.sha256(f"{name} {number}".encode()).digest()
    with in_business(business.pk):
        terminal = Terminal.objects.create(
            business=business, name="Bar", point_of_sale=PointOfSale.objects.create(business=business, name="Center")
        )
        TerminalKey.objects.create(business=business, terminal=terminal, key_hash=key_hash, hint="")
    return Place(business_id=business.pk, terminal_id=terminal.pk, key_hash=key_hash)


def make_guest(place: Place, **identifiers: str) -> Customer:
    with in_business(place.business_id):
        customer = Customer.objects.create(
            business_id=place.business_id, name="Olena", status="full", created_at=timezone.now()
        )
        for kind, value in identifiers.items():
            CustomerIdentifier.objects.create(
                business_id=place.business_id, customer=customer, kind=kind, value=value, added_at=timezone.now()
            )
    return customer
