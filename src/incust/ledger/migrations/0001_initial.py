"""Tables, guards and rights of the ledger. The SQL beside this file is the migration; Django only learns to read the tables."""

from pathlib import Path

from django.db import migrations, models

TABLES = (Path(__file__).parent / "0001_ledger.sql").read_text()


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("businesses", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(TABLES, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customer_id", models.BigIntegerField(verbose_name="customer")),
                ("unit", models.TextField(verbose_name="unit")),
                ("version", models.BigIntegerField(verbose_name="version")),
                ("balance_minor", models.BigIntegerField(verbose_name="balance")),
                ("held_minor", models.BigIntegerField(verbose_name="held")),
                ("debt_limit_minor", models.BigIntegerField(verbose_name="debt limit")),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
                "db_table": "account",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit", models.TextField(verbose_name="unit")),
                ("system_account", models.TextField(null=True, verbose_name="system account")),
                ("amount_minor", models.BigIntegerField(verbose_name="amount")),
                ("account_version", models.BigIntegerField(null=True, verbose_name="version")),
                ("balance_after_minor", models.BigIntegerField(null=True, verbose_name="balance after")),
            ],
            options={
                "verbose_name": "entry",
                "verbose_name_plural": "entries",
                "db_table": "entry",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cause_kind", models.TextField(verbose_name="kind of its cause")),
                ("cause_id", models.BigIntegerField(verbose_name="number of its cause")),
                ("amount_minor", models.BigIntegerField(verbose_name="amount")),
                ("taken_at", models.DateTimeField(verbose_name="taken")),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("resolution", models.TextField(null=True, verbose_name="resolution")),
                ("resolved_at", models.DateTimeField(null=True, verbose_name="resolved")),
                ("captured_minor", models.BigIntegerField(verbose_name="captured")),
            ],
            options={
                "verbose_name": "hold",
                "verbose_name_plural": "holds",
                "db_table": "hold",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Lot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_version", models.BigIntegerField(verbose_name="version")),
                ("amount_minor", models.BigIntegerField(verbose_name="amount")),
                ("remaining_minor", models.BigIntegerField(verbose_name="remaining")),
                ("expires_on", models.DateField(verbose_name="good until")),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
            ],
            options={
                "verbose_name": "lot",
                "verbose_name_plural": "lots",
                "db_table": "lot",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit", models.TextField(verbose_name="unit")),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("check", "check"),
                            ("refund", "refund"),
                            ("expiry", "expiry"),
                            ("correction", "correction"),
                            ("gift", "gift"),
                            ("referral", "referral"),
                            ("import", "import"),
                        ],
                        verbose_name="kind",
                    ),
                ),
                ("cause_id", models.BigIntegerField(null=True, verbose_name="number of its cause")),
                ("actor", models.TextField(verbose_name="who")),
                ("reason", models.TextField(verbose_name="reason")),
                ("happened_at", models.DateTimeField(verbose_name="happened")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
            ],
            options={
                "verbose_name": "posting",
                "verbose_name_plural": "postings",
                "db_table": "posting",
                "managed": False,
            },
        ),
    ]
