"""Customers as tills and messages see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from incust.businesses.tenancy import in_business

from .at_terminal import CallingTerminal
from .json_call import json_call
from .models import Customer, CustomerIdentifier
from .problems import CustomerUnknown

REACHED_BY = ("email", "phone", "telegram")


def profile_at(terminal: CallingTerminal, customer_id: int, *, now: datetime) -> dict[str, Any]:
    """``Customer`` of docs/terminal-api.md. Inside the terminal's transaction. Raises `CustomerUnknown`."""
    profile: dict[str, Any] | None = json_call(
        "customers.profile",
        [terminal.business_id, customer_id, terminal.till_account_id, terminal.currency, now],
    )
    if profile is None:
        raise CustomerUnknown
    return profile


def note_identification(terminal: CallingTerminal, customer_id: int, *, kind: str, now: datetime) -> dict[str, Any]:
    """Write down that the terminal recognised the customer; answers as ``identify`` does."""
    answer: dict[str, Any] = json_call(
        "customers.note_identification",
        [
            terminal.business_id, customer_id, terminal.terminal_id, terminal.till_account_id, terminal.currency,
            kind, now,
        ],
    )  # fmt: skip
    return answer


def locked_customer(business_id: int, customer_id: int) -> Customer:
    """The customer's row, locked: changes of one profile come one after the other. Raises `CustomerUnknown`."""
    customer = Customer.objects.select_for_update(no_key=True).filter(business_id=business_id, pk=customer_id).first()
    if customer is None:
        raise CustomerUnknown
    return customer


def contacts_of(business_id: int, customer_id: int) -> dict[str, str]:
    """The first address of each kind that a message can go to. Empty for a customer who is gone."""
    with in_business(business_id):
        rows = CustomerIdentifier.objects.filter(
            business_id=business_id, customer_id=customer_id, kind__in=REACHED_BY
        ).order_by("-id")
        return {row.kind: row.value for row in rows}
