"""The holds of one receipt are found, resolved ones too."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_former_constraints")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX hold_of_cause ON ledger.hold (business_id, cause_id)", "DROP INDEX ledger.hold_of_cause"
        ),
    ]
