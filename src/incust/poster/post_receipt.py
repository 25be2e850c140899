"""A paid receipt that no register has reported is posted as its register would have."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from incust.businesses.tenancy import in_business
from incust.businesses.terminal_access import Caller
from incust.checks.cancel import CancelCheck, cancel_check
from incust.checks.finalize import FinalizeCheck, FinalizedCheck, SalespersonAtTill, finalize_check
from incust.customers.identify import Identify, PosterClient, identify_customer
from incust.customers.models import Customer
from incust.customers.problems import CustomerUnknown
from incust.engine.check import content_hash

from .api_client import PosterApi
from .books_of_receipt import Books, is_reserved, reserved_minor_of
from .problems import NoSuchObject
from .receipt_of_transaction import map_receipt
from .receipt_words import Reason, reason
from .transaction import Transaction, read_line_facts


@dataclass(frozen=True, kw_only=True)
class _Guest:
    customer_id: int
    identification_id: int | None


def post_receipt(
    business_id: int, transaction: Transaction, books: Books, api: PosterApi, *, now: datetime
) -> FinalizedCheck | Reason:
    """Finalize it, as the caller of its register, under the keys that the register uses; else why nobody earns by it.

    So a report of the register that comes later meets the same check and gets the same answer. Raises `CheckInvalid`,
    what `finalize_check` raises, and what the API client raises.
    """
    assert books.terminal is not None, "somebody has to be the caller"
    mapped = map_receipt(
        transaction, read_line_facts(api, transaction), currency=books.terminal.currency,
        reserved_minor=reserved_minor_of(books.check),
    )  # fmt: skip
    guest = _guest_of(transaction, books, api, redeemed_minor=mapped.redeemed_minor, now=now)
    if guest is None:
        return reason("client-unknown")
    if guest.customer_id != _customer_of_hold(books) and _joined_later(business_id, guest.customer_id, transaction):
        return reason("guest-later")
    what = f"{content_hash(mapped.check)} {guest.customer_id} {mapped.redeemed_minor} {mapped.closed_without_payment}"
    return finalize_check(
        FinalizeCheck(
            caller=caller_of(transaction, books, f"post {what}"), check=mapped.check, customer_id=guest.customer_id,
            # Each look recognises him anew; a repeat must be the same request, and the check keeps the first anyway.
            identification_id=guest.identification_id,
            check_id=books.check.id if books.check is not None and is_reserved(books.check) else None,
            redeemed_minor=mapped.redeemed_minor, payment=mapped.payment,
            closed_without_payment=mapped.closed_without_payment, closed_at=transaction.closed_at or now,
            salesperson=SalespersonAtTill(external_id=transaction.user_id, name=transaction.user_name),
        ),
        now=now,
    )  # fmt: skip


def cancel_reservation(transaction: Transaction, books: Books, *, now: datetime) -> None:
    """The receipt will never be paid: what it holds is free. Raises `CheckFinalized`, `Busy`, the doors' errors."""
    assert books.check is not None, "there is something to cancel"
    caller = caller_of(transaction, books, f"cancel {books.check.id}")
    cancel_check(CancelCheck(caller=caller, check_id=books.check.id), now=now)


def caller_of(transaction: Transaction, books: Books, what: str) -> Caller:
    """The receipt's own register. The request's key is alike for alike requests, in whatever process."""
    digest = hashlib.sha256(f"{books.account.name}\0{transaction.transaction_id}\0{what}".encode()).hexdigest()
    return Caller(
        door="poster", account=books.account.name, spot=transaction.location, tablet=transaction.register,
        application=books.account.application_id, request_id=f"receipt-{digest[:40]}",
    )  # fmt: skip


def _customer_of_hold(books: Books) -> int | None:
    return books.check.customer_id if books.check is not None and is_reserved(books.check) else None


def _joined_later(business_id: int, customer_id: int, transaction: Transaction) -> bool:
    with in_business(business_id):
        joined_at = Customer.objects.values_list("created_at", flat=True).get(id=customer_id)
    return transaction.closed_at is not None and transaction.closed_at < joined_at


def _guest_of(
    transaction: Transaction, books: Books, api: PosterApi, *, redeemed_minor: int, now: datetime
) -> _Guest | None:
    """Whose bonuses paid for it; else whom Poster's client leads to; else who had reserved something for it."""
    check = books.check
    reserved = (
        _Guest(customer_id=check.customer_id, identification_id=check.identification_id)
        if check is not None and is_reserved(check)
        else None
    )
    if reserved is not None and redeemed_minor > 0:
        return reserved
    if transaction.client_id:
        found = books.linked_customer or _recognised(transaction, books, api, now=now)
        if found is not None:
            return _Guest(customer_id=found, identification_id=None)
    return reserved


def _recognised(transaction: Transaction, books: Books, api: PosterApi, *, now: datetime) -> int | None:
    """By the phone of Poster's client, who is linked with it. Not by his card: wrong cards are counted as guesses."""
    phone = _phone_of_client(api, transaction.client_id)
    if not phone:
        return None
    # Without a request id: this is no till's request, which may be answered once only.
    caller = replace(caller_of(transaction, books, ""), request_id="")
    client = PosterClient(client_id=int(transaction.client_id), phone=phone)
    try:
        answer = identify_customer(Identify(caller=caller, poster_client=client), now=now)
    except CustomerUnknown:
        return None
    return int(answer["customer"]["id"])


def _phone_of_client(api: PosterApi, client_id: str) -> str:
    try:
        answer = api.get("clients.getClient", client_id=client_id)
    except NoSuchObject:
        return ""
    row = answer[0] if isinstance(answer, list) and answer else answer
    if not isinstance(row, Mapping):
        return ""
    return str(row.get("phone_number") or row.get("phone") or "")
