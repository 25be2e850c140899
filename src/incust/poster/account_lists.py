"""Locations, registers and staff of an account, as we keep them. All functions run inside ``in_business``."""

from __future__ import annotations

from incust.businesses.models import PointOfSale, Salesperson, Terminal, TillAccount

from .models import Location, Register
from .read_account import AccountFacts, Spot


def store_lists(account: TillAccount, facts: AccountFacts) -> None:
    """Make the kept lists equal to Poster's. Points of sale are added for new locations, never renamed or removed."""
    for spot in facts.spots:
        _store_location(account, spot)
    for tablet in facts.tablets:
        Register.objects.update_or_create(
            business_id=account.business_id, till_account=account, external_id=tablet.id,
            defaults={"name": tablet.name, "location_external_id": tablet.spot_id},
        )  # fmt: skip
    Location.objects.filter(till_account=account).exclude(external_id__in=[s.id for s in facts.spots]).delete()
    Register.objects.filter(till_account=account).exclude(external_id__in=[t.id for t in facts.tablets]).delete()
    for employee in facts.employees:
        Salesperson.objects.update_or_create(
            business_id=account.business_id, terminal_system="poster", external_id=employee.id,
            defaults={"name": employee.name},
        )  # fmt: skip


def create_first_terminals(account: TillAccount, facts: AccountFacts) -> None:
    """A business without terminals gets one for each register, not linked yet: linking is the owner's step."""
    if Terminal.objects.exists():
        return
    places = {
        location.external_id: location.point_of_sale_id for location in Location.objects.filter(till_account=account)
    }
    for tablet in facts.tablets:
        place = places.get(tablet.spot_id)
        if place is not None:
            Terminal.objects.create(
                business_id=account.business_id, name=tablet.name, point_of_sale_id=place, currency=facts.currency,
                language=facts.language,
            )  # fmt: skip


def _store_location(account: TillAccount, spot: Spot) -> None:
    location, _created = Location.objects.update_or_create(
        business_id=account.business_id, till_account=account, external_id=spot.id,
        defaults={"name": spot.name, "address": spot.address},
    )  # fmt: skip
    if location.point_of_sale_id is None:
        location.point_of_sale = _point_of_sale_for(account.business_id, spot)
        location.save(update_fields=["point_of_sale"])


def _point_of_sale_for(business_id: int, spot: Spot) -> PointOfSale:
    """One of the same name that no location has yet (made by hand before the connection), else a new one."""
    taken = Location.objects.exclude(point_of_sale=None).values_list("point_of_sale_id", flat=True)
    made_before = PointOfSale.objects.filter(name=spot.name).exclude(id__in=list(taken)).order_by("id").first()
    return made_before or PointOfSale.objects.create(business_id=business_id, name=spot.name, address=spot.address)
