"""Tables, guards and rights of checks. The SQL beside this file is the migration; Django only learns to read the tables."""

from pathlib import Path

from django.db import migrations, models

TABLES = (Path(__file__).parent / "0001_checks.sql").read_text()


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("businesses", "0001_initial"),
        ("customers", "0001_initial"),
        ("ledger", "0001_initial"),
        ("programs", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(TABLES, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Check",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("till_account_id", models.BigIntegerField(null=True, verbose_name="till account")),
                ("spot", models.TextField(null=True, verbose_name="location at the till")),
                ("external_id", models.TextField(verbose_name="order")),
                ("transaction_id", models.TextField(verbose_name="transaction")),
                (
                    "status",
                    models.TextField(
                        choices=[
                            ("reserved", "reserved"),
                            ("expired", "reservation expired"),
                            ("cancelled", "cancelled"),
                            ("finalized", "finalized"),
                            ("released", "closed without payment"),
                        ],
                        verbose_name="status",
                    ),
                ),
                ("customer_id", models.BigIntegerField(verbose_name="customer")),
                ("identification_id", models.BigIntegerField(null=True, verbose_name="identification")),
                ("currency", models.TextField(verbose_name="currency")),
                ("total_minor", models.BigIntegerField(verbose_name="total")),
                ("service_minor", models.BigIntegerField(verbose_name="service charge")),
                ("content_hash", models.TextField(verbose_name="hash of its content")),
                ("program_version_id", models.BigIntegerField(null=True, verbose_name="program version")),
                ("evaluated_at", models.DateTimeField(null=True, verbose_name="evaluated")),
                ("outcome", models.JSONField(verbose_name="outcome")),
                ("redeem_minor", models.BigIntegerField(verbose_name="redeemed")),
                ("earned_minor", models.BigIntegerField(verbose_name="earned")),
                ("unbacked_minor", models.BigIntegerField(verbose_name="not covered by the balance")),
                ("confirmed_minor", models.BigIntegerField(verbose_name="confirmed")),
                ("hold_id", models.BigIntegerField(null=True, verbose_name="hold")),
                ("hold_expires_at", models.DateTimeField(null=True, verbose_name="hold expires")),
                ("fingerprint", models.TextField(null=True, verbose_name="fingerprint")),
                ("answer", models.JSONField(null=True, verbose_name="answer")),
                ("payment", models.JSONField(null=True, verbose_name="payment")),
                ("salesperson_external_id", models.TextField(verbose_name="salesperson's number at the till")),
                ("salesperson_name", models.TextField(verbose_name="salesperson")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                ("reserved_at", models.DateTimeField(null=True, verbose_name="reserved at")),
                ("finalized_at", models.DateTimeField(null=True, verbose_name="finalized at")),
            ],
            options={
                "verbose_name": "check",
                "verbose_name_plural": "checks",
                "db_table": "check",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="CheckLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line_id", models.TextField(verbose_name="line")),
                ("product_id", models.TextField(verbose_name="product")),
                ("modification_id", models.TextField(verbose_name="modification")),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=12, verbose_name="quantity")),
                ("amount_minor", models.BigIntegerField(verbose_name="amount")),
                ("discountable", models.BooleanField(verbose_name="takes part")),
                ("promotion", models.BooleanField(verbose_name="under a promotion")),
                ("redeemed_minor", models.BigIntegerField(verbose_name="redeemed")),
                ("earned_minor", models.BigIntegerField(verbose_name="earned")),
                ("returned_quantity", models.DecimalField(decimal_places=3, max_digits=12, verbose_name="returned")),
            ],
            options={
                "verbose_name": "check line",
                "verbose_name_plural": "check lines",
                "db_table": "check_line",
                "managed": False,
            },
        ),
    ]
