"""A guest's profile changed with us: his clients in Poster are told (`incust.poster.client_fields` says what)."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.utils import timezone

from incust.businesses.models import Business
from incust.businesses.tenancy import in_business
from incust.customers.models import Customer, CustomerIdentifier
from incust.customers.update_profile import CHANGED
from incust.messaging.outbox import Event, TryLater, handles

from .api_client import PosterApi
from .client_fields import form_of_change, is_removed
from .installations import api_of
from .problems import AccountUnknown, NoSuchObject, PhoneRefused, PosterRefused, TokenRefused

PHONE_OF_ANOTHER = 99
UNTIL_CONNECTED = timedelta(hours=1)
"""Between looks whether an account that Poster refuses us has been connected again. Poster is not called for them."""
log = logging.getLogger(__name__)


@handles(CHANGED)
def tell_clients(event: Event) -> None:
    """Each client of the guest, in each account. The outbox tries again while Poster is away; a refusal is logged."""
    business_id, customer_id = event.business_id, int(event.payload["customer_id"])
    with in_business(business_id):
        customer = Customer.objects.filter(id=customer_id).first()
        identifiers = list(CustomerIdentifier.objects.filter(customer_id=customer_id).order_by("-id"))
        country = Business.objects.values_list("country", flat=True).get(id=business_id)
    if customer is None:
        return
    first = {row.kind: row.value for row in identifiers}
    guest = {
        "name": customer.name, "birthday": customer.birthday, "gender": customer.gender,
        **{kind: first.get(kind, "") for kind in ("phone", "email", "card")},
    }  # fmt: skip
    for row in identifiers:
        if row.kind == CustomerIdentifier.Kind.POSTER_CLIENT:
            account_id, _slash, client_id = row.value.partition("/")
            _tell(business_id, int(account_id), client_id, guest, event.payload["fields"], country)


def _tell(
    business_id: int, account_id: int, client_id: str, guest: dict[str, Any], changed: list[str], country: str
) -> None:
    try:
        with api_of(business_id, account_id) as api:
            row = api.get("clients.getClient", client_id=client_id)[0]
            form = form_of_change(guest, row, changed, country=country)
            if form and not is_removed(row):
                _update(api, {"client_id": client_id, **form})
    except (AccountUnknown, NoSuchObject):
        return  # disconnected or removed meanwhile: there is nobody to tell
    except TokenRefused as refused:
        raise TryLater(refused.code, at=timezone.now() + UNTIL_CONNECTED) from None
    except PosterRefused as problem:
        log.warning("client %s was not told: %s %s", client_id, problem.code, problem.poster_code)


def _update(api: PosterApi, form: dict[str, str]) -> None:
    try:
        api.post("clients.updateClient", form)
    except PosterRefused as problem:
        # A phone is unique in Poster, and its idea of a valid one is its own: the rest is told without it.
        if "phone" not in form or not (isinstance(problem, PhoneRefused) or problem.poster_code == PHONE_OF_ANOTHER):
            raise
        api.post("clients.updateClient", {name: value for name, value in form.items() if name != "phone"})
