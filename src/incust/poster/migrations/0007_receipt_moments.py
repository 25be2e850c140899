"""Receipts without a closing time are found by day and go in time; what looks found, and which webhooks and receipts belong
to each other, is found again for one receipt. Built while webhooks go on; a build that was broken off starts anew."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Coalesce


def without(index: str) -> migrations.RunSQL:
    """A build that was broken off leaves an index that nothing uses, and its name is taken."""
    return migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS poster.{index}", migrations.RunSQL.noop)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("poster", "0005_catalogue")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE poster.receipt ADD COLUMN IF NOT EXISTS looks jsonb DEFAULT '[]' NOT NULL",
            "ALTER TABLE poster.receipt DROP COLUMN looks",
            state_operations=[
                migrations.AddField(
                    "receipt",
                    "looks",
                    models.JSONField(
                        db_default=models.Value([], models.JSONField()), default=list, verbose_name="what looks found"
                    ),
                ),
            ],
        ),
        without("receipt_by_moment"),
        AddIndexConcurrently(
            "receipt",
            models.Index(
                models.F("business"), Coalesce("closed_at", "looked_at", "failing_since"), models.F("id"),
                name="receipt_by_moment",
            ),
        ),
        without("receipt_of_check"),
        AddIndexConcurrently(
            "receipt",
            models.Index(
                fields=["business", "check_id"], condition=models.Q(("check_id__isnull", False)),
                name="receipt_of_check",
            ),
        ),
        without("webhook_event_of_receipt"),
        AddIndexConcurrently(
            "webhookevent",
            models.Index(
                fields=["business", "object_id", "id"], condition=models.Q(("object", "transaction")),
                name="webhook_event_of_receipt",
            ),
        ),
    ]  # fmt: skip
