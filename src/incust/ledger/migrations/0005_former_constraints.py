"""The ledger's constraints of before go."""

from pathlib import Path

from django.db import migrations

FORMER = (Path(__file__).parent / "0005_former_constraints.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_compared_constraints")]

    operations = [migrations.RunSQL(FORMER, migrations.RunSQL.noop)]
