"""Who works on a receipt just now. A lease in the table, because Poster is asked meanwhile, outside of transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from incust.businesses.problems import Problem
from incust.businesses.tenancy import in_business

CLAIMED_FOR = timedelta(seconds=60)
"""Longer than a look takes. Who was killed in the middle keeps the receipt from others for so long."""

CLAIM = """
INSERT INTO poster.receipt AS r (business_id, till_account_id, transaction_id, external_id, location, register,
    client_id, status, total_minor, currency, verdict, why, seen, claimed_until)
  VALUES (%(business)s, %(account)s, %(transaction)s, '', '', '', '', 1, 0, '', 'waiting', '[]', '',
    clock_timestamp() + %(lease)s)
  ON CONFLICT (business_id, till_account_id, transaction_id) DO UPDATE SET claimed_until = excluded.claimed_until
    WHERE r.claimed_until IS NULL OR r.claimed_until < clock_timestamp()
  RETURNING id
"""


class ReceiptClaimed(Problem):
    """Somebody else looks at this receipt just now."""

    code = "receipt-claimed"
    status = 409
    sentence = _("This receipt is being looked at already.")


@contextmanager
def claimed_receipt(business_id: int, account_id: int, transaction_id: str) -> Iterator[int]:
    """The number of its row, made where there was none; nobody else gets it meanwhile. Raises `ReceiptClaimed`."""
    with in_business(business_id), connection.cursor() as cursor:
        cursor.execute(
            CLAIM,
            {"business": business_id, "account": account_id, "transaction": transaction_id, "lease": CLAIMED_FOR},
        )
        row = cursor.fetchone()
    if row is None:
        raise ReceiptClaimed
    try:
        yield row[0]
    finally:
        with in_business(business_id), connection.cursor() as cursor:
            cursor.execute("UPDATE poster.receipt SET claimed_until = NULL WHERE id = %s", [row[0]])
