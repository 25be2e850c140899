"""People of a business, signed in."""

from __future__ import annotations

from django.test import Client
from tests.integration.poster.connecting import make_business

from incust.businesses.models import Business, Membership, PointOfSale, Terminal, User
from incust.businesses.tenancy import in_business

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Person:
    """A signed-in browser in one business; addresses are below the business's prefix."""

    def __init__(self, user: User, business: Business) -> None:
        self.user, self.business = user, business
        self.client = Client()
        self.client.force_login(user, backend=BACKEND)

    def get(self, path: str = "", business: Business | None = None):
        return self.client.get(f"/b/{(business or self.business).slug}/{path}")

    def post(self, path: str, fields: dict[str, object] | None = None, business: Business | None = None):
        return self.client.post(f"/b/{(business or self.business).slug}/{path}", fields or {})


def owner_of(name: str = "Kava", email: str = "owner@kava.example") -> Person:
    business, owner = make_business(name, email=email)
    return Person(owner, business)


def colleague(of: Person, role: str, email: str = "colleague@kava.example") -> Person:
    user = User.objects.create(username=email, email=email)
    with in_business(of.business.id):
        Membership.objects.create(business=of.business, user=user, role=role)
    return Person(user, of.business)


def make_terminal(business: Business, name: str = "Bar") -> Terminal:
    with in_business(business.id):
        place = PointOfSale.objects.create(business=business, name="Center")
        return Terminal.objects.create(business=business, name=name, point_of_sale=place)
