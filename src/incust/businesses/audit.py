"""Who changed what in the settings. Written in the transaction of the change, so that neither is without the other."""

from __future__ import annotations

from typing import Any

from .models import AuditEntry, User

SUBJECT_LENGTH_MAX = 200


def record_change(
    *, business_id: int, user: User | None, action: str, subject: str, changes: dict[str, Any] | None = None
) -> None:
    """Add an entry to the audit log. Call it inside ``in_business``.

    ``action`` is a stable word such as ``terminal.changed``; ``changes`` maps a field to ``[before, after]``. Secrets
    and personal data of guests have no place in it.
    """
    AuditEntry.objects.create(
        business_id=business_id, user=user, action=action, subject=subject[:SUBJECT_LENGTH_MAX], changes=changes or {}
    )
