"""Where a signed-in person sits: the business of the address, and his role in it."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import connection
from django.http import HttpRequest

from incust.businesses.models import Business, Membership, User
from incust.businesses.tenancy import in_business


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One membership. Owners and managers edit, salespeople read; owners alone decide who else may come in."""

    business_id: int
    slug: str
    business_name: str
    role: str

    @property
    def may_edit(self) -> bool:
        return self.role in (Membership.Role.OWNER, Membership.Role.MANAGER)

    @property
    def is_owner(self) -> bool:
        return self.role == Membership.Role.OWNER

    @property
    def address(self) -> str:
        """Where this business's panel begins, from the root of the site."""
        return f"/b/{self.slug}/"


def seats_of(user: User) -> tuple[Seat, ...]:
    """All memberships of the person, by the name of the business."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT business_id, slug, name, role FROM businesses.memberships_of(%s)", [user.pk])
        return tuple(
            Seat(business_id=row[0], slug=row[1], business_name=row[2], role=row[3]) for row in cursor.fetchall()
        )


def time_zone_of(seat: Seat) -> ZoneInfo:
    """The business's own clock, by which its panel shows times."""
    with in_business(seat.business_id):
        return ZoneInfo(Business.objects.values_list("time_zone", flat=True).get(id=seat.business_id))


def seat_of(request: HttpRequest) -> Seat:
    """The seat that the middleware found. Only for requests below ``/b/<slug>/``."""
    seat: Seat = request.seat  # type: ignore[attr-defined]
    return seat


def user_of(request: HttpRequest) -> User:
    """The signed-in person of a panel request."""
    assert isinstance(request.user, User), "the middleware lets nobody else in"
    return request.user
