"""``incust manage rotate_encryption_keys``: after a new key was put in front of ``INCUST_ENCRYPTION_KEYS``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incust.businesses.encryption import SecretUnreadable
from incust.poster.rotate_keys import rotate_encryption_keys


class Command(BaseCommand):
    help = "Write every secret at rest anew under the newest key, so that the older keys can be given up."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            number = rotate_encryption_keys()
        except SecretUnreadable:
            raise CommandError("A secret was written under a key that INCUST_ENCRYPTION_KEYS no longer has.") from None
        self.stdout.write(f"{number} secrets are written under the newest key.")
