"""Receipts without a closing time are found by day and go in time; what looks found, and which webhooks and receipts belong
to each other, is found again for one receipt."""

from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    dependencies = [("poster", "0005_catalogue")]

    operations = [
        migrations.AddField(
            "receipt",
            "looks",
            models.JSONField(
                db_default=models.Value([], models.JSONField()), default=list, verbose_name="what looks found"
            ),
        ),
        migrations.AddIndex(
            "receipt",
            models.Index(
                models.F("business"), Coalesce("closed_at", "looked_at", "failing_since"), models.F("id"),
                name="receipt_by_moment",
            ),
        ),
        migrations.AddIndex(
            "receipt",
            models.Index(
                fields=["business", "check_id"], condition=models.Q(("check_id__isnull", False)),
                name="receipt_of_check",
            ),
        ),
        migrations.AddIndex(
            "webhookevent",
            models.Index(
                fields=["business", "object_id", "id"], condition=models.Q(("object", "transaction")),
                name="webhook_event_of_receipt",
            ),
        ),
    ]  # fmt: skip
