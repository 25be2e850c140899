"""What became of each receipt of Poster, how far comparing them has come, and which webhooks failed."""

import django.db.models.deletion
from django.db import migrations, models

from incust.businesses.schema import tenant_foreign_key, tenant_table


def of_business() -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False,
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="businesses.business",
    )


def of_till_account() -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to="businesses.tillaccount",
    )


def number() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


STATUSES = [(1, "open"), (2, "closed"), (3, "deleted")]
VERDICTS = [
    ("matched", "matched"),
    ("accrued", "posted afterwards"),
    ("corrected", "corrected"),
    ("reversed", "reversed"),
    ("no-guest", "without a guest"),
    ("differs", "differs"),
    ("waiting", "waiting"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("businesses", "0001_initial"),
        ("checks", "0001_initial"),
        ("poster", "0002_webhook_age"),
    ]

    operations = [
        migrations.AddField("webhookevent", "tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
        migrations.AddField(
            "webhookevent", "failed_at", models.DateTimeField(blank=True, null=True, verbose_name="failed")
        ),
        migrations.AddField(
            "webhookevent", "fault", models.JSONField(blank=True, null=True, verbose_name="what went wrong")
        ),
        migrations.AddIndex(
            "webhookevent",
            models.Index(
                condition=models.Q(("processed_at", None)),
                fields=["business", "received_at"],
                name="webhook_event_open",
            ),
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", number()),
                ("business", of_business()),
                ("till_account", of_till_account()),
                ("transaction_id", models.CharField(max_length=40, verbose_name="transaction")),
                ("external_id", models.CharField(blank=True, default="", max_length=40, verbose_name="order")),
                (
                    "location",
                    models.CharField(blank=True, default="", max_length=20, verbose_name="Poster Location ID"),
                ),
                (
                    "register",
                    models.CharField(blank=True, default="", max_length=20, verbose_name="Poster register ID"),
                ),
                ("client_id", models.CharField(blank=True, default="", max_length=20, verbose_name="client in Poster")),
                (
                    "status",
                    models.PositiveSmallIntegerField(choices=STATUSES, default=1, verbose_name="status in Poster"),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                ("total_minor", models.BigIntegerField(default=0, verbose_name="total")),
                ("currency", models.CharField(blank=True, default="", max_length=3, verbose_name="currency")),
                ("check_id", models.BigIntegerField(blank=True, null=True, verbose_name="check")),
                (
                    "verdict",
                    models.CharField(choices=VERDICTS, default="waiting", max_length=10, verbose_name="verdict"),
                ),
                ("why", models.JSONField(default=list, verbose_name="why")),
                ("seen", models.CharField(blank=True, default="", max_length=32)),
                ("looked_at", models.DateTimeField(blank=True, null=True, verbose_name="last looked at")),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                (
                    "failing_since",
                    models.DateTimeField(blank=True, null=True, verbose_name="cannot be looked at since"),
                ),
                ("look_again_at", models.DateTimeField(blank=True, null=True, verbose_name="next try")),
            ],
            options={
                "verbose_name": "receipt",
                "verbose_name_plural": "receipts",
                "db_table": "receipt",
                "indexes": [
                    models.Index(fields=["business", "closed_at"], name="receipt_by_day"),
                    models.Index(
                        fields=["business", "till_account", "look_again_at"],
                        condition=models.Q(("look_again_at__isnull", False)),
                        name="receipt_again",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("business", "till_account", "transaction_id"), name="receipt_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceiptRun",
            fields=[
                ("id", number()),
                ("business", of_business()),
                ("till_account", of_till_account()),
                ("open_from", models.DateField(blank=True, null=True, verbose_name="first day not read to its end")),
                (
                    "open_page",
                    models.PositiveIntegerField(default=1, verbose_name="first page of that day not read"),
                ),
                ("night_of", models.DateField(blank=True, null=True, verbose_name="last night that was compared")),
                ("next_at", models.DateTimeField(blank=True, null=True, verbose_name="next run")),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="last run")),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="failures in a row")),
                ("fault", models.JSONField(blank=True, null=True, verbose_name="what went wrong")),
            ],
            options={
                "verbose_name": "comparison of receipts",
                "verbose_name_plural": "comparisons of receipts",
                "db_table": "receipt_run",
                "constraints": [models.UniqueConstraint(fields=("business", "till_account"), name="receipt_run_once")],
            },
        ),
        tenant_table("receipt", schema="poster"),
        tenant_table("receipt_run", schema="poster"),
        *(
            tenant_foreign_key(
                table,
                "till_account_id",
                schema="poster",
                to="till_account",
                to_schema="businesses",
                on_delete="CASCADE",
            )
            for table in ("receipt", "receipt_run")
        ),
        tenant_foreign_key("receipt", "check_id", schema="poster", to="check", to_schema="checks"),
    ]
