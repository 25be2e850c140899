"""A new tenant with its owner."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.utils.text import slugify

from .models import Business, Membership, User
from .tenancy import in_business

SLUG_LENGTH_MAX = 50


@dataclass(frozen=True, kw_only=True)
class CreateBusiness:
    name: str
    owner: User
    slug: str = ""
    country: str = "UA"
    currency: str = "UAH"
    time_zone: str = "Europe/Kyiv"
    language: str = "en"


def create_business(request: CreateBusiness) -> Business:
    """Create the business and make ``owner`` its owner. The slug is made from the name where none is wished."""
    with connection.cursor() as cursor:
        # The number comes first, because the row must already belong to the transaction's business.
        cursor.execute("SELECT nextval(pg_get_serial_sequence('businesses.business', 'id'))")
        number = cursor.fetchone()[0]
    slug = request.slug or _free_slug(request.name, number)
    with in_business(number):
        business = Business.objects.create(
            id=number, name=request.name, slug=slug, country=request.country, currency=request.currency,
            time_zone=request.time_zone, language=request.language,
        )  # fmt: skip
        Membership.objects.create(business=business, user=request.owner, role=Membership.Role.OWNER)
    return business


def _free_slug(name: str, number: int) -> str:
    base = slugify(name)[:SLUG_LENGTH_MAX] or "business"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM businesses.business_by_slug(%s)", [base])
        taken = cursor.fetchone() is not None
    return f"{base}-{number}" if taken else base
