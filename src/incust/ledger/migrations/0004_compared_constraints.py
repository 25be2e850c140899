"""Rows of before meet the ledger's constraints in fewer words."""

from pathlib import Path

from django.db import migrations

COMPARED = (Path(__file__).parent / "0004_compared_constraints.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_shorter_constraints")]

    operations = [migrations.RunSQL(COMPARED, migrations.RunSQL.noop)]
