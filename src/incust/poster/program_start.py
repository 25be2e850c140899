"""From when on receipts of a Poster account are the program's. All functions run inside ``in_business``."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min

from incust.businesses.models import AuditEntry, TillAccount
from incust.programs.models import ProgramVersion

from .connect_account import CONNECTED


def program_began_at(account: TillAccount) -> datetime | None:
    """When the account was first connected and a program was published, too; None where no program ever was.

    A connection anew does not move it: of the first one, only the log of changes knows still.
    """
    published_at = ProgramVersion.objects.aggregate(first=Min("published_at"))["first"]
    connections = AuditEntry.objects.filter(action=CONNECTED, subject=account.name)
    connected_at = connections.aggregate(first=Min("happened_at"))["first"]
    if published_at is None:
        return None
    return max(published_at, connected_at or published_at)
