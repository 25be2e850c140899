"""Compare a business's ledger and keep what was found, so that its owner sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from incust.businesses.tenancy import in_business

from .models import Verification
from .verify import Progress, verify_business
from .verify_faults import Difference

EXAMPLES_MAX = 20
KEPT_FOR = timedelta(days=90)


def verify_and_record(business_id: int, *, tell: Callable[[Progress], None] | None = None) -> list[Difference]:
    """As `verify_business`; its result is kept for `KEPT_FOR`, the newest one for the owner's first page."""
    started_at = timezone.now()
    differences = verify_business(business_id, tell=tell)
    finished_at = timezone.now()
    with in_business(business_id):
        Verification.objects.create(
            business_id=business_id, started_at=started_at, finished_at=finished_at, differences=len(differences),
            examples=[
                {"fault": each.fault, "subject": each.subject, "expected": each.expected, "found": each.found}
                for each in differences[:EXAMPLES_MAX]
            ],
        )  # fmt: skip
        Verification.objects.filter(business_id=business_id, finished_at__lt=finished_at - KEPT_FOR).delete()
    return differences


def examples_of(verification: Verification, currency: str) -> list[Difference]:
    """The differences again, for people to read."""
    return [
        Difference(business_id=verification.business_id, currency=currency, **example)
        for example in verification.examples
    ]


def businesses_to_verify(*, older_than: timedelta) -> list[int]:
    """Businesses that were last compared so long ago, or never."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT checks.businesses_to_verify(%s)", [timezone.now() - older_than])
        return [business_id for (business_id,) in cursor.fetchall()]
