"""How often an event could not be handled, apart from how often it was put off."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """ALTER TABLE messaging.outbox ADD COLUMN failures integer NOT NULL DEFAULT 0;
            GRANT UPDATE (failures) ON messaging.outbox TO incust_app;""",
            migrations.RunSQL.noop,
        ),
    ]
