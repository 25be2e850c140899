"""The holds of one receipt are found, resolved ones too. Built while tills go on; a build that was broken off starts anew."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("ledger", "0005_former_constraints")]

    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS ledger.hold_of_cause", migrations.RunSQL.noop),
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY hold_of_cause ON ledger.hold (business_id, cause_id)",
            "DROP INDEX CONCURRENTLY IF EXISTS ledger.hold_of_cause",
        ),
    ]
