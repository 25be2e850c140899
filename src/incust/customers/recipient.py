"""Where messages to a customer go. Messaging stands below this room, so it is told whom to ask."""

from __future__ import annotations

from incust.messaging.recipients import Recipient

from .models import Customer
from .profiles import contacts_of


def recipient_of(business_id: int, customer_id: int) -> Recipient:
    """The customer's contacts and language, inside the transaction of his business; empty for one who is gone."""
    language = (
        Customer.objects.filter(business_id=business_id, pk=customer_id).values_list("language", flat=True).first()
    )
    return Recipient(contacts=contacts_of(business_id, customer_id), language=language or "")
