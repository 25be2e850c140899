"""What the nightly comparison of the ledger found, for the owner."""

import django.db.models.deletion
from django.db import migrations, models

from incust.businesses.schema import tenant_table

# The newest one of each business is asked for by its page, by the job and by the doctor.
NEWEST = "CREATE INDEX verification_newest ON checks.verification (business_id, finished_at DESC);"


class Migration(migrations.Migration):
    dependencies = [("checks", "0004_refunds")]

    operations = [
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField(verbose_name="started")),
                ("finished_at", models.DateTimeField(verbose_name="finished")),
                ("differences", models.PositiveIntegerField(verbose_name="differences")),
                ("examples", models.JSONField(verbose_name="some of them")),
                (
                    "business",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="businesses.business",
                    ),
                ),
            ],
            options={
                "verbose_name": "verification",
                "verbose_name_plural": "verifications",
                "db_table": "verification",
            },
        ),
        tenant_table("verification", schema="checks", app_rights="SELECT, INSERT, DELETE", lookup=True),
        migrations.RunSQL(NEWEST, migrations.RunSQL.noop),
    ]
