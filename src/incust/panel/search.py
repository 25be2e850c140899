"""What people type into a list's search: a whole number or address is found by its key, at once, among however many."""

from __future__ import annotations

from itertools import chain

from incust.businesses.models import Business, PointOfSale, Terminal, TillAccount
from incust.checks.models import Check
from incust.customers.identifiers import recognise
from incust.customers.models import CustomerIdentifier
from incust.poster.models import Location

BY_KEY = ("phone", "email", "card")


def customers_known_by(typed: str, *, business_id: int) -> list[int]:
    """Numbers of the customers whose phone, email or card it is, written as people write them; whole, not a part."""
    country = Business.objects.values_list("country", flat=True).get(id=business_id)
    found: dict[int, None] = {}
    for candidate in recognise(typed, country=country).candidates:
        if candidate.kind in BY_KEY:
            rows = CustomerIdentifier.objects.filter(
                business_id=business_id, kind=candidate.kind, value=candidate.value
            )
            found |= dict.fromkeys(rows.values_list("customer_id", flat=True))
    return list(found)


def checks_numbered(typed: str, *, business_id: int) -> list[int]:
    """Numbers of the checks whose order or receipt has this number at its till; whole, not a part."""
    number = typed.strip().removeprefix("№").strip()
    if not number:
        return []
    checks = Check.objects.filter(business_id=business_id)
    # Each as one of the keys of a receipt says it, because only so it is found without reading all.
    accounts = list(TillAccount.objects.filter(business_id=business_id).values_list("id", flat=True))
    places = list(PointOfSale.objects.filter(business_id=business_id).values_list("id", flat=True))
    by_key = (
        checks.filter(till_account_id__in=accounts, transaction_id=number).exclude(transaction_id=""),
        checks.filter(till_account_id__in=accounts, spot__in=_spots(business_id), external_id=number),
        checks.filter(till_account_id__isnull=True, point_of_sale_id__in=places, external_id=number),
    )
    return list(dict.fromkeys(chain.from_iterable(rows.values_list("id", flat=True) for rows in by_key)))


def _spots(business_id: int) -> list[str]:
    """Locations at a till that a receipt may name: of terminals as they are, and of Poster as it last told them."""
    of_terminals = Terminal.objects.filter(business_id=business_id).values_list("poster_location_id", flat=True)
    of_poster = Location.objects.filter(business_id=business_id).values_list("external_id", flat=True)
    return sorted({*of_terminals.distinct(), *of_poster.distinct()})
