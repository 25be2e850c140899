"""Numbers of corrections: their causes, so that a form that is sent twice corrects once."""

from django.db import migrations

NUMBERS = """
CREATE SEQUENCE ledger.correction_number;
GRANT USAGE ON SEQUENCE ledger.correction_number TO incust_app;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunSQL(NUMBERS, migrations.RunSQL.noop)]
